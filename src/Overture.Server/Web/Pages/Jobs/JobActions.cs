using Overture.Core.Jobs;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class JobActions
{
    public static void MapJobActions(this WebApplication app)
    {
        app.MapAction("/jobs/{id:long}/cancel", Policies.Member,
            (long id, HttpContext http, JobQueue jobs, CancellationToken cancel) => PageActions.Do(
                http, $"/jobs/{id}", "The job is cancelled at its next safe point.",
                by => jobs.Cancel(by.WorkspaceId, id, cancel)));
        app.MapAction("/jobs/{id:long}/retry", Policies.Member,
            (long id, HttpContext http, JobQueue jobs, CancellationToken cancel) => PageActions.Do(
                http, $"/jobs/{id}", "The job goes on from where it stopped.",
                by => jobs.Retry(by.WorkspaceId, id, cancel)));
    }
}
