using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>The buttons of the pages: each posts, does one thing, says so, and leads back.</summary>
static class PageActions
{
    public static void MapPageActions(this WebApplication app)
    {
        app.MapTodayActions();
        app.MapLeadActions();
        app.MapLeadBulkActions();
        app.MapListActions();
        app.MapDuplicateActions();
        app.MapCampaignActions();
        app.MapTaskActions();
        app.MapApprovalActions();
        app.MapLaunchActions();
        app.MapDeliverabilityActions();
        app.MapCapturedActions();
        app.MapJobActions();
        app.MapMessageActions();
        app.MapMailboxActions();
        app.MapGmailActions();
        app.MapHolidayActions();
        app.MapRankingActions();
        app.MapMailboxReaderActions();
        app.MapInboxActions();
        app.MapPersonActions();
        app.MapSuppressionActions();
        app.MapTrackingActions();
        app.MapIntegrationActions();
        app.MapDiscoverActions();
    }

    /// <summary>A broken rule is told on the page it came from, not on a page of its own.</summary>
    public static async Task<IResult> Do(
        HttpContext http, string? back, string done, Func<Identity, Task> act)
    {
        try
        {
            await act(http.Caller());
            Notice.Say(http, done);
        }
        catch (RuleBroken broken) when (broken.Code != "not_found")
        {
            Notice.Refuse(http, broken.Sentence);
        }

        return Actions.BackTo(back);
    }
}
