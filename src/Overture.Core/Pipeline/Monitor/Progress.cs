using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a finished touch moves: the enrollment to its next step, and the log of the lead.</summary>
static class Progress
{
    public static async Task Advance(
        Session session, long enrollmentId, DateTime now, CancellationToken cancel)
    {
        var enrollment = await EnrollmentStore.Hold(session, enrollmentId, cancel)
            ?? throw RuleBroken.NotFound("enrollment", enrollmentId);
        if (enrollment.State == EnrollmentState.Finished) return;
        var next = enrollment.NextPosition + 1;
        var steps = await CampaignStore.Steps(session, enrollment.CampaignId, cancel);
        if (steps.FirstOrDefault(step => step.Position == next) is { } step)
            await EnrollmentStore.Advance(session, enrollmentId, next, now.AddDays(step.DelayDays), cancel);
        else
            await EnrollmentStore.Finish(session, enrollmentId, FinishReason.Completed, now, cancel);
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
