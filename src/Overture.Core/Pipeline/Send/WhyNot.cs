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
    /// <summary>What is in the way besides the rules of sending.</summary>
    internal static readonly IReadOnlyList<string> OwnCodes =
    [
        "cannot_record", "no_mailbox", "put_off", "cannot_be_written", "awaiting_approval",
        "awaiting_a_person", "contacts_paused", "waiting_for_next_step", "no_audience", "nobody_left",
    ];

    public Task<IReadOnlyList<Obstacle>> Of(long workspaceId, long campaignId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var workspace = await WorkspaceStore.Get(session, cancel);
                var campaign = await CampaignStore.Find(session, campaignId, cancel)
                    ?? throw RuleBroken.NotFound("campaign", campaignId);
                var waiting = await CampaignReport.Waiting(session, campaignId, now, cancel);
                var obstacles = OfTheDatabase(workspace, waiting.Due);
                obstacles.AddRange(
                    await OfSenders(session, workspace, campaign, waiting.Due, now, cancel));
                obstacles.AddRange(await OfMessages(session, campaignId, now, cancel));
                obstacles.AddRange(await OfPeople(session, campaignId, cancel));
                if (obstacles.Count == 0 && waiting.Due == 0)
                    obstacles.Add(await NothingDue(session, campaign, waiting, cancel));
                return (IReadOnlyList<Obstacle>)obstacles;
            },
            cancel);

    /// <summary>What cannot be written down does not leave, whatever the rules say.</summary>
    static List<Obstacle> OfTheDatabase(Workspace workspace, long due) =>
        workspace.UnrecordedSince is not { } since ? [] :
        [
            new Obstacle(
                "cannot_record",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Since {since:yyyy-MM-dd HH:mm} UTC the database cannot write down what is sent: ")
                + Limits.Ended(workspace.UnrecordedReason),
                "Make room on the disk of the database, or see what overture doctor says; sending goes on by "
                + "itself.", due, null),
        ];

    /// <summary>
    /// Each sender answers for the messages that leave from it. What stops the whole campaign is told once,
    /// for all of them.
    /// </summary>
    static async Task<List<Obstacle>> OfSenders(
        Session session, Workspace workspace, Campaign campaign, long due, DateTime now,
        CancellationToken cancel)
    {
        var senders = await CampaignSenders.Of(session, campaign.Id, cancel);
        if (senders.Count == 0)
            return [new Obstacle(
                "no_mailbox", "The campaign has no mailbox to send from.",
                "Choose one on the campaign's page.", due, null)];
        var dueBy = (await WaitingReport.DueByMailbox(session, campaign.Id, now, cancel))
            .ToDictionary(row => row.MailboxId, row => row.Count);
        var obstacles = new List<Obstacle>();
        foreach (var mailbox in senders)
        {
            // A sender with nothing to send holds nothing up, unless it is the only one.
            var count = dueBy.GetValueOrDefault(mailbox.Id);
            if (count == 0 && senders.Count > 1 && dueBy.Count > 0) continue;
            var situation = await SituationReader.OfMailbox(session, workspace, mailbox, now, cancel);
            obstacles.AddRange(SendingRule.Against(situation with { Campaign = campaign }).Select(blocker =>
                new Obstacle(blocker.Code, blocker.Sentence, blocker.Remedy, count, blocker.Until)));
        }

        return
        [
            .. obstacles.GroupBy(one => (one.Code, one.Sentence))
                .Select(same => same.First() with { Count = same.Sum(one => one.Count) }),
        ];
    }

    static async Task<IReadOnlyList<Obstacle>> OfMessages(
        Session session, long campaignId, DateTime now, CancellationToken cancel)
    {
        var obstacles = new List<Obstacle>();
        foreach (var (reason, count, until) in await WaitingReport.PutOff(session, campaignId, now, cancel))
            obstacles.Add(new Obstacle(
                "put_off", $"{Number(count)} messages wait for their time: {reason ?? "planned for later"}",
                "They are tried again by themselves.", count, until));
        foreach (var (reason, count) in await CampaignReport.BlockedReasons(session, campaignId, cancel))
            obstacles.Add(new Obstacle(
                "cannot_be_written", $"{Number(count)} messages cannot be written: {reason}",
                "Complete the lead, or give the template a fallback.", count, null));
        return obstacles;
    }

    static async Task<IReadOnlyList<Obstacle>> OfPeople(
        Session session, long campaignId, CancellationToken cancel)
    {
        var obstacles = new List<Obstacle>();
        foreach (var (channel, count) in await WaitingReport.Drafts(session, campaignId, cancel))
            obstacles.Add(channel == "email"
                ? new Obstacle(
                    "awaiting_approval", $"{Number(count)} messages wait for somebody's approval.",
                    "Approve or reject them.", count, null)
                : new Obstacle(
                    "awaiting_a_person", $"{Number(count)} messages are to be sent by hand.",
                    "Do the tasks and mark them done.", count, null));
        if (await WaitingReport.PausedContacts(session, campaignId, cancel) is var paused and > 0)
            obstacles.Add(new Obstacle(
                "contacts_paused", $"{Number(paused)} contacts are paused.",
                "Resume them on the campaign's page.", paused, null));
        return obstacles;
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
