using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class SuppressionActions
{
    public static void MapSuppressionActions(this WebApplication app) =>
        app.MapAction("/suppressions/{id:long}/remove", Policies.Admin,
            (long id, HttpContext http, Suppressions suppressions, [FromForm] string? back,
                CancellationToken cancel) => PageActions.Do(
                http, back, "Taken off the list. Sequences that ended by it stay ended.",
                by => suppressions.Remove(by.WorkspaceId, id, cancel)));
}
