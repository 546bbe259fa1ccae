using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with one contact's way through a sequence.</summary>
public sealed class Enrollments(Database database, TimeProvider time)
{
    /// <summary>Holds it where it is; what was planned for it stays, and is not sent meanwhile.</summary>
    public Task Pause(long workspaceId, long id, string reason, CancellationToken cancel) =>
        Change(
            workspaceId, id, EnrollmentState.Active, "paused",
            (session, enrollment, _) => EnrollmentStore.Pause(session, enrollment.Id, reason, cancel), cancel);

    /// <summary>Goes on where it was held; what was sent is not sent again.</summary>
    public Task Resume(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id, EnrollmentState.Paused, "resumed",
            (session, enrollment, _) => EnrollmentStore.Resume(session, enrollment.Id, cancel), cancel);

    /// <summary>Leaves the next step out; what was written or asked for it is taken back.</summary>
    public Task Skip(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id, null, "moved on",
            async (session, enrollment, now) =>
            {
                if (await EnrollmentStore.IsBeingSent(session, enrollment.Id, cancel))
                    throw new RuleBroken(
                        "being_sent", "Its message is on its way at this moment; nothing can be skipped now.");
                await EnrollmentStore.CancelOpen(session, [enrollment.Id], "Step skipped", now, cancel);
                var sequence = await Sequence.Load(session, enrollment.CampaignId, cancel);
                var current = sequence.Find(enrollment.NextStepId);
                await NextStep.GoOn(
                    session, enrollment, sequence, current is null ? null : sequence.After(current),
                    isTouched: false, now, cancel);
                await ActivityStore.Append(
                    session, enrollment.LeadId, "skipped", "campaign", "A step was skipped by hand", now,
                    cancel);
            },
            cancel);

    /// <summary>Takes the contact out of the campaign for good.</summary>
    public Task Stop(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id, null, "stopped",
            (session, enrollment, now) => EnrollmentStore.Finish(
                session, enrollment.Id, FinishReason.Removed, now, cancel), cancel);

    Task Change(
        long workspaceId, long id, EnrollmentState? needed, string verb,
        Func<Session, Enrollment, DateTime, Task> work, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var enrollment = await EnrollmentStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("enrollment", id);
                if (enrollment.State == EnrollmentState.Finished
                    || (needed is { } state && enrollment.State != state))
                    throw new RuleBroken(
                        "enrollment_state",
                        $"It is {enrollment.State.ToString().ToLowerInvariant()}; it cannot be {verb}.");
                await work(session, enrollment, time.GetUtcNow().UtcDateTime);
                await session.Announce("campaigns", enrollment.CampaignId, cancel);
            },
            cancel);
}
