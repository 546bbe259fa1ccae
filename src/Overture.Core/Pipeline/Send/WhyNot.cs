using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Reports;

namespace Overture.Core.Pipeline;

/// <summary>
/// One answer to "why is this not sending?", and how many messages or contacts it holds up.
/// </summary>
public sealed record Obstacle(string Code, string Sentence, string Remedy, long Count, DateTime? Until);

/// <summary>
/// Asks the very rules that the Send phase asks, and names what they answer; the first obstacle comes first.
/// </summary>
public sealed class WhyNot(Database database, TimeProvider time)
{
    public Task<IReadOnlyList<Obstacle>> Of(long workspaceId, long campaignId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var workspace = await WorkspaceStore.Find(session, workspaceId, cancel)
                    ?? throw RuleBroken.NotFound("workspace", workspaceId);
                var campaign = await CampaignStore.Find(session, campaignId, cancel)
                    ?? throw RuleBroken.NotFound("campaign", campaignId);
                var waiting = await CampaignReport.Waiting(session, campaignId, now, cancel);
                var obstacles = await OfSender(session, workspace, campaign, waiting, now, cancel);
                if (waiting.PutOff > 0)
                    obstacles.Add(new Obstacle(
                        "put_off",
                        $"{Number(waiting.PutOff)} messages wait for their next try: {waiting.PutOffReason}",
                        "They are tried again by themselves.", waiting.PutOff, waiting.NextTryAt));
                foreach (var (reason, count) in await CampaignReport.BlockedReasons(
                    session, campaignId, cancel))
                    obstacles.Add(new Obstacle(
                        "cannot_be_written", reason, "Complete the lead, or give the template a fallback.",
                        count, null));
                if (obstacles.Count == 0 && waiting.Due == 0)
                    obstacles.Add(await NothingDue(session, campaign, waiting, cancel));
                return (IReadOnlyList<Obstacle>)obstacles;
            },
            cancel);

    static async Task<List<Obstacle>> OfSender(
        Session session, Workspace workspace, Campaign campaign, CampaignWaiting waiting, DateTime now,
        CancellationToken cancel)
    {
        if (campaign.MailboxId is not { } mailboxId
            || await MailboxStore.Find(session, mailboxId, cancel) is not { } mailbox)
            return [new Obstacle(
                "no_mailbox", "The campaign has no mailbox to send from.",
                "Choose one on the campaign's page.", waiting.Due, null)];
        var situation = await SituationReader.OfMailbox(session, workspace, mailbox, now, cancel);
        return [.. SendingRule.Against(situation with { Campaign = campaign }).Select(
            blocker =>
                new Obstacle(blocker.Code, blocker.Sentence, blocker.Remedy, waiting.Due, blocker.Until))];
    }

    static async Task<Obstacle> NothingDue(
        Session session, Campaign campaign, CampaignWaiting waiting, CancellationToken cancel)
    {
        if (waiting.NextDueAt is { } next)
            return new Obstacle(
                "waiting_for_next_step", $"{Number(waiting.Later)} contacts wait for their next step.",
                "It is written and sent by itself when it is due.", waiting.Later, next);
        var audience = await SegmentStore.AudienceOf(session, campaign, cancel);
        var matching = await LeadListStore.Count(session, audience, cancel);
        return matching == 0
            ? new Obstacle(
                "no_audience", "No lead matches the campaign's audience.",
                "Widen the audience, or collect leads.", 0, null)
            : new Obstacle(
                "nobody_left",
                $"All {Number(matching)} leads of the audience have been through the sequence, are in "
                + "another campaign, or are not ranked yet.", "Collect more leads, or widen the audience.", 0,
                null);
    }

    static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
