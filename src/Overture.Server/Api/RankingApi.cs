using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class RankingApi
{
    public static void MapRanking(this IEndpointRouteBuilder api)
    {
        api.MapGet("/ranking", (HttpContext http, Rankings rankings, CancellationToken cancel) =>
                rankings.Get(http.Caller().WorkspaceId, cancel))
            .RequireAuthorization(Policies.Viewer).WithTags("Ranking")
                .WithSummary("The ideal customer and the keywords");
        api.MapPut("/ranking", Put).RequireAuthorization(Policies.Member).WithTags("Ranking")
            .WithSummary("Change them; leads that wait are ranked again");
    }

    static async Task<RankingSettings> Put(
        RankingSettings settings, HttpContext http, Rankings rankings, CancellationToken cancel)
    {
        var by = http.Caller();
        await rankings.Put(by.WorkspaceId, settings, by.Name, cancel);
        return await rankings.Get(by.WorkspaceId, cancel);
    }
}
