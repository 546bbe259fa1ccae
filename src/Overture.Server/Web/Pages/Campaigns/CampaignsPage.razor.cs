using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class CampaignsPage(
    PageState state, Campaigns campaigns, CampaignReport report, WhyNot whyNot)
    : LoadedPage(state)
{
    IReadOnlyList<(Campaign Campaign, CampaignCounters Counters, string Verdict)> Rows { get; set; } = [];

    protected override async Task Load()
    {
        var counters = (await report.All(WorkspaceId, Cancel)).ToDictionary(row => row.CampaignId);
        var rows = new List<(Campaign, CampaignCounters, string)>();
        foreach (var campaign in await campaigns.List(WorkspaceId, Cancel))
        {
            var counted = counters.GetValueOrDefault(campaign.Id) ?? new CampaignCounters();
            rows.Add((campaign, counted, await Verdict(campaign)));
        }

        Rows = rows;
    }

    async Task<string> Verdict(Campaign campaign)
    {
        if (campaign.State != CampaignState.Running)
            return campaign.State == CampaignState.Draft
                ? "No: it was never started"
                : $"No: it is {campaign.State.ToString().ToLowerInvariant()}";
        var obstacles = await whyNot.Of(WorkspaceId, campaign.Id, Cancel);
        if (obstacles.Count > 0) return obstacles[0].Sentence;
        return State.Workspace.DryRun ? "Yes, into captured mail" : "Yes";
    }
}
