using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>Which mailboxes write for a campaign: its own, and those that share the work.</summary>
public sealed class CampaignSenders(Database database)
{
    const int MaxSenders = 100;

    /// <summary>The campaign's own mailbox first, if it has one.</summary>
    public Task<IReadOnlyList<Mailbox>> List(long workspaceId, long campaignId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => Of(session, campaignId, cancel), cancel);

    /// <summary>Replaces the mailboxes that share the campaign with its own.</summary>
    public Task Share(
        long workspaceId, long campaignId, IReadOnlyList<long> mailboxIds, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (mailboxIds.Count > MaxSenders)
                    throw new RuleBroken(
                        "too_many_senders", $"A campaign has at most {MaxSenders} mailboxes.", "mailbox_ids");
                var campaign = await CampaignStore.Hold(session, campaignId, cancel)
                    ?? throw RuleBroken.NotFound("campaign", campaignId);
                foreach (var id in mailboxIds)
                    if (await MailboxStore.Find(session, id, cancel) is null)
                        throw RuleBroken.NotFound("mailbox", id);
                await RotationStore.SetOthers(
                    session, campaignId, [.. mailboxIds.Where(id => id != campaign.MailboxId)], cancel);
                await session.Announce("campaigns", campaignId, cancel);
            },
            cancel);

    internal static async Task<IReadOnlyList<Mailbox>> Of(
        Session session, long campaignId, CancellationToken cancel)
    {
        var campaign = await CampaignStore.Find(session, campaignId, cancel)
            ?? throw RuleBroken.NotFound("campaign", campaignId);
        var senders = new List<Mailbox>();
        long[] own = campaign.MailboxId is { } first ? [first] : [];
        foreach (var id in own.Concat(await RotationStore.Others(session, campaignId, cancel)).Distinct())
            if (await MailboxStore.Find(session, id, cancel) is { } mailbox) senders.Add(mailbox);
        return senders;
    }
}
