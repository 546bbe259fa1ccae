using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Starts a campaign whose checklist has no red line.</summary>
public sealed class LaunchCampaign(ReviewCampaign review, Campaigns campaigns)
{
    /// <summary>An audience above this is launched only by typing its number.</summary>
    public const int CountAskedAbove = 100;

    static readonly string[] Passing = ["audience", "merge_fields", "capacity", "switches"];

    /// <summary>The pilot's size, when only so many are to be enrolled at first.</summary>
    public async Task<LaunchReview> Run(
        long workspaceId, long campaignId, int? pilot, long? typedCount, CancellationToken cancel)
    {
        var checklist = await review.Of(workspaceId, campaignId, cancel);
        Refuse(checklist.Lines);
        var people = Math.Min(checklist.Audience, pilot ?? long.MaxValue);
        if (people > CountAskedAbove && typedCount != people)
            throw new RuleBroken(
                "count_needed", $"Type {people} to confirm that so many people may be written to.", "count");
        await campaigns.Start(workspaceId, campaignId, cancel, pilot);
        return checklist;
    }

    /// <summary>
    /// Starts a new campaign by its checklist, or takes a paused one up again: that needs no new people, and
    /// what may pass by itself holds up single messages only.
    /// </summary>
    public async Task Start(long workspaceId, long campaignId, int? pilot, CancellationToken cancel)
    {
        var campaign = (await campaigns.Get(workspaceId, campaignId, cancel)).Campaign;
        if (campaign.CanStart)
        {
            var lines = (await review.Of(workspaceId, campaignId, cancel)).Lines;
            Refuse(campaign.State == CampaignState.Draft
                ? lines : lines.Where(line => !Passing.Contains(line.Code)));
        }

        await campaigns.Start(workspaceId, campaignId, cancel, pilot);
    }

    static void Refuse(IEnumerable<CheckLine> lines)
    {
        var red = lines.Where(line => line.State == CheckState.Red)
            .Select(line => $"{line.Name}: {line.Sentence} {line.Remedy}".TrimEnd()).ToList();
        if (red.Count > 0) throw new RuleBroken("launch_blocked", string.Join(' ', red));
    }
}
