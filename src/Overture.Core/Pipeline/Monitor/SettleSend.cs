using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a person may say of a message whose fate is not known.</summary>
public enum Verdict
{
    Arrived,
    SendAgain,
    Leave,
}

/// <summary>What a person decides about uncertain messages, and the evidence they decide by.</summary>
public sealed class SettleSend(Database database, TimeProvider time)
{
    const int MostListed = 500;

    public Task<IReadOnlyList<UncertainMessage>> Open(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => VerificationStore.Open(session, MostListed, cancel), cancel);

    public Task<IReadOnlyList<SendEvidence>> Evidence(
        long workspaceId, long messageId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await MessageStore.Find(session, messageId, cancel) is null
                ? throw RuleBroken.NotFound("message", messageId)
                : await VerificationStore.Evidence(session, messageId, cancel),
            cancel);

    public Task Settle(
        long workspaceId, long messageId, Verdict verdict, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var message = await MessageStore.Find(session, messageId, cancel)
                    ?? throw RuleBroken.NotFound("message", messageId);
                var enrollment = await EnrollmentStore.Hold(session, message.EnrollmentId, cancel)
                    ?? throw RuleBroken.NotFound("enrollment", message.EnrollmentId);
                var (intentId, attemptId) = await VerificationStore.HoldUncertain(session, messageId, cancel)
                    ?? throw new RuleBroken(
                        "message_not_uncertain", "What became of this message is known already.");
                if (verdict == Verdict.SendAgain) CheckSendAgain(enrollment, message);
                await Settle(session, intentId, attemptId, verdict, by, cancel);
                await session.Announce("campaigns", 0, cancel);
            },
            cancel);

    async Task Settle(
        Session session, long intentId, long attemptId, Verdict verdict, string by, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var letter = await Letter.Of(session, (await IntentStore.Hold(session, intentId, cancel))!, cancel);
        await VerificationStore.Add(
            session, intentId, attemptId,
            new SendEvidence
            {
                Source = EvidenceSource.Person, LookedAt = "by hand", LookedFor = letter.Message.MessageId,
                Result = verdict == Verdict.Arrived ? EvidenceResult.Found : EvidenceResult.Absent,
                Detail = $"{by} decided.", SeenAt = now,
            },
            cancel);
        switch (verdict)
        {
            case Verdict.Arrived:
                await UncertainSend.Arrived(
                    session, letter, IntentState.Assumed, $"{by} saw that it arrived.", by, now, cancel);
                break;
            case Verdict.SendAgain:
                await UncertainSend.SendAgain(
                    session, letter, attemptId, $"{by} saw that it did not arrive: it is sent again.", by,
                    now, cancel);
                break;
            default:
                await UncertainSend.Leave(
                    session, letter, attemptId, $"{by} saw that it did not arrive, and left it at that.", by,
                    now, cancel);
                break;
        }
    }

    /// <summary>A step is sent again only as long as nothing was written after it.</summary>
    static void CheckSendAgain(Enrollment enrollment, Message message)
    {
        if (enrollment.State == EnrollmentState.Finished)
            throw new RuleBroken("enrollment_finished", WhyEnded(enrollment.FinishReason));
        if (enrollment.NextStepId != message.StepId && enrollment.DueAt is null)
            throw new RuleBroken(
                "next_step_written", "The next message was written already. Write by hand instead.");
    }

    /// <summary>What has ended stays so; the sentence says why, and what can be done instead.</summary>
    static string WhyEnded(FinishReason? reason) => reason switch
    {
        FinishReason.Replied or FinishReason.CompanyReplied =>
            "They have replied, so the sequence is not sent on. Answer them in the inbox, and settle this "
            + "message as left.",
        FinishReason.Unsubscribed or FinishReason.Complained or FinishReason.Suppressed =>
            "They must not be written to any more. Settle this message as left.",
        FinishReason.Bounced =>
            "Their address refuses mail, so nothing is sent to it again. Settle this message as left.",
        FinishReason.Completed =>
            "The sequence went on as if it had arrived, and is over for this contact. Settle this message as "
            + "left and write by hand; or write the step in a new campaign that has this contact in its "
            + "audience.",
        _ => "The sequence was ended for this contact. Settle this message as left, and write by hand.",
    };
}
