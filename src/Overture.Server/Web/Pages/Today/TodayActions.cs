using Microsoft.AspNetCore.Mvc;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class TodayActions
{
    public const int MostSamples = 5_000;
    public const int UsualSamples = 200;

    public static void MapTodayActions(this WebApplication app)
    {
        app.MapAction("/today/run", Policies.Member, Run);
        app.MapAction("/today/stop", Policies.Member, Stop);
        app.MapAction("/today/enrichment", Policies.Admin,
            (HttpContext http, Workspaces workspaces, [FromForm] string? mode, CancellationToken cancel) =>
            {
                var wanted = mode == "off" ? EnrichmentMode.Off : EnrichmentMode.Offline;
                return PageActions.Do(
                    http, "/",
                    wanted == EnrichmentMode.Off
                        ? "Enrichment is off."
                        : "Enrichment uses the offline rules.",
                    by => workspaces.SetEnrichmentMode(by.WorkspaceId, wanted, cancel));
            });
    }

    static Task<IResult> Run(
        HttpContext http, JobQueue jobs, PipelineReport report, [FromForm] string? count,
        CancellationToken cancel) =>
        PageActions.Do(http, "/", "The pipeline runs.", async by =>
        {
            if (!int.TryParse(count, out var samples) || samples is < 0 or > MostSamples)
                throw new RuleBroken(
                    "bad_count", $"Sample leads are a whole number from 0 to {MostSamples:N0}.", "count");
            // Another seed for every size of the workspace: the same seed would make the same people again.
            var seed = 1 + (int)((await report.Counts(by.WorkspaceId, cancel)).Collected % int.MaxValue);
            await jobs.Enqueue(
                by.WorkspaceId, RunPipeline.Name, new RunPipeline.Args(samples, seed), by.Name, cancel,
                RunPipeline.UniqueKey);
        });

    static Task<IResult> Stop(HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        PageActions.Do(http, "/", "The run stops at its next safe point.", async by =>
        {
            var latest = await jobs.List(by.WorkspaceId, RunPipeline.Name, null, null, 1, cancel);
            if (latest is [{ IsFinished: false } running])
                await jobs.Cancel(by.WorkspaceId, running.Id, cancel);
        });
}
