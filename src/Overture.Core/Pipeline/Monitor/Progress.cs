using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a finished touch moves: the enrollment to its next step, and the log of the lead.</summary>
static class Progress
{
    public static async Task Advance(
        Session session, long enrollmentId, DateTime now, CancellationToken cancel) =>
        await Advance(session, await EnrollmentStore.HoldAll(session, [enrollmentId], cancel), now, cancel);

    /// <summary>Moves many at once; their rows are held by the caller.</summary>
    public static async Task Advance(
        Session session, IReadOnlyList<Enrollment> held, DateTime now, CancellationToken cancel)
    {
        var next = new List<(long, int, DateTime)>();
        var completed = new List<long>();
        foreach (var campaign in held.Where(one => one.State != EnrollmentState.Finished)
            .GroupBy(one => one.CampaignId))
        {
            var steps = await CampaignStore.Steps(session, campaign.Key, cancel);
            foreach (var enrollment in campaign)
                if (steps.FirstOrDefault(step => step.Position == enrollment.NextPosition + 1) is { } step)
                    next.Add((enrollment.Id, step.Position, now.AddDays(step.DelayDays)));
                else
                    completed.Add(enrollment.Id);
        }

        if (next.Count > 0) await EnrollmentStore.AdvanceMany(session, next, cancel);
        await EnrollmentStore.FinishMany(session, completed, FinishReason.Completed, now, cancel);
    }

    public static async Task Log(
        Session session, Letter letter, string kind, string summary, DateTime now, CancellationToken cancel)
    {
        var enrollment = await EnrollmentStore.Hold(session, letter.Intent.EnrollmentId, cancel);
        await EventStore.Append(
            session, kind, enrollment?.CampaignId, letter.Intent.EnrollmentId, letter.Message.Id,
            letter.Message.ContactId, JsonSerializer.Serialize(new { detail = summary }), now, cancel);
        await ActivityStore.Append(
            session, letter.LeadId, kind, letter.Mailbox.Address, summary, now, cancel);
    }
}
