using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a finished touch moves: the enrollment to its next step, and the log of the lead.</summary>
static class Progress
{
    /// <summary>Its step has reached the person: on to the next one.</summary>
    public static Task Advance(Session session, long enrollmentId, DateTime now, CancellationToken cancel) =>
        NextStep.Advance(session, enrollmentId, now, cancel);

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
