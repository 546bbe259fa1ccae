using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>A campaign with its steps and their texts.</summary>
public sealed record CampaignDetail(Campaign Campaign, IReadOnlyList<Step> Steps, LeadFilter Audience);

/// <summary>What a person or a program may do with campaigns.</summary>
public sealed class Campaigns(Database database, ITemplateCheck templates, TimeProvider time)
{
    readonly DraftRules rules = new(templates);

    public Task<IReadOnlyList<Campaign>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => CampaignStore.List(session, cancel), cancel);

    public Task<CampaignDetail> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => Read(session, id, cancel), cancel);

    public Task<long> Create(long workspaceId, CampaignDraft draft, CancellationToken cancel)
    {
        rules.Check(draft);
        return database.InWorkspace(workspaceId, session => Insert(session, draft, cancel), cancel);
    }

    /// <summary>
    /// Rewrites a campaign, running or not. Whoever was sent a step is not sent it again, whatever moves.
    /// </summary>
    public Task Update(long workspaceId, long id, CampaignDraft draft, CancellationToken cancel)
    {
        rules.Check(draft);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaign = await CampaignStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                if (!campaign.CanEdit)
                    throw new RuleBroken(
                        "campaign_archived",
                        $"“{campaign.Name}” is {Word(campaign.State)} and cannot be changed.");
                var now = time.GetUtcNow().UtcDateTime;
                await CampaignStore.Update(session, id, draft, AudienceOf(draft), now, cancel);
                await SaveSequence.Run(session, campaign, id, draft.Steps, now, cancel);
                await session.Announce("campaigns", id, cancel);
            },
            cancel);
    }

    /// <summary>What saving this draft would change, and for how many; nothing is kept.</summary>
    public Task<IReadOnlyList<StepChange>> Compare(
        long workspaceId, long id, CampaignDraft draft, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                _ = await CampaignStore.Find(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                var before = await StepStore.InOrder(session, id, cancel);
                var crowds = await StepStore.Crowds(session, id, cancel);
                return new SequenceEdit(before, draft.Steps).Changes(crowds);
            },
            cancel);

    /// <summary>The same campaign once more, as a draft that was never started.</summary>
    public Task<long> Duplicate(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await Insert(session, CopyOf(await Read(session, id, cancel)), cancel),
            cancel);

    /// <summary>
    /// Starts or resumes. Whoever was sent a step before is not sent it again. With a pilot, no more than so
    /// many are enrolled until it is released.
    /// </summary>
    public Task Start(long workspaceId, long id, CancellationToken cancel, int? pilot = null) =>
        Change(
            workspaceId, id, CampaignState.Running, null, campaign => campaign.CanStart, "started",
            async (session, campaign) =>
            {
                await CheckReady(session, campaign, cancel);
                if (pilot is < 1) throw new RuleBroken("bad_pilot", "A pilot needs somebody.", "pilot");
                if (pilot is not null) await CampaignStore.SetPilot(session, id, pilot, cancel);
            },
            cancel);

    /// <summary>Ends the pilot: from now on the whole audience is enrolled.</summary>
    public Task Release(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaign = await CampaignStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                if (!campaign.IsPilot)
                    throw new RuleBroken("no_pilot", $"“{campaign.Name}” does not run as a pilot.");
                await CampaignStore.SetPilot(session, id, null, cancel);
                await session.Announce("campaigns", id, cancel);
            },
            cancel);

    public Task Pause(long workspaceId, long id, string reason, CancellationToken cancel) =>
        Change(
            workspaceId, id, CampaignState.Paused, reason, campaign => campaign.CanPause, "paused", null,
            cancel);

    /// <summary>Ends it for everybody who is still in it; what they still had to get is cancelled.</summary>
    public Task End(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id, CampaignState.Ended, null, campaign => campaign.CanEnd, "ended",
            (session, _) => FinishAll(session, id, cancel), cancel);

    public Task Archive(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id, CampaignState.Archived, null, campaign => campaign.CanArchive, "archived",
            (session, _) => FinishAll(session, id, cancel), cancel);

    /// <summary>Gives every further message of a step to one wording.</summary>
    public Task Promote(long workspaceId, long id, long variantId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                _ = await CampaignStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                var steps = await StepStore.InOrder(session, id, cancel);
                var step = steps.FirstOrDefault(one => one.Variants.Any(text => text.Id == variantId))
                    ?? throw RuleBroken.NotFound("text", variantId);
                await StepStore.GiveAll(session, step.Id, variantId, cancel);
                await session.Announce("campaigns", id, cancel);
            },
            cancel);

    /// <summary>The draft that, saved, would change nothing.</summary>
    public static CampaignDraft DraftOf(CampaignDetail detail) => new()
    {
        Name = detail.Campaign.Name, Goal = detail.Campaign.Goal, MailboxId = detail.Campaign.MailboxId,
        Audience = detail.Audience, SegmentId = detail.Campaign.SegmentId,
        StopOnReply = detail.Campaign.StopOnReply, StopOnCompanyReply = detail.Campaign.StopOnCompanyReply,
        StopOnBounce = detail.Campaign.StopOnBounce,
        AllowsOverlap = detail.Campaign.AllowsOverlap, NewPerDayLimit = detail.Campaign.NewPerDayLimit,
        OnUncertain = detail.Campaign.OnUncertain, ApprovesEach = detail.Campaign.ApprovesEach,
        Steps = [.. detail.Steps.Select(DraftOf)],
    };

    static StepDraft DraftOf(Step step) => new()
    {
        Id = step.Id, Kind = step.Kind, DelayDays = step.DelayDays, InWorkingDays = step.InWorkingDays,
        Manual = step.Manual, EndsHere = step.EndsHere,
        Condition = step.Condition is not { } asked ? null : new ConditionDraft
        {
            Test = asked.Test, Field = asked.Field, Operator = asked.Operator, Value = asked.Value,
            WindowDays = asked.WindowDays, Yes = asked.YesStepId?.ToString(), No = asked.NoStepId?.ToString(),
        },
        Variants = [.. step.Variants.Select(
            text => new VariantDraft(text.Subject, text.Body) { Id = text.Id, Weight = text.Weight })],
    };

    static CampaignDraft CopyOf(CampaignDetail detail)
    {
        const int LongestOldName = 190;
        var draft = DraftOf(detail);
        var name = draft.Name.Length > LongestOldName ? draft.Name[..LongestOldName] : draft.Name;
        return draft with
        {
            Name = $"{name} (copy)",
            Steps = [.. draft.Steps.Select(step => step with { Id = null, Key = step.Name })],
        };
    }

    static async Task<CampaignDetail> Read(Session session, long id, CancellationToken cancel)
    {
        var campaign = await CampaignStore.Find(session, id, cancel)
            ?? throw RuleBroken.NotFound("campaign", id);
        var steps = await StepStore.InOrder(session, id, cancel);
        return new CampaignDetail(campaign, steps, await SegmentStore.AudienceOf(session, campaign, cancel));
    }

    async Task<long> Insert(Session session, CampaignDraft draft, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var id = await CampaignStore.Insert(session, draft, AudienceOf(draft), now, cancel);
        await SaveSequence.Run(session, null, id, draft.Steps, now, cancel);
        await session.Announce("campaigns", id, cancel);
        return id;
    }

    Task FinishAll(Session session, long id, CancellationToken cancel) =>
        EnrollmentStore.FinishAll(session, id, FinishReason.Ended, time.GetUtcNow().UtcDateTime, cancel);

    Task Change(
        long workspaceId, long id, CampaignState to, string? reason, Func<Campaign, bool> isAllowed,
        string verb, Func<Session, Campaign, Task>? also, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaign = await CampaignStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("campaign", id);
                if (!isAllowed(campaign))
                    throw new RuleBroken(
                        "campaign_state",
                        $"“{campaign.Name}” is {Word(campaign.State)}; it cannot be {verb}.");
                if (also is not null) await also(session, campaign);
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
        var steps = await StepStore.InOrder(session, campaign.Id, cancel);
        if (!steps.Any(step => step.IsTouch) || steps.Any(step => step.IsTouch && step.Variants.Count == 0))
            throw new RuleBroken(
                "campaign_without_text", $"“{campaign.Name}” has a step without text. Write it first.",
                "steps");
    }

    static string Word(CampaignState state) => state.ToString().ToLowerInvariant();

    static string AudienceOf(CampaignDraft draft) =>
        JsonSerializer.Serialize(draft.Audience, JobJson.Options);
}
