using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Enrolls the leads that a running campaign's audience names and that are not enrolled anywhere yet.
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
        var audience = JsonSerializer.Deserialize<LeadFilter>(campaign.Audience, JobJson.Options)
            ?? new LeadFilter();
        var ids = await LeadListStore.NotEnrolled(session, audience, campaign.Id, BatchSize, cancel);
        if (ids.Count == 0) return 0;
        var added = await EnrollmentStore.Insert(session, campaign.Id, ids, now, cancel);
        foreach (var (id, leadId, contactId) in added)
        {
            await LeadStore.SetState(session, leadId, LeadState.Enrolled, null, now, cancel);
            await EventStore.Append(session, "enrolled", campaign.Id, id, null, contactId, null, now, cancel);
            await ActivityStore.Append(
                session, leadId, "enrolled", "campaign", $"Enrolled in “{campaign.Name}”", now, cancel);
        }

        return added.Count;
    }
}
