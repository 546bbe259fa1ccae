using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>The buttons of lists and saved views, wherever they are shown.</summary>
static class ListActions
{
    public static void MapListActions(this WebApplication app)
    {
        app.MapAction("/lists/create", Policies.Member,
            (HttpContext http, LeadLists lists, [FromForm] string? name, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, $"The list “{name?.Trim()}” is there; it is empty.",
                    by => lists.Create(by.WorkspaceId, name ?? "", cancel)));
        app.MapAction("/lists/{id:long}/rename", Policies.Member,
            (long id, HttpContext http, LeadLists lists, [FromForm] string? name, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, $"The list is called “{name?.Trim()}” now.",
                    by => lists.Rename(by.WorkspaceId, id, name ?? "", cancel)));
        app.MapAction("/lists/{id:long}/delete", Policies.Member,
            (long id, HttpContext http, LeadLists lists, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "The list is deleted; its leads are still there.",
                    by => lists.Delete(by.WorkspaceId, id, cancel)));
        app.MapViewActions();
    }

    static void MapViewActions(this WebApplication app)
    {
        app.MapAction("/leads/views/save", Policies.Member,
            (HttpContext http, LeadLists lists, [FromForm] string? name, [FromForm] string? query,
                CancellationToken cancel) =>
                PageActions.Do(http, "/leads?" + LeadAddress.Canonical(query),
                    $"The view “{name?.Trim()}” is saved.",
                    by => lists.SaveView(
                        by.WorkspaceId, name ?? "", LeadAddress.Canonical(query), by.Name, cancel)));
        app.MapAction("/leads/views/{id:long}/rename", Policies.Member,
            (long id, HttpContext http, LeadLists lists, [FromForm] string? name, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, $"The view is called “{name?.Trim()}” now.",
                    by => lists.RenameView(by.WorkspaceId, id, name ?? "", cancel)));
        app.MapAction("/leads/views/{id:long}/delete", Policies.Member,
            (long id, HttpContext http, LeadLists lists, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "The view is deleted; no lead has changed.",
                    by => lists.DeleteView(by.WorkspaceId, id, cancel)));
    }
}
