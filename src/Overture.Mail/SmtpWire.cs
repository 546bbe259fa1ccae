using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// One connection: whole groups of commands out in one write, replies in. Knows bytes, time-outs and TLS,
/// not what the commands mean. Every failure comes back as an <see cref="SmtpAnswer"/>.
/// </summary>
sealed class SmtpWire : IDisposable
{
    // RFC 5321 section 4.5.3.1.5 says 512; real servers exceed it a little.
    const int ReplyLineLimit = 4096;
    const int ReplyLimit = 64 * 1024;
    const int InputSize = 2 * ReplyLineLimit;

    /// <summary>Bytes of a large body handed to the network at once.</summary>
    public const int BlockSize = 64 * 1024;

    readonly Socket socket;
    readonly SmtpOptions options;
    readonly byte[] input = new byte[InputSize];
    Stream stream;
    int start;
    int end;
    CancellationTokenSource deadline;

    SmtpWire(Socket socket, SmtpOptions options)
    {
        this.socket = socket;
        this.options = options;
        stream = new NetworkStream(socket, ownsSocket: true);
        deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Time);
    }

    /// <summary>What is written by the next <see cref="Flush"/>.</summary>
    public ByteBuilder Output { get; } = new(BlockSize / 4);

    /// <summary>Whether bytes wait that no command has asked for, as far as they were read.</summary>
    public bool HasBufferedInput => end > start;

    /// <summary>
    /// The same, looking at the network too; also true when the server has closed. Asked right before the
    /// dot.
    /// </summary>
    public bool HasInput
    {
        get
        {
            try
            {
                return HasBufferedInput || socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Opens the connection; the answer is null when it stands.</summary>
    public static async Task<(SmtpWire? Wire, SmtpAnswer Failure)> Connect(
        SmtpOptions options, CancellationToken cancellation)
    {
        var opening = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = new CancellationTokenSource(options.Timeouts.Connect, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await opening.ConnectAsync(options.Host, options.Port, either.Token);
            return (new SmtpWire(opening, options), default);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            opening.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return (null, e is SocketException s
                ? SmtpAnswer.Broken(SmtpAnswerKind.Lost, s.Message)
                : SmtpAnswer.Broken(SmtpAnswerKind.TimedOut));
        }
    }

    /// <summary>Starts TLS; null when it stands and the certificate is right, else the fault.</summary>
    public async Task<SmtpFault?> Secure(CancellationToken cancellation)
    {
        var certificate = new ServerCertificate(options.Host, options.TrustedAuthorities);
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = secured;
        try
        {
            using var wait = Arm(options.Timeouts.Tls, cancellation);
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = options.Host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    CertificateChainPolicy = certificate.Policy,
                    RemoteCertificateValidationCallback = certificate.Judge,
                },
                Deadline);
            options.Log?.Remark($"{secured.SslProtocol} {secured.NegotiatedCipherSuite}");
            return null;
        }
        catch (Exception e) when (IsConnectionFailure(e) || e is AuthenticationException)
        {
            cancellation.ThrowIfCancellationRequested();
            return certificate.Problem is { } problem
                ? SmtpFailures.CertificateRefused(problem, certificate.IsForAnother)
                : SmtpFailures.TlsFailed(
                    options, e is OperationCanceledException ? "it took too long" : e.Message);
        }
    }

    /// <summary>
    /// Writes everything in <see cref="Output"/> at once; a reply of code 0 means it is on its way.
    /// </summary>
    public async ValueTask<SmtpAnswer> Flush(CancellationToken cancellation)
    {
        if (Output.Length == 0) return default;
        try
        {
            // What the kernel takes at once needs no timer.
            var writing = stream.WriteAsync(Output.Memory, Deadline);
            if (!writing.IsCompletedSuccessfully)
            {
                using var wait = Arm(options.Timeouts.Block, cancellation);
                await writing;
            }

            Output.Clear();
            return default;
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            return Failure(e, cancellation);
        }
    }

    /// <summary>One whole reply within <paramref name="timeout"/>, however slowly its bytes come.</summary>
    public async ValueTask<SmtpAnswer> Read(TimeSpan timeout, CancellationToken cancellation)
    {
        var reply = new ReplyReader();
        if (TakeBufferedLines(ref reply) is { } ready) return ready;
        try
        {
            using var wait = Arm(timeout, cancellation);
            while (true)
            {
                if (start > 0)
                {
                    input.AsSpan(start, end - start).CopyTo(input);
                    end -= start;
                    start = 0;
                }

                var count = await stream.ReadAsync(input.AsMemory(end), Deadline);
                if (count == 0) return SmtpAnswer.Broken(SmtpAnswerKind.Closed);
                end += count;
                if (TakeBufferedLines(ref reply) is { } answer) return answer;
            }
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            return Failure(e, cancellation);
        }
    }

    /// <summary>Cuts the connection at once, without a word.</summary>
    public void Dispose()
    {
        socket.Dispose();
        stream.Dispose();
        deadline.Dispose();
        Output.Dispose();
    }

    SmtpAnswer? TakeBufferedLines(ref ReplyReader reply)
    {
        while (true)
        {
            var pending = input.AsSpan(start, end - start);
            var length = pending.IndexOf((byte)'\n');
            if ((length < 0 ? pending.Length : length) > ReplyLineLimit)
                return SmtpAnswer.Broken(SmtpAnswerKind.Oversize);
            if (length < 0) return null;
            start += length + 1;
            var line = pending[..length].TrimEnd((byte)'\r');
            options.Log?.Server(Encoding.UTF8.GetString(line));
            if (reply.Take(line) is { } answer) return answer;
        }
    }

    // The source is kept until it fires: arming its timer again is cheaper than making one per reply.
    CancellationToken Deadline
    {
        get
        {
            if (deadline.IsCancellationRequested)
            {
                deadline.Dispose();
                deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Time);
            }

            return deadline.Token;
        }
    }

    Wait Arm(TimeSpan timeout, CancellationToken cancellation)
    {
        _ = Deadline;
        deadline.CancelAfter(timeout);
        return new Wait(deadline, cancellation.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), deadline));
    }

    static bool IsConnectionFailure(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    static SmtpAnswer Failure(Exception e, CancellationToken cancellation) => e switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested =>
            SmtpAnswer.Broken(SmtpAnswerKind.Cancelled),
        OperationCanceledException => SmtpAnswer.Broken(SmtpAnswerKind.TimedOut),
        _ => SmtpAnswer.Broken(SmtpAnswerKind.Lost, e.Message),
    };

    /// <summary>
    /// The time one answer may take. The timer runs no longer than the wait: left on, it would cut short
    /// whatever a session that has long been idle does next.
    /// </summary>
    readonly struct Wait(CancellationTokenSource deadline, CancellationTokenRegistration caller) : IDisposable
    {
        public void Dispose()
        {
            caller.Dispose();
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Joins the lines of one reply (RFC 5321 section 4.2.1).</summary>
    struct ReplyReader
    {
        int code;
        int length;
        StringBuilder? lines;

        public SmtpAnswer? Take(ReadOnlySpan<byte> line)
        {
            length += line.Length;
            if (length > ReplyLimit) return SmtpAnswer.Broken(SmtpAnswerKind.Oversize);
            var isReply = line.Length >= 3
                && line[0] is >= (byte)'2' and <= (byte)'5'
                && char.IsAsciiDigit((char)line[1]) && char.IsAsciiDigit((char)line[2])
                && (line.Length == 3 || line[3] is (byte)' ' or (byte)'-');
            var value = isReply ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0' : 0;
            if (!isReply || (code != 0 && code != value))
                return SmtpAnswer.Broken(SmtpAnswerKind.Garbled, Readable(line));
            code = value;
            var text = line.Length > 4 ? Readable(line[4..]) : "";
            if (line.Length > 3 && line[3] == '-')
            {
                (lines ??= new StringBuilder()).Append(text).Append('\n');
                return null;
            }

            return new SmtpAnswer(
                SmtpAnswerKind.Reply, code, lines is null ? text : lines.Append(text).ToString());
        }

        static string Readable(ReadOnlySpan<byte> bytes)
        {
            var text = Encoding.UTF8.GetString(bytes);
            return text.AsSpan().ContainsAnyInRange('\0', '\x1f')
                ? string.Create(text.Length, text, static (into, from) =>
                {
                    for (var i = 0; i < from.Length; i++) into[i] = from[i] < ' ' ? ' ' : from[i];
                })
                : text;
        }
    }
}
