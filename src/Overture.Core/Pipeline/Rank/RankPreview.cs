using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Ranking;

namespace Overture.Core.Pipeline;

/// <summary>
/// How one waiting lead would move if the settings were others. Places count from 1 among the leads looked
/// at; null = must not be contacted.
/// </summary>
public sealed record LeadMove(
    long LeadId, string FullName, string? Title, string? Company, int? PlaceBefore, int? PlaceAfter,
    double? ChanceBefore, double? ChanceAfter, IReadOnlyList<string> Because);

/// <summary>What other settings would do.</summary>
/// <param name="LookedAt">Waiting leads that were compared.</param>
/// <param name="Changed">How many of them would change their place.</param>
/// <param name="Moves">Those that move furthest.</param>
public sealed record RankPreviewOutcome(int LookedAt, int Changed, IReadOnlyList<LeadMove> Moves);

/// <summary>
/// Shows what keywords and the ideal customer would do before they are kept. It compares what they expect by
/// themselves, without chance: what a model makes of them is only known once it has learned.
/// </summary>
public sealed class RankPreview(Database database, TimeProvider time)
{
    /// <summary>Leads compared: those who are next.</summary>
    const int LeadsLookedAt = 300;

    const int MovesShown = 10;

    public Task<RankPreviewOutcome> Of(
        long workspaceId, RankingSettings changed, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var leads = await KnownLeadStore.Waiting(session, LeadsLookedAt, cancel);
                var now = time.GetUtcNow().UtcDateTime;
                var before = Places(leads, await RankingSettings.Load(session, cancel), now);
                var after = Places(leads, changed, now);
                var moves = leads
                    .Select(lead => Move(lead, before[lead.LeadId], after[lead.LeadId])).ToList();
                return new RankPreviewOutcome(
                    leads.Count, moves.Count(IsMove),
                    [.. moves.Where(IsMove).OrderByDescending(Distance).ThenBy(move => move.LeadId)
                        .Take(MovesShown)]);
            },
            cancel);

    static Dictionary<long, Place> Places(
        IReadOnlyList<KnownLead> leads, RankingSettings settings, DateTime now)
    {
        var list = settings.Features();
        var described = leads.Select(lead =>
        {
            var candidate = RankLeads.Describe(lead, settings, list, null, null, now);
            var expected = Ranker.ColdStart(candidate.Keywords, candidate.Fit);
            return (lead.LeadId, lead.CreatedAt, IsOut: candidate.Fit?.IsExcluded == true, expected,
                IsBlind: candidate.Keywords is null && candidate.Fit is null);
        }).ToList();
        var places = described.Where(d => !d.IsOut)
            .OrderByDescending(d => d.expected.Probability).ThenBy(d => d.CreatedAt).ThenBy(d => d.LeadId)
            .Select((d, i) => (d.LeadId, Place: i + 1)).ToDictionary(p => p.LeadId, p => p.Place);
        return described.ToDictionary(d => d.LeadId, d => new Place(
            d.IsOut ? null : places[d.LeadId], d.IsBlind ? null : d.expected.Probability,
            [.. d.expected.Reasons.Select(r => r.ToString())]));
    }

    static LeadMove Move(KnownLead lead, Place before, Place after) => new(
        lead.LeadId, lead.FullName, lead.Title, lead.CompanyName, before.Number, after.Number, before.Chance,
        after.Chance, after.Because);

    static bool IsMove(LeadMove move) => move.PlaceBefore != move.PlaceAfter;

    static int Distance(LeadMove move) =>
        Math.Abs((move.PlaceBefore ?? LeadsLookedAt) - (move.PlaceAfter ?? LeadsLookedAt));

    sealed record Place(int? Number, double? Chance, IReadOnlyList<string> Because);
}
