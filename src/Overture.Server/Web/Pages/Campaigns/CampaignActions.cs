using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class CampaignActions
{
    public static void MapCampaignActions(this WebApplication app)
    {
        app.MapAction("/campaigns/{id:long}/start", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "The campaign runs.", by => campaigns.Start(by.WorkspaceId, id, cancel)));
        app.MapAction("/campaigns/{id:long}/pause", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Paused: nothing more leaves.",
                by => campaigns.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel)));
        app.MapAction("/campaigns/{id:long}/archive", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Put away.", by => campaigns.Archive(by.WorkspaceId, id, cancel)));
    }

    static string Page(long id) => $"/campaigns/{id}";
}
