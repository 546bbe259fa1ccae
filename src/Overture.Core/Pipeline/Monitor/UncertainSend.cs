using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// What follows when nobody knows whether a message left, and when that becomes known. Only evidence or a
/// person leads out; the same step is never sent again because of silence.
/// </summary>
static class UncertainSend
{
    public const string TaskKind = "settle_uncertain";

    /// <summary>Servers show what they took with a delay.</summary>
    static readonly TimeSpan FirstLookAfter = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The intent has become uncertain. Where the mailbox can be looked into, it is searched for; else a
    /// person is asked, and the campaign says whether the sequence goes on meanwhile.
    /// </summary>
    public static async Task Begin(
        Session session, Letter letter, long attemptId, string reason, DateTime now, CancellationToken cancel)
    {
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Sent, reason, now, cancel);
        await Progress.Log(session, letter, "uncertain", $"May have been sent: {reason}", now, cancel);
        if (!letter.Mailbox.IsGmail
            && await MailboxReaderStore.Find(session, letter.Mailbox.Id, cancel) is null)
            await AskPerson(session, letter, now, cancel);
        else
            await VerificationStore.Begin(
                session, attemptId, letter.Intent.Id, letter.Mailbox.Id, now + FirstLookAfter, cancel);
    }

    /// <summary>Nothing can be found out by itself.</summary>
    public static async Task AskPerson(
        Session session, Letter letter, DateTime now, CancellationToken cancel)
    {
        await VerificationStore.End(session, letter.Intent.Id, cancel);
        await TaskStore.InsertForStep(
            session,
            new HumanTask
            {
                LeadId = letter.LeadId, EnrollmentId = letter.Intent.EnrollmentId,
                MessageId = letter.Message.Id, Kind = TaskKind,
                Title = $"Look whether the message to {letter.To} arrived",
                Link = $"/messages/{letter.Message.Id}",
            },
            now, cancel);
        var enrollment = await EnrollmentStore.Hold(session, letter.Intent.EnrollmentId, cancel);
        var campaign = enrollment is null
            ? null : await CampaignStore.Find(session, enrollment.CampaignId, cancel);
        if (campaign?.OnUncertain == OnUncertain.AssumeSent)
            await GoOn(session, letter, isTouched: true, now, cancel);
    }

    /// <summary>It did leave. Its sequence goes on, unless it went on before.</summary>
    public static async Task Arrived(
        Session session, Letter letter, IntentState state, string words, string by, DateTime now,
        CancellationToken cancel)
    {
        await VerificationStore.End(session, letter.Intent.Id, cancel);
        await IntentStore.Decide(
            session, letter.Intent.Id, IntentState.Uncertain, state, words, now, cancel);
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Sent, null, null, cancel);
        await TaskStore.FinishFor(session, letter.Message.Id, TaskKind, by, now, cancel);
        await Progress.Log(session, letter, "sent", words, now, cancel);
        await GoOn(session, letter, isTouched: true, now, cancel);
    }

    /// <summary>
    /// It reached nobody, and is sent once more with the same marks; not if all contact has ended.
    /// </summary>
    public static async Task SendAgain(
        Session session, Letter letter, long attemptId, string words, string by, DateTime now,
        CancellationToken cancel)
    {
        var enrollment = await EnrollmentStore.Hold(session, letter.Intent.EnrollmentId, cancel);
        var hasEnded = enrollment?.State == EnrollmentState.Finished;
        await VerificationStore.End(session, letter.Intent.Id, cancel);
        await AttemptStore.Decide(session, attemptId, "absent", words, now, cancel);
        await IntentStore.Decide(
            session, letter.Intent.Id, IntentState.Uncertain,
            hasEnded ? IntentState.Cancelled : IntentState.Planned, words, now, cancel);
        await MessageStore.SetState(
            session, letter.Message.Id, hasEnded ? MessageState.Cancelled : MessageState.Scheduled, words,
            null, cancel);
        await TaskStore.FinishFor(session, letter.Message.Id, TaskKind, by, now, cancel);
        await Progress.Log(session, letter, "deferred", words, now, cancel);
        if (!hasEnded)
            await EnrollmentStore.ReturnTo(
                session, letter.Intent.EnrollmentId, letter.Message.StepId, cancel);
    }

    /// <summary>It reached nobody, and is left at that.</summary>
    public static async Task Leave(
        Session session, Letter letter, long attemptId, string words, string by, DateTime now,
        CancellationToken cancel)
    {
        await VerificationStore.End(session, letter.Intent.Id, cancel);
        await AttemptStore.Decide(session, attemptId, "absent", words, now, cancel);
        await IntentStore.Decide(
            session, letter.Intent.Id, IntentState.Uncertain, IntentState.Cancelled, words, now, cancel);
        await MessageStore.SetState(session, letter.Message.Id, MessageState.Cancelled, words, null, cancel);
        await TaskStore.FinishFor(session, letter.Message.Id, TaskKind, by, now, cancel);
        await Progress.Log(session, letter, "failed", words, now, cancel);
        await GoOn(session, letter, isTouched: false, now, cancel);
    }

    static async Task GoOn(
        Session session, Letter letter, bool isTouched, DateTime now, CancellationToken cancel)
    {
        var enrollment = await EnrollmentStore.Hold(session, letter.Intent.EnrollmentId, cancel);
        if (enrollment is { State: not EnrollmentState.Finished, DueAt: null }
            && enrollment.NextStepId == letter.Message.StepId)
            await NextStep.Advance(session, enrollment.Id, now, cancel, isTouched);
    }
}
