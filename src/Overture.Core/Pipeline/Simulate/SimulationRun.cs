using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// One run of a simulation: moment after moment until the end, or until nothing more would happen.
/// </summary>
sealed class SimulationRun(
    Database copy, IServiceProvider parts, VirtualTime clock, long workspaceId, long campaignId,
    SimulationPlan plan)
{
    /// <summary>No process of its own: nobody asks whether it lives.</summary>
    const int Node = 0;

    readonly List<SimulatedSend> sends = [];
    readonly List<SimulatedLimit> limits = [];
    readonly List<SimulatedReaction> reactions = [];
    readonly PriorityQueue<(SimulationStore.Sent To, Reaction Reaction), DateTime> coming = new();
    readonly Dictionary<string, string> lastLimit = [];
    long lastAttempt;
    int sentForOthers;

    public async Task<Simulation> ToTheEnd(DateTime end, int mostMoments, CancellationToken cancel)
    {
        var from = clock.Now;
        var assumed = await Launch(cancel);
        for (var moment = 0; ; moment++)
        {
            if (moment == mostMoments)
                throw new RuleBroken(
                    "simulation_too_long",
                    $"It did not come to rest within {mostMoments:N0} moments; simulate fewer days.");
            await Answer(cancel);
            await Phases(cancel);
            await Note(cancel);
            if (await Next(cancel) is not { } next || next > end) break;
            clock.MoveTo(next);
        }

        return new Simulation
        {
            From = from, Until = end, Sends = sends, Limits = limits, Reactions = reactions,
            SentForOthers = sentForOthers, Assumed = assumed,
            Enrollments = await In(session => SimulationStore.Ends(session, campaignId, cancel), cancel),
        };
    }

    Task<IReadOnlyList<string>> Launch(CancellationToken cancel) => In(
        async session =>
        {
            var workspace = await WorkspaceStore.Get(session, cancel);
            var campaign = await CampaignStore.Find(session, campaignId, cancel)
                ?? throw RuleBroken.NotFound("campaign", campaignId);
            if (campaign.MailboxId is null)
                throw new RuleBroken(
                    "campaign_without_mailbox",
                    $"“{campaign.Name}” has no mailbox to send from. Choose one first.", "mailbox_id");
            var assumed = new List<string>();
            if (workspace.IsStopped) assumed.Add("Sending, which is stopped now, is resumed.");
            if (campaign.State != CampaignState.Running)
                assumed.Add(
                    $"The campaign, which is {campaign.State.ToString().ToLowerInvariant()} now, runs.");
            foreach (var sender in await CampaignSenders.Of(session, campaignId, cancel))
                if (sender.State is MailboxState.Untested or MailboxState.Broken)
                    assumed.Add(
                        $"The mailbox {sender.Address}, which is "
                        + $"{sender.State.ToString().ToLowerInvariant()} now, works.");
            await SimulationStore.Launch(session, campaignId, clock.Now, cancel);
            lastAttempt = await SimulationStore.LastAttempt(session, cancel);
            return (IReadOnlyList<string>)assumed;
        },
        cancel);

    async Task Phases(CancellationToken cancel)
    {
        await UntilIdle(parts.GetRequiredService<EnrollAudience>().RunBatch, cancel);
        await UntilIdle(parts.GetRequiredService<ComposeMessages>().RunBatch, cancel);
        var send = parts.GetRequiredService<SendDue>();
        await UntilIdle((workspace, stop) => send.RunBatch(Node, workspace, stop), cancel);
    }

    async Task UntilIdle(Func<long, CancellationToken, Task<int>> batch, CancellationToken cancel)
    {
        while (await batch(workspaceId, cancel) > 0) { }
    }

    /// <summary>
    /// Keeps what left and what was held up, and lets the modelled people think of an answer.
    /// </summary>
    Task Note(CancellationToken cancel) => In(
        async session =>
        {
            foreach (var sent in await SimulationStore.SentSince(session, lastAttempt, cancel))
            {
                lastAttempt = sent.Id;
                if (sent.CampaignId != campaignId)
                {
                    sentForOthers++;
                    continue;
                }

                sends.Add(new SimulatedSend(
                    sent.At, sent.Mailbox, sent.To, sent.ContactId, sent.StepId, sent.Position,
                    sent.Subject));
                var (reaction, after) = plan.Recipients.To(sent.ContactId, sent.StepId);
                if (reaction != Reaction.Silence) coming.Enqueue((sent, reaction), sent.At + after);
            }

            foreach (var (mailbox, reason, until, count) in await SimulationStore.PutOff(
                session, clock.Now, cancel))
                limits.Add(new SimulatedLimit(clock.Now, mailbox, "put_off", reason, until, count));
            return 0;
        },
        cancel);

    async Task Answer(CancellationToken cancel)
    {
        while (coming.TryPeek(out var one, out var at) && at <= clock.Now)
        {
            coming.Dequeue();
            reactions.Add(new SimulatedReaction(clock.Now, one.To.To, one.Reaction));
            await In(
                async session =>
                {
                    await SimulatedReactions.Apply(session, one.To, one.Reaction, clock.Now, cancel);
                    return 0;
                },
                cancel);
        }
    }

    /// <summary>The next moment at which anything may happen; null when nothing ever will.</summary>
    Task<DateTime?> Next(CancellationToken cancel) => In(
        async session =>
        {
            var next = await SimulationStore.NextDue(session, clock.Now, cancel);
            var workspace = await WorkspaceStore.Get(session, cancel);
            foreach (var (mailboxId, count) in await SimulationStore.Waiting(session, clock.Now, cancel))
            {
                var mailbox = (await MailboxStore.Find(session, mailboxId, cancel))!;
                var situation =
                    await SituationReader.OfMailbox(session, workspace, mailbox, clock.Now, cancel);
                var blockers = SendingRule.Against(situation);
                if (blockers.Count == 0) continue;
                // All of them have to end; each is asked again when the longest has.
                var until = blockers.All(blocker => blocker.Until is not null)
                    ? blockers.Max(blocker => blocker.Until) : null;
                Tell(mailbox.Address, blockers[0], until, count);
                if (until > clock.Now) next = Earlier(next, until);
            }

            // A new day may enroll more people.
            foreach (var sender in await CampaignSenders.Of(session, campaignId, cancel))
                next = Earlier(next, sender.Window.CountingStartsAgain(clock.Now).Day);
            if (coming.TryPeek(out _, out var answer)) next = Earlier(next, answer);
            return next is { } at && at <= clock.Now ? clock.Now.AddSeconds(1) : next;
        },
        cancel);

    /// <summary>A limit is told when it begins to hold, not at every look.</summary>
    void Tell(string mailbox, Blocker blocker, DateTime? until, long count)
    {
        var key = $"{blocker.Code} {until:O}";
        if (lastLimit.GetValueOrDefault(mailbox) == key) return;
        lastLimit[mailbox] = key;
        limits.Add(new SimulatedLimit(clock.Now, mailbox, blocker.Code, blocker.Sentence, until, count));
    }

    static DateTime? Earlier(DateTime? one, DateTime? other) =>
        one is null ? other : other is null ? one : one < other ? one : other;

    Task<T> In<T>(Func<Session, Task<T>> work, CancellationToken cancel) =>
        copy.InWorkspace(workspaceId, work, cancel);
}
