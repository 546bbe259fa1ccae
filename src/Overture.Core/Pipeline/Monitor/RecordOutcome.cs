using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// Writes down what became of a message, with the far side's words, and moves everything that hangs on it.
/// </summary>
public sealed class RecordOutcome(Database database, TimeProvider time, ILogger<RecordOutcome> log)
{
    /// <summary>
    /// Retries of a message that the far side put off; faults of the way to it do not count.
    /// </summary>
    const int MaxRetries = 2;

    const int RecordingTries = 6;
    static readonly TimeSpan FirstRetryAfter = TimeSpan.FromMinutes(5);
    static readonly TimeSpan ServerRestsFor = TimeSpan.FromMinutes(5);
    static readonly TimeSpan FirstRecordingPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The message never reached its dot: certainly not sent.</summary>
    public Task BeforeTheDot(
        Letter letter, int node, string transport, SendOutcome outcome, CancellationToken cancel) =>
        InWorkspace(
            letter,
            async (session, now) =>
            {
                var fault = FaultOf(outcome);
                await AttemptStore.RecordFailure(
                    session, letter.Intent, node, transport, letter.RecipientDomain,
                    outcome is SendOutcome.Rejected ? "rejected" : "deferred", StageWord(fault), fault.Code,
                    fault.Text, now, cancel);
                await ApplyFault(session, letter, outcome, fault, now, cancel);
            },
            cancel);

    /// <summary>
    /// The dot was held back although the attempt is, or may be, recorded: certainly not sent.
    /// </summary>
    public Task TakenBack(Letter letter, string reason, TimeSpan rest) =>
        Surely(letter, async (session, now) =>
        {
            // No stage: the far side put nothing off, so this is none of the message's retries.
            if (await AttemptStore.FindOpen(session, letter.Intent, CancellationToken.None) is { } attemptId)
                await AttemptStore.Close(
                    session, attemptId, "deferred", null, null, reason, now, CancellationToken.None);
            await Replan(session, letter, reason, now + rest, now, CancellationToken.None);
        });

    /// <summary>The dot has left. What cannot be written even after waiting is left to recovery.</summary>
    public Task AfterTheDot(Letter letter, long attemptId, string transport, SendOutcome outcome) =>
        Surely(letter, (session, now) => Apply(session, letter, attemptId, transport, outcome, now));

    static async Task Apply(
        Session session, Letter letter, long attemptId, string transport, SendOutcome outcome, DateTime now)
    {
        var cancel = CancellationToken.None;
        switch (outcome)
        {
            case SendOutcome.Accepted accepted when transport == CaptureTransport.Name:
                if (await AttemptStore.Close(
                    session, attemptId, "captured", null, null, accepted.ResponseText, now,
                    cancel) != 1) return;
                await AttemptStore.KeepCaptured(
                    session, attemptId, letter.Message.Id, letter.Mailbox.Address, letter.To, letter.Bytes,
                    now, cancel);
                await Sent(
                    session, letter, IntentState.Captured, "captured", "Captured by the dry run", now,
                    cancel);
                break;
            case SendOutcome.Accepted accepted:
                if (await AttemptStore.Close(
                    session, attemptId, "accepted", "dot", accepted.Code, accepted.ResponseText, now,
                    cancel) != 1)
                {
                    await Confirm(session, letter, attemptId, accepted, now, cancel);
                    return;
                }

                await Sent(
                    session, letter, IntentState.Accepted, "sent", $"Sent: {accepted.ResponseText}", now,
                    cancel);
                break;
            case SendOutcome.Uncertain uncertain:
                await AttemptStore.Close(
                    session, attemptId, "uncertain", "dot", null, uncertain.Reason, now, cancel);
                if (await IntentStore.Settle(
                    session, letter.Intent, IntentState.Uncertain, uncertain.Reason, null, now, cancel) == 1)
                    await UncertainSend.Begin(session, letter, attemptId, uncertain.Reason, now, cancel);
                break;
            default:
                var fault = FaultOf(outcome);
                await AttemptStore.Close(
                    session, attemptId, outcome is SendOutcome.Rejected ? "rejected" : "deferred",
                    StageWord(fault), fault.Code, fault.Text, now, cancel);
                await ApplyFault(session, letter, outcome, fault, now, cancel);
                break;
        }
    }

    /// <summary>
    /// This node was believed dead and the message uncertain; now its fate is known after all.
    /// </summary>
    static async Task Confirm(
        Session session, Letter letter, long attemptId, SendOutcome.Accepted accepted, DateTime now,
        CancellationToken cancel)
    {
        if (await AttemptStore.Confirm(
            session, attemptId, accepted.Code, accepted.ResponseText, now, cancel) != 1)
            return;
        await UncertainSend.Arrived(
            session, letter, IntentState.Accepted, $"It did arrive: {accepted.ResponseText}", "overture", now,
            cancel);
    }

    static async Task Sent(
        Session session, Letter letter, IntentState state, string kind, string summary, DateTime now,
        CancellationToken cancel)
    {
        if (await IntentStore.Settle(session, letter.Intent, state, null, null, now, cancel) != 1) return;
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Sent, null, now, cancel);
        await Progress.Log(session, letter, kind, summary, now, cancel);
        await Progress.Advance(session, letter.Intent.EnrollmentId, now, cancel);
    }

    static async Task ApplyFault(
        Session session, Letter letter, SendOutcome outcome, SmtpFault fault, DateTime now,
        CancellationToken cancel)
    {
        var why = $"{fault.Sentence} {fault.Remedy}".Trim();
        if (fault.Party == SmtpFaultParty.Mailbox && fault.IsPermanent)
            await MailboxStore.SetState(session, letter.Mailbox.Id, MailboxState.Broken, why, now, cancel);
        else if (fault.Stage <= SmtpStage.Auth || fault.Party == SmtpFaultParty.Mailbox)
            await MailboxStore.SetExhausted(session, letter.Mailbox.Id, RestedAt(fault, now), why, cancel);
        else if (outcome is SendOutcome.Rejected)
        {
            await Refused(session, letter, fault, why, now, cancel);
            return;
        }
        else if (await AttemptStore.CountDeferred(session, letter.Intent.Id, cancel) is var tries
            && tries > MaxRetries)
        {
            await Refused(session, letter, fault, $"Given up after {tries} tries. {why}", now, cancel);
            return;
        }
        else
        {
            await Later(session, letter, why, now + (FirstRetryAfter * (1 << (tries - 1))), now, cancel);
            return;
        }

        await Later(session, letter, why, RestedAt(fault, now), now, cancel);
    }

    static DateTime RestedAt(SmtpFault fault, DateTime now) => now + (fault.RestFor ?? ServerRestsFor);

    static async Task Later(
        Session session, Letter letter, string why, DateTime dueAt, DateTime now, CancellationToken cancel)
    {
        if (await Replan(session, letter, why, dueAt, now, cancel))
            await Progress.Log(session, letter, "deferred", $"Put off: {why}", now, cancel);
    }

    /// <summary>
    /// Back into the queue; cancelled when the enrollment ended while the message was under way.
    /// </summary>
    static async Task<bool> Replan(
        Session session, Letter letter, string why, DateTime dueAt, DateTime now, CancellationToken cancel)
    {
        var enrollment = await EnrollmentStore.Hold(session, letter.Intent.EnrollmentId, cancel);
        var hasEnded = enrollment?.State == EnrollmentState.Finished;
        var state = hasEnded ? IntentState.Cancelled : IntentState.Planned;
        if (await IntentStore.Settle(session, letter.Intent, state, why, dueAt, now, cancel) != 1)
            return false;
        await MessageStore.SetState(
            session, letter.Message.Id, hasEnded ? MessageState.Cancelled : MessageState.Scheduled, why, null,
            cancel);
        return !hasEnded;
    }

    static async Task Refused(
        Session session, Letter letter, SmtpFault fault, string why, DateTime now, CancellationToken cancel)
    {
        if (await IntentStore.Settle(
            session, letter.Intent, IntentState.Rejected, why, null, now, cancel) != 1) return;
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Failed, why, null, cancel);
        var isHardBounce = fault is { Party: SmtpFaultParty.Recipient, IsPermanent: true };
        await Progress.Log(session, letter, isHardBounce ? "bounced" : "failed", why, now, cancel);
        await EnrollmentStore.Finish(
            session, letter.Intent.EnrollmentId, isHardBounce ? FinishReason.Bounced : FinishReason.Failed,
            now, cancel);
        if (isHardBounce)
            await Suppressions.AddTo(session, letter.To, "hard_bounce", fault.Text, "smtp", now, cancel);
    }

    /// <summary>Written even while the node stops; a database that is briefly away is waited for.</summary>
    async Task Surely(Letter letter, Func<Session, DateTime, Task> work)
    {
        var pause = FirstRecordingPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                await InWorkspace(letter, work, CancellationToken.None);
                return;
            }
            catch (NpgsqlException away) when (attempt < RecordingTries)
            {
                log.LogWarning(
                    "The outcome of message {Id} cannot be written yet: {Reason}", letter.Message.Id,
                    away.Message);
                await Task.Delay(pause, time, CancellationToken.None);
            }
        }
    }

    Task InWorkspace(Letter letter, Func<Session, DateTime, Task> work, CancellationToken cancel) =>
        database.InWorkspace(
            letter.Intent.WorkspaceId,
            async session =>
            {
                // Locked in the order of an unsubscribe, enrollment before intent, so that neither waits for
                // ever.
                await EnrollmentStore.Hold(session, letter.Intent.EnrollmentId, cancel);
                await work(session, time.GetUtcNow().UtcDateTime);
                await session.Announce("campaigns", letter.Intent.EnrollmentId, cancel);
            },
            cancel);

    static SmtpFault FaultOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Deferred deferred => deferred.Fault,
        SendOutcome.Rejected rejected => rejected.Fault,
        _ => throw new InvalidOperationException($"{outcome} is no fault."),
    };

    static string StageWord(SmtpFault fault) => fault.Stage.ToString().ToLowerInvariant();
}
