using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Ranking;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Rank phase: takes enriched leads, gives each a score with its reasons, and leaves them ranked.
/// </summary>
public sealed class RankLeads(Database database, TimeProvider time)
{
    const int BatchSize = 200;

    /// <summary>Ranks one batch; returns how many leads moved on. 0 means nothing is waiting.</summary>
    public Task<int> RunBatch(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var leads = await LeadStore.TakeInState(session, LeadState.Enriched, BatchSize, cancel);
                if (leads.Count == 0) return 0;
                var settings = await RankingSettings.Load(session, cancel);
                var candidates = new List<Candidate>(leads.Count);
                foreach (var lead in leads) candidates.Add(await Describe(session, lead, settings, cancel));
                var order = Ranker.Order(candidates, time.GetUtcNow());
                foreach (var ranked in order.Leads) await Keep(session, ranked, candidates, cancel);
                foreach (var id in order.Excluded) await Reject(session, id, candidates, cancel);
                await session.Announce("leads", 0, cancel);
                return leads.Count;
            },
            cancel);

    async Task<Candidate> Describe(
        Session session, Lead lead, RankingSettings settings, CancellationToken cancel)
    {
        var contact = await ContactStore.Find(session, lead.ContactId, cancel)
            ?? throw RuleBroken.NotFound("contact", lead.ContactId);
        var company = lead.CompanyId is { } id ? await CompanyStore.Find(session, id, cancel) : null;
        var facts = await FactStore.ForLead(session, contact.Id, lead.CompanyId, cancel);
        var keywords = settings.Keywords();
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return new Candidate(lead.Id.ToString(), new DateTimeOffset(lead.CreatedAt, TimeSpan.Zero))
        {
            Keywords = keywords.IsSilent
            ? null : keywords.Match(FeatureBuilder.Text(contact, company, facts)),
            Fit = settings.Profile.IsSilent
                ? null : settings.Profile.Score(FeatureBuilder.Facts(contact, company), today),
        };
    }

    async Task Keep(Session session, RankedLead ranked, List<Candidate> candidates, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var id = long.Parse(ranked.Id);
        var fit = candidates.Find(candidate => candidate.Id == ranked.Id)!.Fit;
        var why = JsonSerializer.Serialize(
            new { ranked.Why, ranked.Reasons, Fit = fit?.Reasons, fit?.Unknown }, JobJson.Options);
        await LeadStore.MarkRanked(session, id, (decimal?)ranked.Value, why, Word(ranked.Mode), now, cancel);
        var value = ranked.Value is { } score ? $"Scored {score:0.#}" : "Queued first in, first out";
        await ActivityStore.Append(session, id, "ranked", "ranking", $"{value}. {ranked.Why}", now, cancel);
    }

    async Task Reject(Session session, string lead, List<Candidate> candidates, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var id = long.Parse(lead);
        var rule = candidates.Find(candidate => candidate.Id == lead)!.Fit!.Reasons
            .First(reason => reason.Sentence.StartsWith("Must not", StringComparison.Ordinal)).Sentence;
        await LeadStore.SetState(session, id, LeadState.Rejected, rule, now, cancel);
        await ActivityStore.Append(session, id, "rejected", "ranking", rule, now, cancel);
    }

    static string Word(RankingMode mode) => mode switch
    {
        RankingMode.Learned => "learned",
        RankingMode.ColdStart => "cold_start",
        _ => "fifo",
    };
}
