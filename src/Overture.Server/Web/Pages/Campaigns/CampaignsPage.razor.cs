using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class CampaignsPage(PageState state, Campaigns campaigns, CampaignReport report, WhyNot whyNot)
    : LoadedPage(state)
{
    IReadOnlyList<(Campaign Campaign, CampaignCounters Counters, string Verdict)> Rows { get; set; } = [];

    protected override async Task Load()
    {
        var counters = (await report.All(WorkspaceId, Cancel)).ToDictionary(row => row.CampaignId);
        var rows = new List<(Campaign, CampaignCounters, string)>();
        foreach (var campaign in await campaigns.List(WorkspaceId, Cancel))
            rows.Add((campaign, counters.GetValueOrDefault(campaign.Id) ?? new CampaignCounters(), await Verdict(campaign)));
        Rows = rows;
    }

    async Task<string> Verdict(Campaign campaign)
    {
        if (campaign.State != CampaignState.Running)
            return campaign.State == CampaignState.Draft ? "No: it was never started" : $"No: it is {campaign.State.ToString().ToLowerInvariant()}";
        var obstacles = await whyNot.Of(WorkspaceId, campaign.Id, Cancel);
        return obstacles.Count == 0 ? State.Workspace.DryRun ? "Yes, into captured mail" : "Yes" : obstacles[0].Sentence;
    }
}
