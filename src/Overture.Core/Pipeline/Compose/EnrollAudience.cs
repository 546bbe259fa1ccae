using NodaTime;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Enrolls the leads that a running campaign's audience names, as many as its day and its pilot allow.
/// </summary>
public sealed class EnrollAudience(Database database, TimeProvider time)
{
    const int BatchSize = 500;

    /// <summary>Enrolls one batch for each running campaign; returns how many leads were enrolled.</summary>
    public Task<int> RunBatch(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaigns = await CampaignStore.List(session, cancel);
                var enrolled = 0;
                foreach (var campaign in campaigns.Where(campaign => campaign.State == CampaignState.Running))
                    enrolled += await Enroll(session, campaign, cancel);
                if (enrolled > 0) await session.Announce("campaigns", 0, cancel);
                return enrolled;
            },
            cancel);

    async Task<int> Enroll(Session session, Campaign campaign, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var window = await StepDelay.WindowOf(session, campaign, cancel);
        var today = DateOnly.FromDateTime(
            Instant.FromDateTimeUtc(now).InZone(StepDelay.ZoneOf(window)).ToDateTimeUnspecified());
        var (total, thatDay) = await CampaignStore.Enrolled(session, campaign.Id, today, cancel);
        var room = Room(campaign, total, thatDay);
        if (room <= 0) return 0;
        var audience = await SegmentStore.AudienceOf(session, campaign, cancel);
        var ids = await LeadListStore.NotEnrolled(session, audience, campaign, room, cancel);
        if (ids.Count == 0) return 0;
        var sequence = await Sequence.Load(session, campaign.Id, cancel);
        var dueAt = sequence.First is { } first ? StepDelay.After(first, window, now) : now;
        var added = await EnrollmentStore.Insert(
            session, campaign, sequence.First?.Id, ids, total, dueAt, now, cancel);
        await CampaignStore.CountEnrolled(session, campaign.Id, today, added.Count, cancel);
        foreach (var (id, leadId, contactId) in added)
        {
            await LeadStore.SetState(session, leadId, LeadState.Enrolled, null, now, cancel);
            await EventStore.Append(session, "enrolled", campaign.Id, id, null, contactId, null, now, cancel);
            await ActivityStore.Append(
                session, leadId, "enrolled", "campaign", $"Enrolled in “{campaign.Name}”", now, cancel);
        }

        return added.Count;
    }

    static int Room(Campaign campaign, long total, int thatDay)
    {
        var room = (long)BatchSize;
        if (campaign.NewPerDayLimit is { } limit) room = Math.Min(room, limit - thatDay);
        if (campaign.PilotSize is { } pilot) room = Math.Min(room, pilot - total);
        return (int)Math.Max(room, 0);
    }
}
