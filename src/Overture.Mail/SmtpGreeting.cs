using System.Globalization;

namespace Overture.Mail;

/// <summary>What came of connecting: a session, or why there is none.</summary>
public sealed record SmtpConnection(SmtpSession? Session, SmtpFault? Fault)
{
    /// <summary>The outcome of a message that waited for this connection; null when it stands.</summary>
    public SendOutcome? Outcome => Fault is null ? null : new SendOutcome.Deferred(Fault);
}

/// <summary>What the server said it can do after EHLO (RFC 5321 section 4.1.1.1).</summary>
sealed record SmtpCapabilities(
    bool Pipelining,
    bool EightBitMime,
    bool SmtpUtf8,
    bool Chunking,
    bool BinaryMime,
    bool StartTls,
    long? Size,
    string Authentication)
{
    public static SmtpCapabilities Read(string ehlo, bool usePipelining)
    {
        var lines = ehlo.Split('\n').Skip(1).Select(l => l.Trim()).ToArray();
        var size = Parameter(lines, "SIZE") is not { } text ? (long?)null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0
                ? limit
            : long.MaxValue;
        return new SmtpCapabilities(
            usePipelining && Parameter(lines, "PIPELINING") is not null,
            Parameter(lines, "8BITMIME") is not null,
            Parameter(lines, "SMTPUTF8") is not null,
            Parameter(lines, "CHUNKING") is not null,
            Parameter(lines, "BINARYMIME") is not null,
            Parameter(lines, "STARTTLS") is not null,
            size,
            Parameter(lines, "AUTH") ?? "");
    }

    static string? Parameter(string[] lines, string keyword)
    {
        foreach (var line in lines)
        {
            if (!line.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)) continue;
            if (line.Length == keyword.Length) return "";
            // Old servers write AUTH=LOGIN.
            if (line[keyword.Length] is ' ' or '=') return line[(keyword.Length + 1)..].Trim();
        }

        return null;
    }
}

/// <summary>The way from nothing to a session: connect, banner, EHLO, STARTTLS, TLS, EHLO, AUTH.</summary>
sealed class SmtpGreeting
{
    readonly SmtpOptions options;
    readonly SmtpWire wire;
    readonly CancellationToken cancellation;

    SmtpGreeting(SmtpOptions options, SmtpWire wire, CancellationToken cancellation)
    {
        this.options = options;
        this.wire = wire;
        this.cancellation = cancellation;
    }

    public static async Task<SmtpConnection> Run(SmtpOptions options, CancellationToken cancellation)
    {
        var (wire, failure) = await SmtpWire.Connect(options, cancellation);
        if (wire is null) return new SmtpConnection(null, FaultOf(SmtpStage.Connect, failure, options));
        SmtpConnection? connection = null;
        try
        {
            return connection = await new SmtpGreeting(options, wire, cancellation).Greet();
        }
        finally
        {
            if (connection?.Session is null) wire.Dispose();
        }
    }

    async Task<SmtpConnection> Greet()
    {
        if (options.Security == SmtpSecurity.ImplicitTls && await wire.Secure(cancellation) is { } insecure)
            return Failed(insecure);
        var banner = await wire.Read(options.Timeouts.Banner, cancellation);
        if (Judge(SmtpStage.Banner, banner) is { } silent) return Failed(silent);
        var (capabilities, fault) = await Ehlo();
        if (fault is not null) return Failed(fault);
        if (options.Security == SmtpSecurity.StartTls)
        {
            if (await StartTls(capabilities!) is { } unprotected) return Failed(unprotected);
            (capabilities, fault) = await Ehlo();
            if (fault is not null) return Failed(fault);
        }

        if (options.Credentials is not null)
        {
            var login = new SmtpAuthentication(
                options, capabilities!.Authentication, options.Security != SmtpSecurity.None);
            if (await login.Run(ExchangeAuth, cancellation) is { } refused) return Failed(refused);
        }

        return new SmtpConnection(new SmtpSession(wire, options, capabilities!), null);
    }

    async Task<(SmtpCapabilities? Capabilities, SmtpFault? Fault)> Ehlo()
    {
        var answer = await Exchange($"EHLO {options.ClientName}", null, SmtpStage.Ehlo);
        return Judge(SmtpStage.Ehlo, answer) is { } fault
            ? (null, fault)
            : (SmtpCapabilities.Read(answer.Text, options.UsePipelining), null);
    }

    async Task<SmtpFault?> StartTls(SmtpCapabilities capabilities)
    {
        if (!capabilities.StartTls) return SmtpFailures.TlsMissing(options);
        var answer = await Exchange("STARTTLS", null, SmtpStage.StartTls);
        if (Judge(SmtpStage.StartTls, answer) is { } refused) return refused;

        // Whatever a stranger put behind the plain 220 must never be read as the server's protected words.
        return wire.HasBufferedInput
            ? FaultOf(SmtpStage.StartTls, SmtpAnswer.Broken(SmtpAnswerKind.Unsolicited), options)
            : await wire.Secure(cancellation);
    }

    ValueTask<SmtpAnswer> ExchangeAuth(string line, string shown) => Exchange(line, shown, SmtpStage.Auth);

    async ValueTask<SmtpAnswer> Exchange(string line, string? shown, SmtpStage stage)
    {
        if (wire.HasBufferedInput) return SmtpAnswer.Broken(SmtpAnswerKind.Unsolicited);
        if (line.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new ArgumentException($"A line break stands in what is sent at {stage}.");
        wire.Output.Append(line);
        wire.Output.Append("\r\n"u8);
        options.Log?.Client(shown ?? line);
        var sent = await wire.Flush(cancellation);
        return sent.Kind == SmtpAnswerKind.Reply
            ? await wire.Read(options.Timeouts.Command, cancellation)
            : sent;
    }

    SmtpFault? Judge(SmtpStage stage, SmtpAnswer answer)
    {
        if (answer.Kind == SmtpAnswerKind.Cancelled) cancellation.ThrowIfCancellationRequested();
        return SmtpFailures.IsExpected(stage, answer) ? null : FaultOf(stage, answer, options);
    }

    static SmtpFault FaultOf(SmtpStage stage, SmtpAnswer answer, SmtpOptions options) =>
        SmtpFailures.Judge(stage, answer, new SmtpFailures.Subject(options)) switch
        {
            SendOutcome.Deferred deferred => deferred.Fault,
            SendOutcome.Rejected rejected => rejected.Fault,
            var other => throw new InvalidOperationException($"{stage} cannot end as {other}."),
        };

    static SmtpConnection Failed(SmtpFault fault) => new(null, fault);
}
