using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class CapturedActions
{
    public static void MapCapturedActions(this WebApplication app) =>
        app.MapGet("/captured/{id:long}/raw",
            async (long id, HttpContext http, MessageReport messages, CancellationToken cancel) =>
            {
                var bytes = await messages.CapturedBytes(http.Caller().WorkspaceId, id, cancel);
                return Results.File(bytes, "message/rfc822", $"captured-{id}.eml");
            })
            .RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
}
