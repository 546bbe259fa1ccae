// Sends the same message many times into a sink. One process serves all rounds, as a server would: each line
// "<mode> <sessions> <messages>" on standard input gives a line "messages seconds cpu-seconds".
// Usage: <port> <message file>; see the run script beside it.
using System.Diagnostics;
using System.Net.Mail;
using System.Text;
using Overture.Mail;

var port = int.Parse(args[0]);
var message = await File.ReadAllBytesAsync(args[1]);
var envelope =
    new SmtpEnvelope(EmailAddress.Parse("me@example.com"), [EmailAddress.Parse("you@example.com")]);
while (await Console.In.ReadLineAsync() is { } line)
{
    var words = line.Split(' ');
    var (mode, sessions, count) = (words[0], int.Parse(words[1]), int.Parse(words[2]));
    using var self = Process.GetCurrentProcess();
    var before = self.TotalProcessorTime;
    var watch = Stopwatch.StartNew();
    await Run(mode, sessions, count);
    var seconds = watch.Elapsed.TotalSeconds;
    self.Refresh();
    Console.WriteLine($"{count} {seconds:F4} {(self.TotalProcessorTime - before).TotalSeconds:F4}");
}

return 0;

Task Run(string mode, int sessions, int messages) => Task.WhenAll(Enumerable.Range(0, sessions).Select(i =>
{
    var share = (messages / sessions) + (i < messages % sessions ? 1 : 0);
    return mode == "system-net-mail" ? SendByPeer(share) : Send(mode == "reused", share);
}));

async Task Send(bool bodyWithDot, int share)
{
    var options = new SmtpOptions
    {
        Host = "127.0.0.1", Port = port, Security = SmtpSecurity.None, SendBodyWithDot = bodyWithDot,
    };
    var connection = await SmtpSession.Connect(options, CancellationToken.None);
    await using var session = connection.Session
        ?? throw new InvalidOperationException(connection.Fault!.Sentence);
    var held = await session.Prepare(envelope, message, CancellationToken.None);
    for (var i = 1; i < share; i++)
    {
        await Commit();
        var (outcome, next) = await held.FinishAndPrepare(
            envelope, message, CancellationToken.None, CancellationToken.None);
        Check(outcome);
        held = await next;
    }

    Check(await held.Finish(CancellationToken.None));
}

// Where the product commits its row; here it costs nothing.
static ValueTask Commit() => default;

static void Check(SendOutcome outcome)
{
    if (outcome is not SendOutcome.Accepted) throw new InvalidOperationException($"not accepted: {outcome}");
}

async Task SendByPeer(int share)
{
    var text = Encoding.ASCII.GetString(message);
    var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    using var client = new SmtpClient("127.0.0.1", port);
    for (var i = 0; i < share; i++)
    {
        using var mail =
            new MailMessage("me@example.com", "you@example.com", "A question about your fleet", body);
        await client.SendMailAsync(mail);
    }
}
