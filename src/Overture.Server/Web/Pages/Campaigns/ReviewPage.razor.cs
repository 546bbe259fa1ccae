using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class ReviewPage(PageState state, Campaigns campaigns, ReviewCampaign review)
    : LoadedPage(state)
{
    const int DaysShown = 60;

    [Parameter]
    public long Id { get; set; }

    CampaignDetail Detail { get; set; } = null!;

    LaunchReview Review { get; set; } = null!;

    long Busiest => Math.Max(1, Review.Forecast.Days.Max(day => day.Total));

    bool IsUnderWay => Detail.Campaign.State == CampaignState.Running;

    string Verdict => (Review.CanLaunch, Review.Lines.Count(line => line.State == CheckState.Amber)) switch
    {
        (false, _) => "A red line stops the launch.",
        (true, 0) => IsUnderWay ? "It runs, and everything is in order." : "Everything is ready.",
        (true, var amber) => (IsUnderWay ? "It runs already; " : "It can be launched; ")
            + (amber == 1 ? "1 line deserves a look." : $"{amber} lines deserve a look."),
    };

    string Consequence => State.Workspace.DryRun
        ? "The dry run is on: every message is captured, nothing reaches anybody."
        : "The messages reach real people.";

    protected override async Task Load()
    {
        Detail = await campaigns.Get(WorkspaceId, Id, Cancel);
        Review = await review.Of(WorkspaceId, Id, Cancel);
    }

    static string WordOf(CheckState state) => state switch
    {
        CheckState.Green => "passed",
        CheckState.Amber => "warn",
        _ => "failed",
    };

    static string Date(DateOnly day) => day.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
