using Microsoft.AspNetCore.Mvc;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class DuplicateActions
{
    public static void MapDuplicateActions(this WebApplication app)
    {
        app.MapAction("/duplicates/{id:long}/merge", Policies.Member,
            (long id, HttpContext http, Duplicates duplicates, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, "Merged: the older one has everything now.",
                    by => duplicates.Merge(by.WorkspaceId, id, by.Name, cancel)));
        app.MapAction("/duplicates/{id:long}/keep-apart", Policies.Member,
            (long id, HttpContext http, Duplicates duplicates, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, "Kept apart. This pair is not asked about again.",
                    by => duplicates.KeepApart(by.WorkspaceId, id, by.Name, cancel)));
    }
}
