namespace Overture.Mail;

/// <summary>
/// One SMTP connection that has greeted, secured itself and logged in (RFC 5321, RFC 3207, RFC 4954).
/// Messages go one after the other: <see cref="Prepare"/> brings one up to its last byte, its final dot held
/// back; the transmission sends it. For one caller at a time. After anything out of step the connection is
/// cut, never mended.
/// </summary>
public sealed partial class SmtpSession : IAsyncDisposable
{
    readonly SmtpWire wire;
    bool isBroken;
    bool needsReset;
    bool isHeldInChunks;
    SmtpTransmission? held;

    internal SmtpSession(SmtpWire wire, SmtpOptions options, SmtpCapabilities capabilities)
    {
        this.wire = wire;
        Options = options;
        Capabilities = capabilities;
    }

    /// <summary>Whether another message may follow on this connection.</summary>
    public bool CanReuse => !isBroken && held is null;

    /// <summary>In step, and the server has neither spoken nor closed meanwhile.</summary>
    internal bool IsQuiet => CanReuse && !wire.HasInput;

    /// <summary>The server has spoken or closed although nothing was asked.</summary>
    internal bool HasNews => wire.HasInput;

    internal SmtpOptions Options { get; }

    internal SmtpCapabilities Capabilities { get; }

    /// <summary>
    /// Connects, secures and logs in. Failures are in the result; only cancellation throws, and nothing was
    /// sent.
    /// </summary>
    public static Task<SmtpConnection> Connect(SmtpOptions options, CancellationToken cancellation) =>
        SmtpGreeting.Run(options, cancellation);

    /// <summary>
    /// MAIL, RCPT, DATA and the body, dot-stuffed, with the dot held back. Gives a transmission to finish or
    /// abandon, or one that is already decided. <paramref name="message"/> must not change until then.
    /// </summary>
    public async Task<SmtpTransmission> Prepare(
        SmtpEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        if (!CanReuse)
            return Decided(Judge(SmtpStage.Mail, SmtpAnswer.Broken(SmtpAnswerKind.Closed), envelope));
        if (SmtpEnvelopeRules.Check(envelope, message.Span, Options, Capabilities) is { } unfit)
            return Decided(unfit);
        var offer = SmtpOffer.Of(envelope, message, Options, Capabilities);
        if (!Capabilities.Pipelining) return await PrepareStepwise(offer, cancellation);
        if (wire.HasBufferedInput)
            return Decided(Break(SmtpStage.Mail, Unsolicited, envelope, null, cancellation));
        AppendOpening(offer);
        var sent = await wire.Flush(cancellation);
        return sent.Kind == SmtpAnswerKind.Reply
            ? await ReadOpening(offer, cancellation)
            : Decided(Break(SmtpStage.Mail, sent, envelope, null, cancellation));
    }

    /// <summary>Prepares and finishes in one go.</summary>
    public async Task<SendOutcome> Send(
        SmtpEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        await using var transmission = await Prepare(envelope, message, cancellation);
        return transmission.Outcome ?? await transmission.Finish(cancellation);
    }

    /// <summary>
    /// Whether the server still answers: NOOP, or RSET where a refused message is left over.
    /// </summary>
    public async Task<bool> Probe(CancellationToken cancellation)
    {
        if (!CanReuse || wire.HasInput) return false;
        var answer = await Command(needsReset ? "RSET" : "NOOP", Options.Timeouts.Command, cancellation);
        isBroken |= !answer.Is(250);
        needsReset &= isBroken;
        return !isBroken;
    }

    /// <summary>
    /// Says QUIT when the conversation is in step and cuts the connection. Decides nothing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (CanReuse)
        {
            isBroken = true;
            await Command("QUIT", Options.Timeouts.Quit, CancellationToken.None);
        }

        Cut();
    }

    // ---- the dot, for SmtpTransmission

    internal async Task<SendOutcome> Finish(SmtpTransmission transmission, CancellationToken cancellation)
    {
        if (await BeforeTheDot(transmission, cancellation) is { } early) return early;
        AppendDot();
        return await SendDot(transmission, cancellation);
    }

    internal async Task<(SendOutcome Outcome, Task<SmtpTransmission> Next)> FinishAndPrepare(
        SmtpTransmission transmission,
        SmtpEnvelope envelope,
        ReadOnlyMemory<byte> message,
        CancellationToken cancellation,
        CancellationToken nextCancellation)
    {
        var unfit = SmtpEnvelopeRules.Check(envelope, message.Span, Options, Capabilities);
        if (!Capabilities.Pipelining || unfit is not null)
        {
            var alone = await Finish(transmission, cancellation);
            return (alone, Prepare(envelope, message, nextCancellation));
        }

        if (await BeforeTheDot(transmission, cancellation) is { } early)
            return (early, Prepare(envelope, message, nextCancellation));
        AppendDot();
        var offer = SmtpOffer.Of(envelope, message, Options, Capabilities);
        AppendOpening(offer);
        var outcome = await SendDot(transmission, cancellation);
        return isBroken
            ? (outcome, Task.FromResult(
                Decided(Judge(SmtpStage.Mail, SmtpAnswer.Broken(SmtpAnswerKind.Closed), envelope))))
            : (outcome, ReadOpening(offer, nextCancellation));
    }

    internal void Abandon()
    {
        held = null;
        Cut();
    }

    // ---- the dot

    async Task<SendOutcome?> BeforeTheDot(SmtpTransmission transmission, CancellationToken cancellation)
    {
        if (held != transmission)
            throw new InvalidOperationException("This transmission is finished or abandoned already.");
        held = null;
        if (cancellation.IsCancellationRequested)
        {
            Cut();
            cancellation.ThrowIfCancellationRequested();
        }

        if (!wire.HasInput) return null;

        // Nothing is due before the dot: the server refuses early, has closed, or is out of step. The dot
        // stays.
        var answer = await wire.Read(Options.Timeouts.Quit, cancellation);
        if (answer is { IsReply: true, Code: < 400 }) answer = Unsolicited;
        return Break(SmtpStage.Data, answer, transmission.Envelope, null, cancellation);
    }

    void AppendDot()
    {
        AppendCommand(isHeldInChunks ? "BDAT 0 LAST" : ".");
        needsReset = false;
    }

    // From here on the dot may be on its way: no exception leaves, and doubt is Uncertain.
    async Task<SendOutcome> SendDot(SmtpTransmission transmission, CancellationToken cancellation)
    {
        var answer = await wire.Flush(cancellation);
        if (answer.Kind == SmtpAnswerKind.Reply) answer = await wire.Read(Options.Timeouts.Dot, cancellation);
        var outcome = Judge(SmtpStage.Dot, answer, transmission.Envelope)!;
        if (outcome is SendOutcome.Uncertain || answer.Code == 421) Cut();
        return outcome;
    }

    // ---- common

    static SmtpAnswer Unsolicited => SmtpAnswer.Broken(SmtpAnswerKind.Unsolicited);

    void AppendCommand(string command)
    {
        wire.Output.Append(command);
        wire.Output.Append("\r\n"u8);
        Options.Log?.Client(command);
    }

    async ValueTask<SmtpAnswer> Command(string command, TimeSpan timeout, CancellationToken cancellation)
    {
        if (wire.HasBufferedInput) return Unsolicited;
        AppendCommand(command);
        var sent = await wire.Flush(cancellation);
        return sent.Kind == SmtpAnswerKind.Reply ? await wire.Read(timeout, cancellation) : sent;
    }

    SendOutcome? Refusal(
        SmtpStage stage,
        SmtpAnswer answer,
        SmtpEnvelope envelope,
        EmailAddress? recipient,
        CancellationToken cancellation)
    {
        if (SmtpFailures.IsExpected(stage, answer)) return null;
        return answer.KeepsStep
            ? Judge(stage, answer, envelope, recipient)
            : Break(stage, answer, envelope, recipient, cancellation);
    }

    // Before the dot cancellation may throw: nothing has been sent.
    SendOutcome Break(
        SmtpStage stage,
        SmtpAnswer answer,
        SmtpEnvelope envelope,
        EmailAddress? recipient,
        CancellationToken cancellation)
    {
        Cut();
        if (answer.Kind == SmtpAnswerKind.Cancelled) cancellation.ThrowIfCancellationRequested();
        return Judge(stage, answer, envelope, recipient)
            ?? Judge(stage, SmtpAnswer.Broken(SmtpAnswerKind.Garbled, answer.Text), envelope, recipient)!;
    }

    SendOutcome? Judge(
        SmtpStage stage, SmtpAnswer answer, SmtpEnvelope envelope, EmailAddress? recipient = null) =>
        SmtpFailures.Judge(stage, answer, new SmtpFailures.Subject(
            Options, envelope.Sender?.AddrSpec ?? "<>", recipient?.AddrSpec));

    SmtpTransmission Decided(SendOutcome? outcome) => new(this, outcome!);

    void Cut()
    {
        isBroken = true;
        wire.Dispose();
    }
}
