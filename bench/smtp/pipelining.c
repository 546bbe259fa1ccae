/* The limit: raw sockets, a thread a session, no checks beyond the replies' first digits.
   pipelining <port> <sessions> <messages> <message file>
   One write carries the body, its dot and the next message's MAIL, RCPT and DATA; one read takes the four
   replies. The message must be CRLF-ended and free of lines that begin with a dot.
   Prints "messages seconds cpu-seconds". */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

static const char opening[] = "MAIL FROM:<me@example.com>\r\nRCPT TO:<you@example.com>\r\nDATA\r\n";
static char whole[1 << 20];
static size_t body, all;
static int port;

static void fail(const char *what) { perror(what); exit(1); }

static void say(int to, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t done = write(to, text, length);
        if (done <= 0) fail("write");
        text += done;
        length -= done;
    }
}

/* Reads until that many final reply lines have come; a line is final when no hyphen follows its code. */
static void hear(int from, int replies)
{
    static __thread char line[4096], input[4096];
    static __thread size_t at, start, end;
    while (replies > 0) {
        if (start == end) {
            ssize_t count = read(from, input, sizeof input);
            if (count <= 0) fail("read");
            start = 0;
            end = count;
        }
        if ((line[at++] = input[start++]) != '\n') continue;
        if (line[0] != '2' && line[0] != '3') { fwrite(line, 1, at, stderr); exit(1); }
        if (line[3] != '-') replies--;
        at = 0;
    }
}

static void *session(void *count)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, peer = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(peer, (struct sockaddr *)&address, sizeof address)) fail("connect");
    hear(peer, 1);
    say(peer, "EHLO client.example\r\n", 21);
    hear(peer, 1);
    say(peer, opening, sizeof opening - 1);
    hear(peer, 3);
    for (long left = (long)count; left > 0; left--) {
        say(peer, whole, left > 1 ? all : body);
        hear(peer, left > 1 ? 4 : 1);
    }
    say(peer, "QUIT\r\n", 6);
    close(peer);
    return NULL;
}

static double cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    struct timeval user = used.ru_utime, system = used.ru_stime;
    return user.tv_sec + system.tv_sec + (user.tv_usec + system.tv_usec) / 1e6;
}

int main(int count, char **word)
{
    if (count != 5) return 2;
    port = atoi(word[1]);
    long sessions = atol(word[2]), messages = atol(word[3]);
    FILE *file = fopen(word[4], "rb");
    if (!file) fail(word[4]);
    body = fread(whole, 1, sizeof whole - sizeof opening - 3, file);
    memcpy(whole + body, ".\r\n", 3);
    body += 3;
    memcpy(whole + body, opening, sizeof opening - 1);
    all = body + sizeof opening - 1;
    pthread_t threads[sessions];
    struct timeval start, end;
    gettimeofday(&start, NULL);
    for (long i = 0; i < sessions; i++)
        pthread_create(&threads[i], NULL, session, (void *)(messages / sessions + (i < messages % sessions)));
    for (long i = 0; i < sessions; i++) pthread_join(threads[i], NULL);
    gettimeofday(&end, NULL);
    double seconds = end.tv_sec - start.tv_sec + (end.tv_usec - start.tv_usec) / 1e6;
    printf("%ld %.4f %.4f\n", messages, seconds, cpu());
    return 0;
}
