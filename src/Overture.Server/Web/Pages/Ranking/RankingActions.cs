using Microsoft.AspNetCore.Mvc;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Ranking;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class RankingActions
{
    const string Page = "/ranking";

    public static void MapRankingActions(this WebApplication app)
    {
        app.MapAction("/ranking/train", Policies.Member,
            (HttpContext http, JobQueue jobs, CancellationToken cancel) => PageActions.Do(
                http, Page, "The training has begun.", by => jobs.Enqueue(
                    by.WorkspaceId, TrainRanking.Name, new TrainRanking.Args(), by.Name, cancel,
                    TrainRanking.UniqueKey)));
        app.MapAction("/ranking/mode", Policies.Member,
            (HttpContext http, Rankings rankings, [FromForm] RankingMode mode, CancellationToken cancel) =>
                PageActions.Do(
                    http, Page, "Leads that wait are put in order anew.",
                    by => rankings.Switch(by.WorkspaceId, mode, by.Name, cancel)));
        app.MapAction("/ranking/models/{id:long}/pin", Policies.Member,
            (long id, HttpContext http, LearnedModels models, CancellationToken cancel) => PageActions.Do(
                http, Page, $"Model {id} is pinned; leads that wait are ranked by it.",
                by => models.Pin(by.WorkspaceId, id, cancel)));
        app.MapAction("/ranking/models/{id:long}/unpin", Policies.Member,
            (long id, HttpContext http, LearnedModels models, CancellationToken cancel) => PageActions.Do(
                http, Page, "Unpinned: the next model that is no worse takes over.",
                by => models.Unpin(by.WorkspaceId, id, cancel)));
    }
}
