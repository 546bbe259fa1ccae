using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class LeadActions
{
    public static void MapLeadActions(this WebApplication app)
    {
        app.MapAction("/leads/{id:long}/accept", Policies.Member,
            (long id, HttpContext http, Leads leads, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "Accepted: this lead may be written to.",
                    by => leads.Accept(by.WorkspaceId, id, by.Name, cancel)));
        app.MapAction("/leads/{id:long}/reject", Policies.Member,
            (long id, HttpContext http, Leads leads, [FromForm] string? reason, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, "Rejected: this lead is left alone.",
                    by => leads.Reject(by.WorkspaceId, id, Reason(reason), by.Name, cancel)));
    }

    static string Reason(string? typed) => string.IsNullOrWhiteSpace(typed) ? "Not a fit" : typed.Trim();
}
