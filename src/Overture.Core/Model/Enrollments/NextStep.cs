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

    /// <summary>What moving many of them on looks at, asked for in one batch.</summary>
    public static Ways Read(Batch batch, long[] enrollmentIds) => new(
        EnrollmentStore.StepsTaken(batch, enrollmentIds), StepStore.OfEnrollments(batch, enrollmentIds));

    /// <summary>
    /// The same for many that have reached their people, held by the caller: those that just go on are
    /// written in one statement of the batch.
    /// </summary>
    public static async Task AdvanceAll(
        Batch batch, IReadOnlyList<Enrollment> held, Ways ways, DateTime now, CancellationToken cancel)
    {
        var taken = ways.Taken.Values.ToLookup(row => row.Id, row => row.StepId);
        var sequences = ways.Steps.Values.GroupBy(one => one.CampaignId).ToDictionary(
            group => group.Key, group => new Sequence([.. group.Select(one => one.ToStep())]));
        var onward = new List<(long, long, DateTime)>();
        foreach (var enrollment in held.Where(one => one.State != EnrollmentState.Finished))
        {
            var sequence = sequences.GetValueOrDefault(enrollment.CampaignId) ?? new Sequence([]);
            var next = sequence.Find(enrollment.NextStepId) is { } current ? sequence.After(current) : null;
            if (next is null or { InWorkingDays: true } || taken[enrollment.Id].Contains(next.Id))
                await GoOn(batch.Session, enrollment, sequence, next, isTouched: true, now, cancel);
            else
                onward.Add((enrollment.Id, next.Id, now.AddDays(next.DelayDays)));
        }

        if (onward.Count > 0) EnrollmentStore.GoToAll(batch, onward);
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

    /// <summary>The steps that enrollments have taken, and those of their campaigns.</summary>
    internal sealed record Ways(Rows<(long Id, long StepId)> Taken, Rows<StepRow> Steps);
}
