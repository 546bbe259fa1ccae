using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class CampaignActions
{
    public static void MapCampaignActions(this WebApplication app)
    {
        app.MapAction("/campaigns/{id:long}/start", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "The campaign runs.", by => campaigns.Start(by.WorkspaceId, id, cancel)));
        app.MapAction("/campaigns/{id:long}/launch", Policies.Member, Launch);
        app.MapAction("/campaigns/{id:long}/pause", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Paused: nothing more leaves.",
                by => campaigns.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel)));
        app.MapAction("/campaigns/{id:long}/archive", Policies.Member,
            (long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) => PageActions.Do(
                http, Page(id), "Put away.", by => campaigns.Archive(by.WorkspaceId, id, cancel)));
    }

    /// <summary>The launch of the review page; what forbids it is told there.</summary>
    static Task<IResult> Launch(
        long id, HttpContext http, LaunchCampaign launch, CancellationToken cancel) =>
        PageActions.Do(
            http, $"/campaigns/{id}/review", "The campaign runs.",
            by => launch.Run(
                by.WorkspaceId, id, (int?)Typed(http, "pilot"), Typed(http, "count"), cancel));

    static long? Typed(HttpContext http, string name)
    {
        var text = http.Request.Form[name].ToString().Replace(",", "", StringComparison.Ordinal).Trim();
        if (text.Length == 0) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RuleBroken("bad_number", $"“{text}” is not a whole number.", name);
    }

    static string Page(long id) => $"/campaigns/{id}";
}
