using Overture.Core.Model;

namespace Overture.Core.Reports;

/// <summary>What whoever ends the dry run has to know first.</summary>
public sealed class DryRunReport(Campaigns campaigns, CampaignReport report)
{
    /// <summary>
    /// Who would get the next step without the ones before, by campaign; null when there is nobody.
    /// </summary>
    public async Task<string?> Warning(long workspaceId, CancellationToken cancel)
    {
        var counters = (await report.All(workspaceId, cancel)).ToDictionary(one => one.CampaignId);
        var underWay = (await campaigns.List(workspaceId, cancel))
            .Where(one => one.State is CampaignState.Running or CampaignState.Paused
                && counters[one.Id] is { Captured: > 0, Active: > 0 })
            .Select(one => $"“{one.Name}” ({People(counters[one.Id].Active)})").ToList();
        return underWay.Count == 0 ? null
            : $"Careful: {string.Join(", ", underWay)} wrote its first steps into captured mail. Those "
                + "people are sent the next step without ever having got the earlier ones. To begin anew, "
                + "end the campaign and start a copy of it.";
    }

    static string People(long count) => $"{count:N0} {(count == 1 ? "person" : "people")}";
}
