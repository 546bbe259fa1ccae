using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// A way out for mail. Preparing carries the message up to, never past, the point of no return.
/// </summary>
public interface ITransport
{
    Task<IPreparedSend> Prepare(
        Mailbox mailbox, string from, string to, byte[] message, CancellationToken cancel);
}

/// <summary>A message that has been carried as far as it can be taken back.</summary>
public interface IPreparedSend : IAsyncDisposable
{
    /// <summary>The word kept with each attempt: smtp, gmail or capture.</summary>
    string Transport { get; }

    /// <summary>
    /// What stands for the message at a provider until it is let go; recorded with the attempt. Null where
    /// nothing does.
    /// </summary>
    string? DraftId => null;

    /// <summary>The result, when it is already certain; null while the final dot is held back.</summary>
    SendOutcome? Outcome { get; }

    /// <summary>Lets the message go and waits for the answer.</summary>
    Task<SendOutcome> Finish(CancellationToken cancel);

    /// <summary>
    /// Lets the message go and, behind it on the same connection, carries the next of the same mailbox
    /// towards its own point of no return. The outcome comes as soon as it is known. The next is null when it
    /// has to be prepared anew; nothing of it has left then. <paramref name="cancel"/> ends only the next.
    /// </summary>
    Task<(SendOutcome Outcome, Task<IPreparedSend?> Next)> FinishAndPrepare(
        string from, string to, byte[] message, CancellationToken cancel);

    /// <summary>Takes the message back: it is certain not to arrive.</summary>
    void Abandon();
}

/// <summary>
/// The dry run: nothing leaves. The bytes are stored by the same transaction that records the outcome, so a
/// crash leaves either both or neither.
/// </summary>
public sealed class CaptureTransport : ITransport
{
    public const string Name = "capture";

    public Task<IPreparedSend> Prepare(
        Mailbox mailbox, string from, string to, byte[] message, CancellationToken cancel) =>
        Task.FromResult<IPreparedSend>(new Captured());

    sealed class Captured : IPreparedSend
    {
        public string Transport => Name;

        public SendOutcome? Outcome => null;

        public Task<SendOutcome> Finish(CancellationToken cancel) =>
            Task.FromResult<SendOutcome>(new SendOutcome.Accepted(0, "captured by the dry run"));

        public async Task<(SendOutcome Outcome, Task<IPreparedSend?> Next)> FinishAndPrepare(
            string from, string to, byte[] message, CancellationToken cancel) =>
            (await Finish(cancel), Task.FromResult<IPreparedSend?>(new Captured()));

        public void Abandon()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
