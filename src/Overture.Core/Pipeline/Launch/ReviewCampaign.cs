using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Looks at everything that a launch depends on, and says what stands in its way.</summary>
public sealed class ReviewCampaign(Database database, SendingIdentity identity, TimeProvider time)
{
    /// <summary>A larger audience is told as this many and more.</summary>
    public const int MostCounted = 100_000;

    /// <summary>Whose messages are rendered to see whether every merge field has a value.</summary>
    const int Sample = 200;

    /// <summary>Addresses in one question about suppressions.</summary>
    const int AskedAtOnce = 10_000;

    public Task<LaunchReview> Of(long workspaceId, long campaignId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => Review(session, campaignId, cancel), cancel);

    public async Task<Forecast> Forecast(long workspaceId, long campaignId, CancellationToken cancel) =>
        (await Of(workspaceId, campaignId, cancel)).Forecast;

    async Task<LaunchReview> Review(Session session, long campaignId, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var workspace = await WorkspaceStore.Get(session, cancel);
        var campaign = await CampaignStore.Find(session, campaignId, cancel)
            ?? throw RuleBroken.NotFound("campaign", campaignId);
        var steps = await StepStore.InOrder(session, campaignId, cancel);
        var senders = await CampaignSenders.Of(session, campaignId, cancel);
        var audience = await SegmentStore.AudienceOf(session, campaign, cancel);
        var ids = await LeadListStore.NotEnrolled(session, audience, campaign, MostCounted, cancel);
        var matching = await LeadListStore.Count(session, audience, cancel);
        var suppressed = await CountSuppressed(session, ids, cancel);
        var (withoutAddress, placed) = await LaunchStore.People(session, ids, cancel);
        var people = ids.Count - suppressed;
        var forecast = await ForecastOf(session, workspace, campaign, steps, senders, people, now, cancel);
        var enrolled = await LaunchStore.Enrolled(session, campaign.Id, cancel);
        var domains = await LaunchStore.Domains(
            session, [.. senders.Select(box => box.Domain.ToLowerInvariant()).Distinct()], cancel);
        var unresolved = await Unresolved(session, steps, senders, ids, cancel);
        return new LaunchReview
        {
            CampaignId = campaignId, Name = campaign.Name, Audience = ids.Count, Suppressed = suppressed,
            Forecast = forecast,
            Lines =
            [
                LaunchLines.Audience(
                    campaignId, matching, ids.Count, suppressed, withoutAddress, enrolled),
                LaunchLines.Texts(campaignId, steps),
                LaunchLines.MergeFields(campaignId, unresolved, Math.Min(ids.Count, Sample)),
                .. LaunchLines.Mailboxes(campaignId, workspace, senders),
                .. senders.Select(box => box.Domain.ToLowerInvariant()).Distinct().Select(domain =>
                    LaunchLines.Domain(
                        workspace, domain, domains.FirstOrDefault(one => one.Domain == domain), now)),
                LaunchLines.Unsubscribe(identity.PublicUrl),
                LaunchLines.PostalAddress(workspace, senders),
                LaunchLines.Wordings(campaignId, steps),
                LaunchLines.Schedule(senders, placed, ids.Count),
                LaunchLines.Capacity(forecast, people),
                LaunchLines.DryRun(workspace),
            ],
        };
    }

    // Asked as sending asks: who was erased is known by a hash only, which no SQL can make.
    static async Task<long> CountSuppressed(
        Session session, IReadOnlyList<long> ids, CancellationToken cancel)
    {
        var count = 0L;
        foreach (var part in ids.Chunk(AskedAtOnce))
        {
            var addresses = await LaunchStore.Addresses(session, part, cancel);
            var batch = new Batch(session);
            var suppressed = SuppressionStore.Matching(batch, addresses);
            await batch.Send(cancel);
            count += addresses.Count(address => suppressed.Reason(address) is not null);
        }

        return count;
    }

    static async Task<Forecast> ForecastOf(
        Session session, Workspace workspace, Campaign campaign, IReadOnlyList<Step> steps,
        IReadOnlyList<Mailbox> senders, long people, DateTime now, CancellationToken cancel)
    {
        var uses = new List<(Mailbox, SenderUse)>();
        foreach (var box in senders)
            uses.Add((box, (await SituationReader.OfMailbox(session, workspace, box, now, cancel)).Use));
        if (campaign.PilotSize is { } pilot) people = Math.Min(people, pilot);
        var underWay =
            from some in await LaunchStore.UnderWay(session, campaign.Id, cancel)
            let next = NextEmail(steps, some.StepId)
            where next is not null
            let days = DateOnly.FromDateTime(some.DueAt).DayNumber - DateOnly.FromDateTime(now).DayNumber
            select new PeopleUnderWay(
                next.Value.Email, Math.Max(0, days) + next.Value.Days,
                some.DueAt.AddDays(next.Value.Days), some.Count);
        return ForecastDays.Of(new ForecastInput
        {
            Senders = uses, Delays = DelaysOf(steps), NewPerDayLimit = campaign.NewPerDayLimit, Now = now,
            NewPeople = people + await LaunchStore.Unwritten(session, campaign.Id, cancel),
            UnderWay = [.. underWay],
        });
    }

    /// <summary>
    /// Days from email to email down the list; what stands between them takes its time, and a condition waits
    /// for an answer that nobody gives.
    /// </summary>
    internal static IReadOnlyList<int> DelaysOf(IReadOnlyList<Step> steps)
    {
        var (delays, passed) = (new List<int>(), 0);
        foreach (var step in steps)
        {
            passed += step.DelayDays + (step.Condition?.WindowDays ?? 0);
            if (step.Kind != StepKind.Email) continue;
            delays.Add(passed);
            passed = 0;
        }

        return delays;
    }

    /// <summary>Which email comes next for whoever is due a step, and how many days after that.</summary>
    static (int Email, int Days)? NextEmail(IReadOnlyList<Step> steps, long stepId)
    {
        var (email, days, isReached) = (0, 0, false);
        foreach (var step in steps)
        {
            if (isReached) days += step.DelayDays;
            isReached |= step.Id == stepId;
            if (step.Kind == StepKind.Email && isReached) return (email, days);
            if (step.Kind == StepKind.Email) email++;
            if (isReached) days += step.Condition?.WindowDays ?? 0;
        }

        return null;
    }

    /// <summary>How many of the first people cannot be written to, and the most frequent reason.</summary>
    static async Task<(int Count, string? Reason)> Unresolved(
        Session session, IReadOnlyList<Step> steps, IReadOnlyList<Mailbox> senders, IReadOnlyList<long> ids,
        CancellationToken cancel)
    {
        var problems = new List<string>();
        foreach (var id in ids.Take(Sample))
        {
            var lead = await LeadStore.Find(session, id, cancel);
            if (lead is null || await ContactStore.Find(session, lead.ContactId, cancel) is not { } contact)
                continue;
            var company = lead.CompanyId is { } of ? await CompanyStore.Find(session, of, cancel) : null;
            var facts = await FactStore.ForLead(session, contact.Id, lead.CompanyId, cancel);
            var fields = MergeFields.For(contact, company, facts, senders.Count > 0 ? senders[0] : null);
            var problem = steps.SelectMany(step => step.Variants.Where(text => text.Weight > 0)
                    .SelectMany(text => MessageRenderer.Render(step.Kind, text, fields).Problems))
                .FirstOrDefault();
            if (problem is not null) problems.Add(problem);
        }

        return (problems.Count, problems.GroupBy(text => text).MaxBy(group => group.Count())?.Key);
    }
}
