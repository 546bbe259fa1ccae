using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class DeliverabilityActions
{
    public static void MapDeliverabilityActions(this WebApplication app) =>
        app.MapAction("/deliverability/{domain}/check", Policies.Member,
            (string domain, HttpContext http, CheckDomains check, CancellationToken cancel) => PageActions.Do(
                http, "/deliverability", $"The records of {domain} were looked up.",
                by => check.Look(by.WorkspaceId, domain, cancel)));
}
