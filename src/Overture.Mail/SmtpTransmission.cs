namespace Overture.Mail;

/// <summary>
/// One message on its way. Either already decided (<see cref="Outcome"/>) or complete but for its final dot:
/// then the caller records that it is about to send, and finishes or abandons. Until <see cref="Finish"/>
/// writes the dot the server has accepted nothing (RFC 5321 section 4.1.1.4), so abandoning is always safe.
/// </summary>
public sealed class SmtpTransmission : IAsyncDisposable
{
    readonly SmtpSession session;

    internal SmtpTransmission(SmtpSession session, SmtpEnvelope envelope)
    {
        this.session = session;
        Envelope = envelope;
    }

    internal SmtpTransmission(SmtpSession session, SendOutcome outcome)
    {
        this.session = session;
        Envelope = new SmtpEnvelope(null, []);
        Outcome = outcome;
    }

    /// <summary>The result once decided; null while the dot is held back.</summary>
    public SendOutcome? Outcome { get; private set; }

    /// <summary>Whether the dot is held back, waiting for Finish or Abandon.</summary>
    public bool IsHeld => Outcome is null && !isOver;

    internal SmtpEnvelope Envelope { get; }

    bool isOver;

    /// <summary>
    /// Sends the dot and waits for its answer, up to <see cref="SmtpTimeouts.Dot"/>. Throws
    /// <see cref="OperationCanceledException"/> only while the dot has not left; afterwards a cancelled wait
    /// is Uncertain. Of a decided transmission it gives the outcome.
    /// </summary>
    public async Task<SendOutcome> Finish(CancellationToken cancellation)
    {
        if (Outcome is { } decided) return decided;
        isOver = true;
        return Outcome = await session.Finish(this, cancellation);
    }

    /// <summary>
    /// Sends the dot and, in the same write where the server takes pipelining, opens the next message up to
    /// its own held dot (RFC 2920 section 3.1). The outcome comes back as soon as the dot is answered; the
    /// next, which may be decided already, when it has got there, and must be waited for before anything else
    /// is done on this connection. <paramref name="nextCancellation"/> ends the next, never the wait for the
    /// answer.
    /// </summary>
    public async Task<(SendOutcome Outcome, Task<SmtpTransmission> Next)> FinishAndPrepare(
        SmtpEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation,
        CancellationToken nextCancellation)
    {
        if (Outcome is { } decided) return (decided, session.Prepare(envelope, message, nextCancellation));
        isOver = true;
        var (outcome, next) = await session.FinishAndPrepare(
            this, envelope, message, cancellation, nextCancellation);
        Outcome = outcome;
        return (outcome, next);
    }

    /// <summary>Drops the connection without the dot: nothing is sent, now or later.</summary>
    public void Abandon()
    {
        if (!IsHeld) return;
        isOver = true;
        session.Abandon();
    }

    /// <summary>Abandons what is still held.</summary>
    public ValueTask DisposeAsync()
    {
        Abandon();
        return default;
    }
}
