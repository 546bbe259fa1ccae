using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>Whether a campaign's messages tell that they were opened, and that their links were followed.</summary>
public sealed record CampaignTracking(bool Opens, bool Clicks)
{
    public static CampaignTracking Off { get; } = new(false, false);

    public bool IsOff => !Opens && !Clicks;
}

/// <summary>Opens and clicks of a campaign: people and machines, each message counted once.</summary>
public sealed record TrackingCounts(long OpenedByPeople, long OpenedByMachines, long ClickedByPeople,
    long ClickedByMachines);

/// <summary>What a person may do with the tracking of a campaign. It is off until somebody switches it on.</summary>
public sealed class Trackings(Database database, TimeProvider time)
{
    public Task<CampaignTracking> Get(long workspaceId, long campaignId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => TrackingStore.Get(session, campaignId, cancel), cancel);

    public Task<TrackingCounts> Counts(long workspaceId, long campaignId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => TrackingStore.Counts(session, campaignId, cancel), cancel);

    /// <summary>Holds for messages that leave from now on.</summary>
    public Task Put(
        long workspaceId, long campaignId, CampaignTracking wanted, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await CampaignStore.Find(session, campaignId, cancel) is null)
                    throw RuleBroken.NotFound("campaign", campaignId);
                await TrackingStore.Put(
                    session, campaignId, wanted, by, time.GetUtcNow().UtcDateTime, cancel);
                await session.Announce("campaigns", campaignId, cancel);
            },
            cancel);
}
