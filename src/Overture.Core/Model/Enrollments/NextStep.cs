using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>Moves an enrollment from one step to the next.</summary>
static class NextStep
{
    /// <summary>Its step is over, and as a rule it has reached the person: on to the next one.</summary>
    public static async Task Advance(
        Session session, long enrollmentId, DateTime now, CancellationToken cancel, bool isTouched = true)
    {
        var enrollment = await EnrollmentStore.Hold(session, enrollmentId, cancel)
            ?? throw RuleBroken.NotFound("enrollment", enrollmentId);
        if (enrollment.State == EnrollmentState.Finished) return;
        var sequence = await Sequence.Load(session, enrollment.CampaignId, cancel);
        var current = sequence.Find(enrollment.NextStepId);
        var next = current is null ? null : sequence.After(current);
        await GoOn(session, enrollment, sequence, next, isTouched, now, cancel);
    }

    /// <summary>
    /// The same for many that have reached their people, held by the caller: one look at each campaign's
    /// sequence, and one statement for all that go on.
    /// </summary>
    public static async Task AdvanceAll(
        Session session, IReadOnlyList<Enrollment> held, DateTime now, CancellationToken cancel)
    {
        var taken = await EnrollmentStore.StepsTaken(session, [.. held.Select(one => one.Id)], cancel);
        var onward = new List<(long, long, DateTime)>();
        foreach (var members in held.Where(one => one.State != EnrollmentState.Finished)
            .GroupBy(one => one.CampaignId))
        {
            var sequence = await Sequence.Load(session, members.Key, cancel);
            foreach (var enrollment in members)
            {
                var next = sequence.Find(enrollment.NextStepId) is { } current ? sequence.After(current) : null;
                if (next is null or { InWorkingDays: true } || taken[enrollment.Id].Contains(next.Id))
                    await GoOn(session, enrollment, sequence, next, isTouched: true, now, cancel);
                else
                    onward.Add((enrollment.Id, next.Id, now.AddDays(next.DelayDays)));
            }
        }

        if (onward.Count > 0) await EnrollmentStore.GoToAll(session, onward, cancel);
    }

    /// <summary>
    /// To a step, or to the first one after it that has not reached the person before; the sequence is
    /// completed when there is none.
    /// </summary>
    public static async Task GoOn(
        Session session, Enrollment enrollment, Sequence sequence, Step? next, bool isTouched, DateTime now,
        CancellationToken cancel)
    {
        var taken = await EnrollmentStore.StepsTaken(session, enrollment.Id, cancel);
        while (next is not null && taken.Contains(next.Id)) next = sequence.After(next);
        if (next is null)
        {
            await EnrollmentStore.Finish(session, enrollment.Id, FinishReason.Completed, now, cancel);
            return;
        }

        var dueAt = now.AddDays(next.DelayDays);
        if (next.InWorkingDays)
        {
            var campaign = await CampaignStore.Find(session, enrollment.CampaignId, cancel)
                ?? throw RuleBroken.NotFound("campaign", enrollment.CampaignId);
            dueAt = StepDelay.After(next, await StepDelay.WindowOf(session, campaign, cancel), now);
        }

        await EnrollmentStore.GoTo(session, enrollment.Id, next.Id, isTouched, dueAt, cancel);
    }
}
