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

    /// <summary>The attempt was recorded, but too long ago to let the dot go: taken back.</summary>
    public Task HeldTooLong(Letter letter, long attemptId, CancellationToken cancel) =>
        InWorkspace(
            letter,
            async (session, now) =>
            {
                const string Reason =
                    "This computer was too slow between recording and sending; nothing was sent.";
                await AttemptStore.Close(session, attemptId, "deferred", "dot", null, Reason, now, cancel);
                await IntentStore.Settle(
                    session, letter.Intent, IntentState.Planned, Reason, now, now, cancel);
                await MessageStore.SetState(
                    session, letter.Message.Id, MessageState.Scheduled, Reason, null, cancel);
            },
            cancel);

    /// <summary>
    /// The dot has left. A database that is briefly away is waited for; after that recovery decides.
    /// </summary>
    public async Task AfterTheDot(Letter letter, long attemptId, string transport, SendOutcome outcome)
    {
        var pause = FirstRecordingPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                await InWorkspace(
                    letter, (session, now) => Apply(session, letter, attemptId, transport, outcome, now),
                    CancellationToken.None);
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

    static async Task Apply(
        Session session, Letter letter, long attemptId, string transport, SendOutcome outcome, DateTime now)
    {
        var cancel = CancellationToken.None;
        switch (outcome)
        {
            case SendOutcome.Accepted accepted when transport == "capture":
                await AttemptStore.Close(
                    session, attemptId, "captured", null, null, accepted.ResponseText, now, cancel);
                await AttemptStore.KeepCaptured(
                    session, attemptId, letter.Message.Id, letter.Mailbox.Address, letter.To, letter.Bytes,
                    now, cancel);
                await Sent(
                    session, letter, IntentState.Captured, "captured", "Captured by the dry run", now,
                    cancel);
                break;
            case SendOutcome.Accepted accepted:
                await AttemptStore.Close(
                    session, attemptId, "accepted", "dot", accepted.Code, accepted.ResponseText, now, cancel);
                await Sent(
                    session, letter, IntentState.Accepted, "sent", $"Sent: {accepted.ResponseText}", now,
                    cancel);
                break;
            case SendOutcome.Uncertain uncertain:
                await AttemptStore.Close(
                    session, attemptId, "uncertain", "dot", null, uncertain.Reason, now, cancel);
                await Uncertain(session, letter, uncertain.Reason, now, cancel);
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

    static async Task Sent(
        Session session, Letter letter, IntentState state, string kind, string summary, DateTime now,
        CancellationToken cancel)
    {
        if (await IntentStore.Settle(session, letter.Intent, state, null, null, now, cancel) != 1) return;
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Sent, null, now, cancel);
        await Progress.Log(session, letter, kind, summary, now, cancel);
        await Progress.Advance(session, letter.Intent.EnrollmentId, now, cancel);
    }

    /// <summary>
    /// It may have arrived: it counts as sent, is never sent again by itself, and a person is asked to look.
    /// </summary>
    static async Task Uncertain(
        Session session, Letter letter, string reason, DateTime now, CancellationToken cancel)
    {
        if (await IntentStore.Settle(
            session, letter.Intent, IntentState.Uncertain, reason, null, now, cancel) != 1)
            return;
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Sent, reason, now, cancel);
        await Progress.Log(session, letter, "uncertain", $"May have been sent: {reason}", now, cancel);
        await TaskStore.Insert(
            session, letter.LeadId, "settle_uncertain", $"Look whether the message to {letter.To} arrived",
            null, now, cancel);
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
            await MailboxStore.SetExhausted(session, letter.Mailbox.Id, now + ServerRestsFor, why, cancel);
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

        await Later(session, letter, why, now + ServerRestsFor, now, cancel);
    }

    static async Task Later(
        Session session, Letter letter, string why, DateTime dueAt, DateTime now, CancellationToken cancel)
    {
        await IntentStore.Settle(session, letter.Intent, IntentState.Planned, why, dueAt, now, cancel);
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Scheduled, why, null, cancel);
        await Progress.Log(session, letter, "deferred", $"Put off: {why}", now, cancel);
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

    Task InWorkspace(Letter letter, Func<Session, DateTime, Task> work, CancellationToken cancel) =>
        database.InWorkspace(
            letter.Intent.WorkspaceId,
            async session =>
            {
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
