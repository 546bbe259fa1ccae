using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class TrackingActions
{
    public static void MapTrackingActions(this WebApplication app) =>
        app.MapAction("/campaigns/{id:long}/tracking", Policies.Member,
            (long id, HttpContext http, Trackings trackings, [FromForm] bool? opens, [FromForm] bool? clicks,
                CancellationToken cancel) =>
                PageActions.Do(http, $"/campaigns/{id}", "Saved. It holds for messages that leave from now on.",
                    by => trackings.Put(
                        by.WorkspaceId, id, new CampaignTracking(opens == true, clicks == true), by.Name, cancel)));
}
