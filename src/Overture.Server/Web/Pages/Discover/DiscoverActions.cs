using System.Globalization;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class DiscoverActions
{
    public static void MapDiscoverActions(this WebApplication app)
    {
        app.MapAction("/discover/{id:long}/preview", Policies.Member,
            (long id, HttpContext http, DiscoverLeads discover, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Ten of each source are shown below.", async by =>
                {
                    var estimates = await discover.Preview(by.WorkspaceId, id, cancel);
                    if (estimates.All(one => one.Trouble is not null))
                        throw new RuleBroken("no_answer", estimates[0].Trouble!);
                }));
        app.MapAction("/discover/{id:long}/run", Policies.Member,
            (long id, HttpContext http, JobQueue jobs, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "The search goes on as a job; proposals appear as they are found.", by =>
                    jobs.Enqueue(
                        by.WorkspaceId, DiscoverLeads.Name, new DiscoverLeads.Args(id), by.Name, cancel,
                        StartDueDiscoveries.UniqueKey(id))));
        app.MapAction("/discover/{id:long}/delete", Policies.Member,
            (long id, HttpContext http, Discoveries discoveries, CancellationToken cancel) => PageActions.Do(
                http, "/discover", "Deleted.", by => discoveries.Delete(by.WorkspaceId, id, cancel)));
        app.MapAction("/discover/{id:long}/decide", Policies.Member, Decide);
    }

    static Task<IResult> Decide(
        long id, HttpContext http, Discoveries discoveries, JobQueue jobs, CancellationToken cancel)
    {
        var decision = http.Request.Form["decision"].ToString();
        long[] ids =
        [
            .. http.Request.Form["ids"].Select(text =>
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0),
        ];
        var isApproved = decision != "dismiss";
        return PageActions.Do(
            http, Page(id), isApproved ? "Approved; they become leads now." : "Dismissed.", async by =>
            {
                if (ids.Length == 0 && decision != "approve-all")
                    throw new RuleBroken("nothing_chosen", "Choose at least one proposal.");
                await discoveries.Decide(
                    by.WorkspaceId, id, decision == "approve-all" ? null : ids, isApproved, cancel);
                if (isApproved)
                    await jobs.Enqueue(
                        by.WorkspaceId, TakeProposals.Name, new TakeProposals.Args(id), by.Name, cancel,
                        $"{TakeProposals.Name}:{id}");
            });
    }

    static string Page(long id) => $"/discover/{id.ToString(CultureInfo.InvariantCulture)}";
}
