using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// Sends one claimed intent, keeping the promise. The message is carried up to its final dot; one transaction
/// checks every rule again and records the attempt; only then, and only within the deadline, the dot leaves.
/// Whatever breaks before the dot is certain not to have been sent; silence after it is kept as uncertain.
/// </summary>
public sealed class SendMessage(
    Database database, SendingIdentity identity, SmtpTransport smtp, CaptureTransport capture,
    RecordOutcome record, TimeProvider time, ILogger<SendMessage> log)
{
    /// <summary>
    /// A process that slept longer than this between its commit and the dot may have been replaced.
    /// </summary>
    static readonly TimeSpan PreDotDeadline = TimeSpan.FromSeconds(2);

    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    const string TooSlow = "This computer was too slow between recording and sending; nothing was sent.";
    const string Unconfirmed = "The database did not confirm the attempt; nothing was sent.";

    public async Task Run(SendIntent intent, int node, CancellationToken cancel)
    {
        var letter = await database.InWorkspace(
            intent.WorkspaceId, session => Letter.Load(session, intent, identity, time.GetUtcNow(), cancel),
            cancel);
        ITransport transport = letter.Workspace.DryRun ? capture : smtp;
        if (!letter.Workspace.DryRun && !letter.Mailbox.CanReachAServer)
        {
            await PutBack(letter, "The mailbox has no mail server.", cancel);
            return;
        }

        await using var prepared = await transport.Prepare(
            letter.Mailbox, letter.Mailbox.Address, letter.To, letter.Bytes, cancel);
        if (prepared.Outcome is { } early)
        {
            await record.BeforeTheDot(letter, node, transport.Name, early, cancel);
            return;
        }

        var held = time.GetTimestamp();
        if (await Commit(letter, node, transport.Name, prepared, cancel) is not { } attemptId) return;
        if (time.GetElapsedTime(held) > PreDotDeadline)
        {
            prepared.Abandon();
            await record.TakenBack(letter, TooSlow, TimeSpan.Zero);
            return;
        }

        // From here on the outcome is waited for and written even while the node stops.
        var outcome = await prepared.Finish(CancellationToken.None);
        await record.AfterTheDot(letter, attemptId, transport.Name, outcome);
    }

    /// <summary>Records the attempt, or takes the message back and returns null.</summary>
    async Task<long?> Commit(
        Letter letter, int node, string transport, IPreparedSend prepared, CancellationToken cancel)
    {
        try
        {
            await using var session = await database.Open(letter.Intent.WorkspaceId, cancel);
            var now = time.GetUtcNow().UtcDateTime;
            var held = await EnrollmentStore.HoldMany(session, [letter.Intent.EnrollmentId], cancel);
            var situation = (await SituationReader.Hold(session, [letter], held, now, cancel))[0];
            var blockers = SendingRule.Against(situation);
            var isOtherTransport = situation.Workspace.DryRun != (transport == capture.Name);
            if (blockers.Count == 0 && !isOtherTransport
                && await IntentStore.Submit(session, letter.Intent, now, cancel) == 1)
            {
                var attemptId = await AttemptStore.Open(
                    session, letter.Intent, node, transport, letter.RecipientDomain, now, cancel);
                await MessageStore.SetState(
                    session, letter.Message.Id, MessageState.Sending, null, null, cancel);
                await session.Commit(cancel);
                return attemptId;
            }

            prepared.Abandon();
            if (situation.Suppression is not null)
                await EnrollmentStore.Finish(
                    session, letter.Intent.EnrollmentId, FinishReason.Suppressed, now, cancel);
            var until = blockers.Count > 0 ? blockers[0].Until ?? now + LookAgain : now;
            await IntentStore.GiveBack(
                session, letter.Intent, blockers.Count > 0 ? blockers[0].Sentence : null, until, now, cancel);
            await session.Commit(cancel);
            return null;
        }
        catch (Exception unknown) when (unknown is NpgsqlException or OperationCanceledException)
        {
            // Whether the attempt was committed is not known; without the dot nothing has been sent either
            // way.
            prepared.Abandon();
            log.LogWarning("Message {Id} was taken back: {Reason}", letter.Message.Id, unknown.Message);
            await record.TakenBack(
                letter, Unconfirmed, unknown is OperationCanceledException ? TimeSpan.Zero : LookAgain);
            return null;
        }
    }

    Task PutBack(Letter letter, string reason, CancellationToken cancel) =>
        database.InWorkspace(
            letter.Intent.WorkspaceId,
            session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return IntentStore.GiveBack(session, letter.Intent, reason, now + LookAgain, now, cancel);
            },
            cancel);
}
