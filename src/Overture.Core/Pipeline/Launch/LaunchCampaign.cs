using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Starts a campaign whose checklist has no red line.</summary>
public sealed class LaunchCampaign(ReviewCampaign review, Campaigns campaigns)
{
    /// <summary>An audience above this is launched only by typing its number.</summary>
    public const int CountAskedAbove = 100;

    /// <summary>The pilot's size, when only so many are to be enrolled at first.</summary>
    public async Task<LaunchReview> Run(
        long workspaceId, long campaignId, int? pilot, long? typedCount, CancellationToken cancel)
    {
        var checklist = await review.Of(workspaceId, campaignId, cancel);
        if (checklist.Lines.FirstOrDefault(line => line.State == CheckState.Red) is { } red)
            throw new RuleBroken("launch_blocked", $"{red.Name}: {red.Sentence} {red.Remedy}".TrimEnd());
        var people = Math.Min(checklist.Audience, pilot ?? long.MaxValue);
        if (people > CountAskedAbove && typedCount != people)
            throw new RuleBroken(
                "count_needed", $"Type {people} to confirm that so many people may be written to.", "count");
        await campaigns.Start(workspaceId, campaignId, cancel, pilot);
        return checklist;
    }
}
