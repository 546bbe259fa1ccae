using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>A campaign with its steps and their texts.</summary>
public sealed record CampaignDetail(Campaign Campaign, IReadOnlyList<Step> Steps, LeadFilter Audience);

/// <summary>What a person or a program may do with campaigns.</summary>
public sealed class Campaigns(Database database, ITemplateCheck templates, TimeProvider time)
{
    const int MaxSteps = 50;
    const int MaxVariants = 5;

    public Task<IReadOnlyList<Campaign>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => CampaignStore.List(session, cancel), cancel);

    public Task<CampaignDetail> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaign = await CampaignStore.Find(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                var steps = await CampaignStore.Steps(session, id, cancel);
                return new CampaignDetail(
                    campaign, steps,
                    JsonSerializer.Deserialize<LeadFilter>(campaign.Audience, JobJson.Options)
                        ?? new LeadFilter());
            },
            cancel);

    public Task<long> Create(long workspaceId, CampaignDraft draft, CancellationToken cancel)
    {
        Check(draft);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var id = await CampaignStore.Insert(
                    session, draft.Name.Trim(), draft.Goal.Trim(), draft.MailboxId, AudienceOf(draft), now,
                    cancel);
                await PutSteps(session, id, draft, cancel);
                await session.Announce("campaigns", id, cancel);
                return id;
            },
            cancel);
    }

    /// <summary>
    /// Rewrites a campaign. Steps may be reworded and added; one that somebody may have reached stays.
    /// </summary>
    public Task Update(long workspaceId, long id, CampaignDraft draft, CancellationToken cancel)
    {
        Check(draft);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaign = await CampaignStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                if (!campaign.CanEdit)
                    throw new RuleBroken(
                        "campaign_archived", $"“{campaign.Name}” is archived and cannot be changed.");
                var steps = await CampaignStore.Steps(session, id, cancel);
                if (draft.Steps.Count < steps.Count && campaign.StartedAt is not null)
                    throw new RuleBroken(
                        "step_in_use",
                        "A step of a started campaign cannot be removed; reword it, or start a new campaign.",
                        "steps");
                var now = time.GetUtcNow().UtcDateTime;
                await CampaignStore.Update(
                    session, id, draft.Name.Trim(), draft.Goal.Trim(), draft.MailboxId, AudienceOf(draft),
                    now, cancel);
                if (draft.Steps.Count < steps.Count)
                    await CampaignStore.DropStepsAfter(session, id, draft.Steps.Count, cancel);
                await PutSteps(session, id, draft, cancel);
                await session.Announce("campaigns", id, cancel);
            },
            cancel);
    }

    /// <summary>Starts or resumes. Whoever was sent a step before is not sent it again.</summary>
    public Task Start(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id, CampaignState.Running, null, campaign => campaign.CanStart, "started", cancel);

    public Task Pause(long workspaceId, long id, string reason, CancellationToken cancel) =>
        Change(
            workspaceId, id, CampaignState.Paused, reason, campaign => campaign.CanPause, "paused", cancel);

    public Task Archive(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id, CampaignState.Archived, null, campaign => campaign.CanArchive, "archived",
            cancel);

    Task Change(
        long workspaceId, long id, CampaignState to, string? reason, Func<Campaign, bool> isAllowed,
        string verb,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaign = await CampaignStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                if (!isAllowed(campaign))
                    throw new RuleBroken(
                        "campaign_state",
                        $"“{campaign.Name}” is {campaign.State.ToString().ToLowerInvariant()}; it cannot "
                        + $"be {verb}.");
                if (to == CampaignState.Running) await CheckReady(session, campaign, cancel);
                await CampaignStore.SetState(session, id, to, reason, time.GetUtcNow().UtcDateTime, cancel);
                await session.Announce("campaigns", id, cancel);
            },
            cancel);

    static async Task CheckReady(Session session, Campaign campaign, CancellationToken cancel)
    {
        if (campaign.MailboxId is null)
            throw new RuleBroken(
                "campaign_without_mailbox",
                $"“{campaign.Name}” has no mailbox to send from. Choose one first.", "mailbox_id");
        var steps = await CampaignStore.Steps(session, campaign.Id, cancel);
        if (steps.Count == 0 || steps.Any(step => step.Variants.Count == 0))
            throw new RuleBroken(
                "campaign_without_text", $"“{campaign.Name}” has a step without text. Write it first.",
                "steps");
    }

    void Check(CampaignDraft draft)
    {
        if (draft.Name.Trim().Length is 0 or > 200)
            throw new RuleBroken(
                "campaign_name_missing", "Give the campaign a name of at most 200 characters.", "name");
        if (draft.Steps.Count > MaxSteps)
            throw new RuleBroken("too_many_steps", $"A sequence has at most {MaxSteps} steps.", "steps");
        foreach (var (index, step) in draft.Steps.Index())
        {
            if (step.Variants.Count is 0 or > MaxVariants)
                throw new RuleBroken(
                    "bad_variants", $"Step {index + 1} needs one to {MaxVariants} texts.",
                    $"steps/{index}/variants");
            if (step.DelayDays is < 0 or > 365)
                throw new RuleBroken(
                    "bad_delay", $"Step {index + 1} may wait 0 to 365 days.", $"steps/{index}/delay_days");
            foreach (var variant in step.Variants)
                templates.Check(step.Channel, variant.Subject, variant.Body);
        }
    }

    static async Task PutSteps(
        Session session, long campaignId, CampaignDraft draft, CancellationToken cancel)
    {
        var sequenceId = await CampaignStore.EnsureSequence(session, campaignId, cancel);
        foreach (var (index, step) in draft.Steps.Index())
        {
            var stepId = await CampaignStore.PutStep(
                session, sequenceId, index + 1, step.Channel, step.DelayDays, cancel);
            foreach (var (letter, variant) in step.Variants.Index())
                await CampaignStore.PutVariant(
                    session, stepId, ((char)('A' + letter)).ToString(), variant.Subject, variant.Body,
                    cancel);
            await CampaignStore.DropUnusedVariants(session, stepId, step.Variants.Count, cancel);
        }
    }

    static string AudienceOf(CampaignDraft draft) =>
        JsonSerializer.Serialize(draft.Audience, JobJson.Options);
}

/// <summary>Refuses a text that could never be rendered; the Compose phase knows how.</summary>
public interface ITemplateCheck
{
    /// <summary>Throws <see cref="RuleBroken"/> for an unknown field or a broken text.</summary>
    void Check(Channel channel, string subject, string body);
}
