using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class TrackingApi
{
    public static void MapTracking(this IEndpointRouteBuilder api)
    {
        var tracking = api.MapGroup("/campaigns/{id:long}/tracking").WithTags("Campaigns")
            .AddEndpointFilter(CampaignsApi.OfOneThatExists);
        tracking.MapGet("", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("Whether opens and clicks are told, and how many were people's");
        tracking.MapPut("", Put).RequireAuthorization(Policies.Member)
            .WithSummary("Switch opens and clicks on or off; both are off at first");
    }

    static async Task<TrackingView> Get(
        long id, HttpContext http, Trackings trackings, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        return new TrackingView(
            await trackings.Get(workspace, id, cancel), await trackings.Counts(workspace, id, cancel));
    }

    static async Task<TrackingView> Put(
        long id, CampaignTracking wanted, HttpContext http, Trackings trackings, CancellationToken cancel)
    {
        var by = http.Caller();
        await trackings.Put(by.WorkspaceId, id, wanted, by.Name, cancel);
        return await Get(id, http, trackings, cancel);
    }
}

public sealed record TrackingView(CampaignTracking Tracking, TrackingCounts Counts);
