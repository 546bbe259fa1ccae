using System.Text;
using Microsoft.AspNetCore.Mvc;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>The buttons of a running import, and the sample file.</summary>
static class ImportActions
{
    const string Sample =
        """
        First name,Last name,Job title,E-mail address,Company,Company website,City,Country
        Ann,Example,Chief Technology Officer,ann@example.com,Example Works,https://example.com,Vienna,Austria
        Bob,Sample,Founder,bob@example.org,Sample Labs,https://example.org,Lisbon,Portugal
        """;

    public static void MapImportActions(this WebApplication app)
    {
        app.MapGet("/leads/import/sample.csv", () =>
            Results.File(Encoding.UTF8.GetBytes(Sample + "\n"), "text/csv; charset=utf-8",
                "overture-sample.csv"))
            .RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
        app.MapAction("/leads/import/{id:long}/cancel", Policies.Member,
            (long id, HttpContext http, Imports imports, JobQueue jobs, CancellationToken cancel) =>
                OnJob(id, http, imports, job => jobs.Cancel(http.Caller().WorkspaceId, job, cancel), cancel));
        app.MapAction("/leads/import/{id:long}/resume", Policies.Member,
            (long id, HttpContext http, Imports imports, JobQueue jobs, CancellationToken cancel) =>
                OnJob(id, http, imports, job => jobs.Retry(http.Caller().WorkspaceId, job, cancel), cancel));
        MapPresets(app);
    }

    static void MapPresets(WebApplication app) =>
        app.MapAction("/leads/import/presets/{id:long}/delete", Policies.Member,
            (long id, HttpContext http, Imports imports, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "The preset is deleted.",
                    by => imports.DeletePreset(by.WorkspaceId, id, cancel)));

    static async Task<IResult> OnJob(
        long id, HttpContext http, Imports imports, Func<long, Task> act, CancellationToken cancel)
    {
        var import = await imports.Get(http.Caller().WorkspaceId, id, cancel);
        if (import.JobId is not { } job) throw RuleBroken.NotFound("job of import", id);
        try
        {
            await act(job);
        }
        catch (RuleBroken late) when (late.Code is "job_finished" or "job_not_retryable")
        {
            // The work ended while the button was on its way; the page says how.
        }

        return Results.LocalRedirect(ImportPage.Address(id, "/run"));
    }
}
