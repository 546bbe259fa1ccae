using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A campaign with everything that writing for it needs, read once for a batch.</summary>
public sealed record CampaignInUse(
    Campaign Campaign, IReadOnlyList<Step> Steps, Sequence Sequence, Mailbox Mailbox)
{
    /// <summary>The step with its texts; one that was removed leads to the step that follows it.</summary>
    public Step? Find(long? stepId)
    {
        var step = Sequence.Find(stepId);
        if (step is { IsRemoved: true }) step = Sequence.After(step);
        return step is null ? null : Steps.FirstOrDefault(one => one.Id == step.Id);
    }

    internal static async Task<CampaignInUse> Load(
        Session session, long campaignId, CancellationToken cancel)
    {
        var campaign = await CampaignStore.Find(session, campaignId, cancel)
            ?? throw RuleBroken.NotFound("campaign", campaignId);
        var mailbox = await MailboxStore.Find(session, campaign.MailboxId ?? 0, cancel)
            ?? throw RuleBroken.NotFound("mailbox", campaign.MailboxId ?? 0);
        return new CampaignInUse(
            campaign, await StepStore.InOrder(session, campaignId, cancel),
            await Sequence.Load(session, campaignId, cancel), mailbox);
    }
}
