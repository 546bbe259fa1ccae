using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class LaunchActions
{
    public static void MapLaunchActions(this WebApplication app)
    {
        app.MapAction("/campaigns/{id:long}/launch", Policies.Member, Launch);
        app.MapAction("/campaigns/{id:long}/test", Policies.Member, Test);
    }

    static async Task<IResult> Test(
        long id, HttpContext http, SendCampaignTest test, CancellationToken cancel)
    {
        var page = $"/campaigns/{id}/review";
        try
        {
            var sent = await test.Run(
                http.Caller().WorkspaceId, id, http.Request.Form["to"].ToString().Trim(), cancel);
            if (sent.Left || sent.Outcome is null) Notice.Say(http, sent.Sentence);
            else Notice.Refuse(http, sent.Sentence);
        }
        catch (RuleBroken broken) when (broken.Code != "not_found")
        {
            Notice.Refuse(http, broken.Sentence);
        }

        return Actions.BackTo(page);
    }

    /// <summary>The button of the review page; what forbids the launch is told there.</summary>
    static Task<IResult> Launch(
        long id, HttpContext http, LaunchCampaign launch, CancellationToken cancel) =>
        PageActions.Do(
            http, $"/campaigns/{id}/review", "The campaign runs.",
            by => launch.Run(
                by.WorkspaceId, id, Typed(http, "pilot"), Typed(http, "count"), cancel));

    static int? Typed(HttpContext http, string name)
    {
        var text = http.Request.Form[name].ToString().Replace(",", "", StringComparison.Ordinal).Trim();
        if (text.Length == 0) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RuleBroken("bad_number", $"“{text}” is not a whole number.", name);
    }
}
