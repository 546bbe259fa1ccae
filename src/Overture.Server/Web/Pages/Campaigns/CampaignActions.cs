using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class CampaignActions
{
    public static void MapCampaignActions(this WebApplication app)
    {
        app.MapAction("/campaigns/{id:long}/start", Policies.Member,
            (long id, [FromForm] string? pilot, HttpContext http, LaunchCampaign launch,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, Page(id), "The campaign runs.",
                    by => launch.Start(by.WorkspaceId, id, Pilot(pilot), cancel)));
        app.MapAction("/campaigns/{id:long}/pause", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Paused: nothing more leaves, and nothing is sent again when it is resumed.",
                by => campaigns.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel)));
        app.MapAction("/campaigns/{id:long}/release", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Released: the whole audience is enrolled from now on.",
                by => campaigns.Release(by.WorkspaceId, id, cancel)));
        app.MapAction("/campaigns/{id:long}/end", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Ended for everybody in it.",
                by => campaigns.End(by.WorkspaceId, id, cancel)));
        app.MapAction("/campaigns/{id:long}/archive", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Put away.", by => campaigns.Archive(by.WorkspaceId, id, cancel)));
        app.MapAction("/campaigns/{id:long}/duplicate", Policies.Member, Duplicate);
        app.MapAction("/campaigns/{id:long}/mailboxes", Policies.Member,
            (long id, [FromForm(Name = "mailbox_ids")] long[]? mailboxIds, HttpContext http,
                CampaignSenders senders, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Saved. It holds for people who are written to for the first time.",
                by => senders.Share(by.WorkspaceId, id, mailboxIds ?? [], cancel)));
        app.MapAction("/campaigns/{id:long}/texts/{text:long}/promote", Policies.Member,
            (long id, long text, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
                PageActions.Do(
                    http, Page(id), "Every further message of this step uses this text.",
                    by => campaigns.Promote(by.WorkspaceId, id, text, cancel)));
        MapEnrollmentActions(app);
    }

    static void MapEnrollmentActions(WebApplication app)
    {
        app.MapAction("/enrollments/{id:long}/pause", Policies.Member,
            (long id, [FromForm] string? back, HttpContext http, Enrollments enrollments,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back, "Paused for this contact.",
                    by => enrollments.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel)));
        app.MapAction("/enrollments/{id:long}/resume", Policies.Member,
            (long id, [FromForm] string? back, HttpContext http, Enrollments enrollments,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back, "Goes on where it was.",
                    by => enrollments.Resume(by.WorkspaceId, id, cancel)));
        app.MapAction("/enrollments/{id:long}/skip", Policies.Member,
            (long id, [FromForm] string? back, HttpContext http, Enrollments enrollments,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back, "The step is left out.", by => enrollments.Skip(by.WorkspaceId, id, cancel)));
        app.MapAction("/enrollments/{id:long}/stop", Policies.Member,
            (long id, [FromForm] string? back, HttpContext http, Enrollments enrollments,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back, "Taken out of the campaign.",
                    by => enrollments.Stop(by.WorkspaceId, id, cancel)));
    }

    static async Task<IResult> Duplicate(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        var copy = id;
        var result = await PageActions.Do(
            http, Page(id), "This is the copy. It has not been started.",
            async by => copy = await campaigns.Duplicate(by.WorkspaceId, id, cancel));
        return copy == id ? result : Actions.BackTo($"{Page(copy)}/edit");
    }

    static int? Pilot(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text, out var size) && size > 0 ? size
        : throw new RuleBroken("bad_pilot", "A pilot needs a number of contacts, such as 20.", "pilot");

    static string Page(long id) => $"/campaigns/{id}";
}
