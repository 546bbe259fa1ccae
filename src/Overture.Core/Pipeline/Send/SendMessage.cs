using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// Sends claimed letters of one mailbox, one after the other over one connection, keeping the promise. A
/// letter is carried up to its final dot; one transaction checks every rule again and records the attempt;
/// only then, and only within the deadline, the dot leaves, and behind it the next letter up to its own.
/// Whatever breaks before the dot is certain not to have been sent; silence after it is kept as uncertain.
/// </summary>
public sealed class SendMessage(
    Database database, Transports transports, LetterWriter writer, SendLedger ledger,
    RecordOutcome record, Recording recording, TimeProvider time, ILogger<SendMessage> log)
{
    /// <summary>
    /// A process that slept longer than this between its commit and the dot may have been replaced.
    /// </summary>
    static readonly TimeSpan PreDotDeadline = TimeSpan.FromSeconds(2);

    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>A letter that cannot even be written rests, so that it does not hold up the others.</summary>
    static readonly TimeSpan RestAfterFailure = TimeSpan.FromHours(1);

    const string TooSlow = "This computer was too slow between recording and sending; nothing was sent.";
    const string Unconfirmed = "The database did not confirm the attempt; nothing was sent";

    /// <summary>
    /// Takes letters off the queue until it is empty. A letter that was not sent is planned again; when
    /// cancelled, those not yet recorded stay claimed, for the caller to give back.
    /// </summary>
    public async Task Run(ConcurrentQueue<Letter> letters, int node, CancellationToken cancel)
    {
        var recordings = new List<Task>();
        try
        {
            var current = await NextAtDot(letters, node, cancel);
            while (current is { } atDot)
            {
                await using var prepared = atDot.Prepared;
                // Written now, because nothing may take time between the commit and the dot.
                var next = await NextWritten(letters, cancel);
                if (await Open(atDot, node, cancel) is { } attemptId)
                {
                    // From here on the outcome is waited for and written even while the node stops.
                    var (outcome, following) = await LetGo(prepared, next, cancel);
                    recordings.Add(Record(atDot.Letter, attemptId, prepared.Transport, outcome));
                    current = next is null ? null : await AtDot(next, following, node, cancel);
                }
                else
                {
                    current = next is null ? null : await AtDot(next, null, node, cancel);
                }

                current ??= await NextAtDot(letters, node, cancel);
            }
        }
        finally
        {
            await Task.WhenAll(recordings);
        }
    }

    async Task<LetterAtDot?> NextAtDot(ConcurrentQueue<Letter> letters, int node, CancellationToken cancel)
    {
        while (await NextWritten(letters, cancel) is { } letter)
            if (await AtDot(letter, null, node, cancel) is { } atDot) return atDot;
        return null;
    }

    async Task<Letter?> NextWritten(ConcurrentQueue<Letter> letters, CancellationToken cancel)
    {
        while (letters.TryDequeue(out var letter))
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return await writer.Write(letter, cancel);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                await PutBack(letter, failure, RestAfterFailure);
            }
        }

        return null;
    }

    /// <summary>
    /// The letter at its held dot, prepared behind the one before it or anew. Null when it did not get there:
    /// that is on record, and it was certainly not sent.
    /// </summary>
    async Task<LetterAtDot?> AtDot(
        Letter letter, Task<IPreparedSend?>? following, int node, CancellationToken cancel)
    {
        try
        {
            var prepared = (following is null ? null : await following) ?? await Prepare(letter, cancel);
            if (prepared.Outcome is not { } early) return new LetterAtDot(letter, prepared);
            await using (prepared)
                await record.BeforeTheDot(letter, node, prepared.Transport, early, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await PutBack(letter, failure, failure is RuleBroken ? LookAgain : RestAfterFailure);
        }

        return null;
    }

    Task<IPreparedSend> Prepare(Letter letter, CancellationToken cancel) =>
        transports.For(letter.Workspace, letter.Mailbox).Prepare(
            letter.Mailbox, letter.Mailbox.Address, letter.To, letter.Bytes, cancel);

    /// <summary>The attempt that is on record, or null: then the message is taken back.</summary>
    async Task<long?> Open(LetterAtDot atDot, int node, CancellationToken cancel)
    {
        var (letter, prepared) = atDot;
        cancel.ThrowIfCancellationRequested();
        try
        {
            if (await ledger.Open(letter, node, prepared.Transport, prepared.DraftId) is not { } attempt)
            {
                prepared.Abandon();
                return null;
            }

            if (time.GetElapsedTime(attempt.Since) <= PreDotDeadline) return attempt.Id;
            prepared.Abandon();
            await record.TakenBack(letter, TooSlow, TimeSpan.Zero);
        }
        catch (Exception unknown)
        {
            // Whether the attempt was committed is not known; without the dot nothing has been sent either
            // way.
            prepared.Abandon();
            log.LogWarning("Message {Id} was taken back: {Reason}", letter.Message.Id, unknown.Message);
            await recording.Fails(unknown);
            await record.TakenBack(letter, $"{Unconfirmed}: {unknown.Message}", LookAgain);
        }

        return null;
    }

    static async Task<(SendOutcome Outcome, Task<IPreparedSend?>? Following)> LetGo(
        IPreparedSend prepared, Letter? next, CancellationToken cancel) =>
        next is null
            ? (await prepared.Finish(CancellationToken.None), null)
            : await prepared.FinishAndPrepare(next.Mailbox.Address, next.To, next.Bytes, cancel);

    /// <summary>
    /// A yes is written together with others; everything else, and what could not be written so, by itself.
    /// </summary>
    async Task Record(Letter letter, long attemptId, string transport, SendOutcome outcome)
    {
        if (outcome is SendOutcome.Accepted yes && transport != CaptureTransport.Name)
        {
            try
            {
                if (await ledger.Accept(letter, attemptId, yes))
                {
                    await recording.Works();
                    return;
                }
            }
            catch (Exception unknown)
            {
                log.LogWarning(
                    "The outcome of message {Id} is written once more: {Reason}", letter.Message.Id,
                    unknown.Message);
            }
        }

        try
        {
            await record.AfterTheDot(letter, attemptId, transport, outcome);
        }
        catch (Exception lost)
        {
            // The attempt stays on record as submitting; recovery takes it for uncertain.
            log.LogError(lost, "The outcome of message {Id} could not be written.", letter.Message.Id);
            throw;
        }
    }

    /// <summary>Claims only: what was submitted may have left, and recovery settles it.</summary>
    Task PutBack(Letter letter, Exception failure, TimeSpan rest)
    {
        log.LogError(failure, "Message {Id} cannot be sent now.", letter.Message.Id);
        return database.InWorkspace(
            letter.Workspace.Id,
            session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return IntentStore.GiveBack(
                    session, letter.Intent, failure.Message, now + rest, now, CancellationToken.None);
            },
            CancellationToken.None);
    }

    sealed record LetterAtDot(Letter Letter, IPreparedSend Prepared);
}
