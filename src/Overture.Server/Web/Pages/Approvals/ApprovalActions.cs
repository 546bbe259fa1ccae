using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class ApprovalActions
{
    const string Home = "/approvals";

    public static void MapApprovalActions(this WebApplication app)
    {
        app.MapAction("/approvals/{id:long}/approve", Policies.Member, Approve);
        app.MapAction("/approvals/{id:long}/reject", Policies.Member,
            (long id, [FromForm] string? reason, [FromForm] string? then, [FromForm] string? back,
                HttpContext http, Approvals approvals, CancellationToken cancel) =>
                PageActions.Do(
                    http, back ?? Home, "Rejected.",
                    by => approvals.Reject(
                        by.WorkspaceId, id, reason ?? "", then == "go-on", by.Name, cancel)));
        app.MapAction("/approvals/{id:long}/undo", Policies.Member,
            (long id, [FromForm] string? back, HttpContext http, Approvals approvals,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back ?? Home, "Taken back. Nothing was sent.",
                    by => approvals.TakeBack(by.WorkspaceId, id, cancel)));
        app.MapAction("/approvals/all", Policies.Member, ApproveAll);
    }

    /// <summary>As it stands, or as the person has changed it in the form.</summary>
    static Task<IResult> Approve(
        long id, [FromForm] string hash, [FromForm] string? subject, [FromForm] string? body,
        [FromForm] string? back, HttpContext http, Approvals approvals, CancellationToken cancel) =>
        PageActions.Do(
            http, back ?? Home, $"Approved. It leaves in {Approvals.UndoFor.TotalSeconds:0} seconds.",
            by => subject is null || body is null
                ? approvals.Approve(by.WorkspaceId, new SeenMessage(id, hash), by.Name, cancel)
                : approvals.Edit(by.WorkspaceId, new SeenMessage(id, hash), subject, body, by.Name, cancel));

    static Task<IResult> ApproveAll(
        [FromForm] long campaign, [FromForm] long? step, [FromForm(Name = "up_to")] long upTo,
        [FromForm] string? back, HttpContext http, Approvals approvals, CancellationToken cancel) =>
        PageActions.Do(
            http, back ?? Home,
            $"Approved. They leave in {Approvals.UndoFor.TotalSeconds:0} seconds, within the limits.",
            by => approvals.ApproveAll(
                by.WorkspaceId, campaign, step, upTo,
                [.. http.Request.Form["seen"].OfType<string>().Select(Seen)], by.Name, cancel));

    static SeenMessage Seen(string mark) => mark.Split(':') is [var id, var hash]
        && long.TryParse(id, out var number) ? new SeenMessage(number, hash) : new SeenMessage(0, "");
}
