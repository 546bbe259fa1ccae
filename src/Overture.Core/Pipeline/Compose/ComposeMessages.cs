using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Compose phase: takes every enrollment that is due through its next step. A touch is written and its
/// sending planned, or a person is asked; a wait is over; a condition parts the ways. What cannot be written
/// stays due, with the reason in words. A batch is read together, decided one by one and written together.
/// </summary>
public sealed class ComposeMessages(Database database, WriteTouch touches, TimeProvider time)
{
    const int BatchSize = 200;

    /// <summary>How long a blocked enrollment rests before it is looked at again.</summary>
    internal static readonly TimeSpan BlockedFor = TimeSpan.FromHours(1);

    /// <summary>
    /// Handles one batch; returns how many enrollments were handled. 0 means nothing is due.
    /// </summary>
    public Task<int> RunBatch(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => RunBatch(session, cancel), cancel);

    async Task<int> RunBatch(Session session, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var due = await EnrollmentStore.ClaimDue(session, now, BatchSize, cancel);
        if (due.Count == 0) return 0;
        await session.FindByKeys(cancel);
        var batch = new BatchInUse(
            session, await People.Load(session, due, cancel),
            await Rotation.Load(session, due, now, cancel), new ComposedEmails(), now);
        var campaigns = new Dictionary<long, CampaignInUse>();
        foreach (var enrollment in due)
        {
            if (!campaigns.TryGetValue(enrollment.CampaignId, out var campaign))
                campaigns[enrollment.CampaignId] = campaign =
                    await CampaignInUse.Load(session, enrollment.CampaignId, cancel);
            await Take(batch, enrollment, campaign, cancel);
        }

        var writing = session.Together();
        batch.Emails.Keep(writing, now);
        batch.Rotation.Keep(writing);
        writing.Announce("campaigns", 0);
        await writing.Send(cancel);
        return due.Count;
    }

    async Task Take(
        BatchInUse batch, Enrollment enrollment, CampaignInUse campaign, CancellationToken cancel)
    {
        var (session, now) = (batch.Session, batch.Now);
        if (campaign.Find(enrollment.NextStepId) is not { } step)
        {
            await EnrollmentStore.Finish(session, enrollment.Id, FinishReason.Completed, now, cancel);
            return;
        }

        if (step.Kind == StepKind.Wait)
        {
            await Tell(session, enrollment, "waited", step, null, now, cancel);
            await GoOn(session, enrollment, campaign, campaign.Sequence.After(step), now, cancel);
            return;
        }

        var sender = await batch.Rotation.SenderOf(session, enrollment, campaign.Mailbox, cancel);
        campaign = campaign with { Mailbox = sender };
        var person = batch.People.Of(enrollment, sender);
        if (step.Condition is { } condition)
            await Decide(session, enrollment, campaign, step, condition, person, now, cancel);
        else if (await touches.Run(batch, enrollment, campaign, step, person, cancel) is false)
            await GoOn(session, enrollment, campaign, campaign.Sequence.After(step), now, cancel);
    }

    static async Task Decide(
        Session session, Enrollment enrollment, CampaignInUse campaign, Step step, StepCondition condition,
        LeadInUse person, DateTime now, CancellationToken cancel)
    {
        var answer = await ConditionAnswer.For(
            session, condition, enrollment, person.Fields, person.Lead.Score, now, cancel);
        if (answer is not { } isYes)
        {
            await EnrollmentStore.WaitForAnswer(
                session, enrollment.Id, enrollment.WaitsSince ?? now,
                ConditionAnswer.Until(condition, enrollment, now), cancel);
            return;
        }

        await Tell(session, enrollment, "branched", step, isYes, now, cancel);
        await GoOn(
            session, enrollment, campaign, campaign.Sequence.Way(condition, isYes), now, cancel);
    }

    static Task GoOn(
        Session session, Enrollment enrollment, CampaignInUse campaign, Step? next, DateTime now,
        CancellationToken cancel) =>
        NextStep.GoOn(session, enrollment, campaign.Sequence, next, isTouched: false, now, cancel);

    static Task<int> Tell(
        Session session, Enrollment enrollment, string kind, Step step, bool? answer, DateTime now,
        CancellationToken cancel) =>
        EventStore.Append(
            session, kind, enrollment.CampaignId, enrollment.Id, null, enrollment.ContactId,
            JsonSerializer.Serialize(new { step = step.Id, answer }), now, cancel);
}

/// <summary>What a batch of enrollments has in common while it is composed.</summary>
sealed record BatchInUse(
    Session Session, People People, Rotation Rotation, ComposedEmails Emails, DateTime Now);
