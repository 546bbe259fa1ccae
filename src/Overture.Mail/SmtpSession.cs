#pragma warning disable CA1822, MA0150, CA1063 // The shape goes first; the bodies follow.

namespace Overture.Mail;

/// <summary>Published shape; the conversation follows.</summary>
public sealed class SmtpSession : IAsyncDisposable
{
    SmtpSession()
    {
    }

    /// <summary>Whether another message may follow on this connection.</summary>
    public bool CanReuse => false;

    /// <summary>Connects, secures and logs in.</summary>
    public static Task<SmtpConnection> Connect(SmtpOptions options, CancellationToken cancellation) =>
        throw new NotSupportedException($"{options.Host} {cancellation}");

    /// <summary>MAIL, RCPT, DATA and the body; holds the dot.</summary>
    public Task<SmtpTransmission> Prepare(
        SmtpEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        throw new NotSupportedException($"{envelope} {message} {cancellation} {this}");

    /// <summary>Prepare and Finish in one.</summary>
    public Task<SendOutcome> Send(
        SmtpEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        throw new NotSupportedException($"{envelope} {message} {cancellation} {this}");

    /// <summary>QUIT.</summary>
    public ValueTask DisposeAsync() => default;
}

/// <summary>What came of connecting: a session, or why there is none.</summary>
public sealed record SmtpConnection(SmtpSession? Session, SmtpFault? Fault);

/// <summary>A message whose dot is held back, or already decided.</summary>
public sealed class SmtpTransmission : IAsyncDisposable
{
    internal SmtpTransmission(SendOutcome? outcome) => Outcome = outcome;

    /// <summary>The result when decided; null while the dot is held back.</summary>
    public SendOutcome? Outcome { get; }

    /// <summary>Sends the dot and waits for its answer.</summary>
    public Task<SendOutcome> Finish(CancellationToken cancellation) =>
        throw new NotSupportedException($"{cancellation} {this}");

    /// <summary>Sends the dot and, in the same write, opens the next message.</summary>
    public Task<(SendOutcome Outcome, SmtpTransmission Next)> FinishAndPrepare(
        SmtpEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        throw new NotSupportedException($"{envelope} {message} {cancellation} {this}");

    /// <summary>Drops the connection without the dot.</summary>
    public void Abandon()
    {
    }

    /// <summary>Abandons when neither finished nor decided.</summary>
    public ValueTask DisposeAsync() => default;
}

/// <summary>Reuses sessions per mailbox.</summary>
public sealed class SmtpPool(SmtpPoolOptions options) : IAsyncDisposable
{
    /// <summary>An idle session or a new one, within the host's limit.</summary>
    public Task<SmtpRental> Rent(SmtpOptions server, CancellationToken cancellation) =>
        throw new NotSupportedException($"{server} {options}");

    /// <summary>Closes all idle sessions.</summary>
    public ValueTask DisposeAsync() => default;
}

/// <summary>Limits of the pool.</summary>
public sealed record SmtpPoolOptions;

/// <summary>A rented session, or why there is none. Disposing gives it back.</summary>
public sealed class SmtpRental : IAsyncDisposable
{
    internal SmtpRental(SmtpConnection connection) => Connection = connection;

    /// <summary>The session or the fault.</summary>
    public SmtpConnection Connection { get; }

    /// <summary>Gives the session back.</summary>
    public ValueTask DisposeAsync() => default;
}

/// <summary>Signs messages.</summary>
public sealed class DkimSigner(string domain, string selector, string privateKeyPem)
{
    /// <summary>The message with DKIM-Signature in front.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message, DateTimeOffset signedAt) =>
        throw new NotSupportedException($"{domain} {selector} {privateKeyPem} {message.Length} {signedAt}");
}
