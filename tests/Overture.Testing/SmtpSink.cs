using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Overture.Mail;

namespace Overture.Testing;

/// <summary>
/// An SMTP server over real loopback sockets that keeps every message it takes responsibility for, byte for
/// byte, and misbehaves on demand. It is the outside checker: what it holds is what was sent.
/// <code>
/// await using var sink = SmtpSink.Start(new() { StartTls = true, Fault = SmtpSinkFault.At(SmtpStage.Dot,
/// ...) }); var options = new SmtpOptions { Host = "localhost", Port = sink.Port, TrustedAuthorities =
/// SmtpSink.Authorities };
/// </code>
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    const int BacklogWhenSilent = 0;
    const int Backlog = 512;

    // Enough unanswered connections to fill a backlog of zero, after which the kernel answers nobody.
    const int Fillers = 4;

    readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentQueue<SmtpSinkMessage> messages = new();
    readonly ConcurrentQueue<string> commands = new();
    readonly ConcurrentDictionary<Task, byte> conversations = new();
    readonly SemaphoreSlim arrived = new(0);
    readonly List<Socket> fillers = [];
    readonly Task accepting = Task.CompletedTask;
    int connectionCount;

    SmtpSink(SmtpSinkOptions options)
    {
        Options = options;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        switch (options.Fault(new SmtpSinkMoment(SmtpStage.Connect, 1, 0, "")))
        {
            case SmtpSinkBehaviour.Reset:
                // Bound but not listening: the kernel refuses.
                break;
            case SmtpSinkBehaviour.Timeout:
                listener.Listen(BacklogWhenSilent);
                FillBacklog();
                break;
            default:
                listener.Listen(Backlog);
                accepting = Accept();
                break;
        }
    }

    /// <summary>The private authority that signed every sink's certificate.</summary>
    public static X509Certificate2Collection Authorities => SmtpSinkCertificates.Authorities;

    /// <summary>The port on 127.0.0.1; the certificate is for "localhost".</summary>
    public int Port { get; }

    /// <summary>How this sink behaves.</summary>
    public SmtpSinkOptions Options { get; }

    /// <summary>The messages the sink has taken responsibility for, in order of their dots.</summary>
    public IReadOnlyList<SmtpSinkMessage> Messages => [.. messages];

    /// <summary>Every command line received, in order, AUTH payloads included.</summary>
    public IReadOnlyList<string> Commands => [.. commands];

    /// <summary>Connections accepted so far.</summary>
    public int ConnectionCount => Volatile.Read(ref connectionCount);

    /// <summary>Starts a sink on a free loopback port.</summary>
    public static SmtpSink Start(SmtpSinkOptions? options = null) => new(options ?? new SmtpSinkOptions());

    /// <summary>Options for a session to this sink, trusting its authority.</summary>
    public SmtpOptions ClientOptions() => new()
    {
        Host = "localhost",
        Port = Port,
        Security = Options.ImplicitTls ? SmtpSecurity.ImplicitTls
            : Options.StartTls ? SmtpSecurity.StartTls : SmtpSecurity.None,
        TrustedAuthorities = Authorities,
        AllowCredentialsWithoutTls = true,
    };

    /// <summary>Waits for the next message not yet waited for.</summary>
    public Task NextMessage(CancellationToken cancellation) => arrived.WaitAsync(cancellation);

    /// <summary>Cuts all conversations.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        foreach (var filler in fillers) filler.Dispose();
        await accepting;
        await Task.WhenAll(conversations.Keys);
        stop.Dispose();
        arrived.Dispose();
    }

    internal void Keep(SmtpSinkMessage message)
    {
        messages.Enqueue(message);
        arrived.Release();
    }

    internal void Note(string command) => commands.Enqueue(command);

    void FillBacklog()
    {
        for (var i = 0; i < Fillers; i++)
        {
            var filler = new Socket(
                AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            fillers.Add(filler);
            try
            {
                filler.Connect(new IPEndPoint(IPAddress.Loopback, Port));
            }
            catch (SocketException)
            {
                // In progress, which is all that is wanted.
            }
        }
    }

    async Task Accept()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stop.Token);
                socket.NoDelay = true;
                var number = Interlocked.Increment(ref connectionCount);
                // On a thread of its own: where the other side is quick, it would begin on this one, and
                // what a fault waits for there could need the next connection.
                var conversation = Task.Run(
                    () => new SmtpSinkConversation(this, socket, number).Run(stop.Token),
                    CancellationToken.None);
                conversations.TryAdd(conversation, 0);
                _ = conversation.ContinueWith(
                    done => conversations.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (
            e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The sink is being stopped.
        }
    }
}

/// <summary>What the sink offers, and when it misbehaves.</summary>
public sealed record SmtpSinkOptions
{
    /// <summary>Offers STARTTLS and refuses mail before it.</summary>
    public bool StartTls { get; init; }

    /// <summary>Speaks TLS from the first byte.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Which certificate it shows.</summary>
    public SmtpSinkCertificate Certificate { get; init; } = SmtpSinkCertificate.Good;

    /// <summary>The one login it takes; null asks for none.</summary>
    public string? User { get; init; }

    /// <summary>The password, or the OAuth token.</summary>
    public string Password { get; init; } = "";

    /// <summary>The AUTH mechanisms offered.</summary>
    public string Mechanisms { get; init; } = "PLAIN LOGIN CRAM-MD5 XOAUTH2 OAUTHBEARER";

    /// <summary>The other EHLO keywords.</summary>
    public IReadOnlyList<string> Extensions { get; init; } =
        ["PIPELINING", "SIZE 10485760", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    /// <summary>
    /// Asked about every stage of every conversation, also ahead of it and more than once; null is good
    /// behaviour.
    /// </summary>
    public Func<SmtpSinkMoment, SmtpSinkBehaviour?> Fault { get; init; } = _ => null;

    /// <summary>The clock of the dripping behaviour.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// A point in a conversation; connections count from 1, messages that a connection brought from 0, and its
/// transactions, refused ones too, from 1.
/// </summary>
public readonly record struct SmtpSinkMoment(
    SmtpStage Stage, int Connection, int Message, string Line, int Transaction = 0);

/// <summary>
/// One message the sink accepted: the envelope, the bytes, and the bytes as they stood on the wire.
/// </summary>
public sealed record SmtpSinkMessage(
    string Sender,
    IReadOnlyList<string> Recipients,
    byte[] Bytes,
    byte[] WireBytes,
    bool IsProtected,
    string? User);

/// <summary>The certificates a sink can show.</summary>
public enum SmtpSinkCertificate
{
    Good,
    OtherName,
    Expired,
    SelfSigned,
}

/// <summary>The ways to misbehave.</summary>
public enum SmtpSinkBehaviour
{
    /// <summary>Says nothing.</summary>
    Timeout,

    /// <summary>Resets the connection; refuses it at Connect.</summary>
    Reset,

    /// <summary>Closes in good order without an answer.</summary>
    Close,

    /// <summary>Answers 421 and closes.</summary>
    Answer421,

    /// <summary>Answers 451.</summary>
    Answer4xx,

    /// <summary>Answers 554.</summary>
    Answer5xx,

    /// <summary>Gives the right answer, then closes.</summary>
    OkThenClose,

    /// <summary>Answers with bytes that are no reply.</summary>
    Garbage,

    /// <summary>Answers with one line of a mebibyte.</summary>
    LongLine,

    /// <summary>Closes in the middle of a multi-line answer.</summary>
    CutMultiLine,

    /// <summary>Answers with a code of another command.</summary>
    WrongCode,

    /// <summary>Sends an endless answer byte by byte.</summary>
    Drip,

    /// <summary>Sends this stage's answer together with the one before, unasked.</summary>
    EarlyReply,

    /// <summary>
    /// Puts a second answer behind the right one in the same write; up to the TLS stage, in plain text
    /// behind the answer to STARTTLS.
    /// </summary>
    Injected,
}

/// <summary>Ready-made faults.</summary>
public static class SmtpSinkFault
{
    /// <summary>The same behaviour whenever the stage is reached.</summary>
    public static Func<SmtpSinkMoment, SmtpSinkBehaviour?> At(SmtpStage stage, SmtpSinkBehaviour behaviour) =>
        moment => moment.Stage == stage ? behaviour : null;
}
