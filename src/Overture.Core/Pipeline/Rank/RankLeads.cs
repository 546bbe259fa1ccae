using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Ranking;
using Overture.Ranking.Features;
using Overture.Ranking.Learning;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Rank phase: takes enriched leads, gives each a score with its reasons and its place in the order of
/// those who wait, and leaves them ranked.
/// </summary>
public sealed class RankLeads(
    Database database, ServingModels models, NightlyTraining training, TimeProvider time)
{
    const int BatchSize = 200;

    /// <summary>A lead's log tells when its score moves by at least this many points.</summary>
    const decimal WorthTelling = 5;

    /// <summary>Ranks one batch; returns how many leads moved on. 0 means nothing is waiting.</summary>
    public Task<int> RunBatch(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var leads = await LeadStore.TakeInState(session, LeadState.Enriched, BatchSize, cancel);
                if (leads.Count == 0) return 0;
                var settings = await RankingSettings.Load(session, cancel);
                var list = settings.Features();
                var serving = await models.Find(session, settings, list, cancel);
                if (serving.NeedsTraining) await training.Queue(session, "ranking", cancel);
                var known = await KnownLeadStore.List(session, [.. leads.Select(lead => lead.Id)], cancel);
                var now = time.GetUtcNow().UtcDateTime;
                var draw = serving.Model?.Draw(serving.Seed);
                List<Candidate> candidates =
                    [.. known.Select(lead => Describe(lead, settings, list, serving.Model, draw, now))];
                var order = Ranker.Order(candidates, new RankerOptions
                {
                    Seed = serving.Seed, WhyNoModel = serving.WhyNoModel,
                    Pinned = settings.Mode == RankingMode.Fifo ? RankingMode.Fifo : null,
                });
                await Keep(session, order, known, candidates, serving, now, cancel);
                await session.Announce("leads", 0, cancel);
                return leads.Count;
            },
            cancel);

    /// <summary>A lead as the ranking sees it, with what the model expects of it when there is one.</summary>
    internal static Candidate Describe(
        KnownLead lead, RankingSettings settings, FeatureList list, RankingModel? model, ModelDraw? draw,
        DateTime now)
    {
        var facts = FeatureBuilder.Facts(lead, now);
        var keywords = settings.Keywords();
        var today = DateOnly.FromDateTime(now);
        return new Candidate(lead.LeadId.ToString(), new DateTimeOffset(lead.CreatedAt, TimeSpan.Zero))
        {
            Keywords = keywords.IsSilent ? null : keywords.Match(FeatureList.TextOf(facts)),
            Fit = settings.Profile.IsSilent ? null : settings.Profile.Score(facts, today),
            Learned = model is null ? null : Expect(model, draw!, list.RowOf(facts, today)),
        };
    }

    static Expectation Expect(RankingModel model, ModelDraw draw, float[] row) =>
        FeatureWords.Expect(model, row) with { Drawn = draw.Chance(row) };

    static async Task Keep(
        Session session, RankedOrder order, IReadOnlyList<KnownLead> known, List<Candidate> candidates,
        Serving serving, DateTime now, CancellationToken cancel)
    {
        var before = known.ToDictionary(lead => lead.LeadId.ToString());
        var fits = candidates.ToDictionary(candidate => candidate.Id, candidate => candidate.Fit);
        List<RankedRow> rows = [];
        List<(long, string)> lines = [];
        foreach (var ranked in order.Leads)
        {
            var why = ranked.Mode == RankingMode.Learned ? ranked.Why : $"{ranked.Why} {order.Why}";
            var fit = fits[ranked.Id];
            var kept = new { why, ranked.Reasons, Fit = fit?.Reasons, fit?.Unknown };
            var row = new RankedRow(
                long.Parse(ranked.Id), (decimal?)ranked.Value, Word(ranked.Mode), ranked.Order,
                JsonSerializer.Serialize(kept, JobJson.Options));
            rows.Add(row);
            if (IsNews(before[ranked.Id], row)) lines.Add((row.LeadId, $"{Value(ranked)}. {why}"));
        }

        await RankedLeadStore.Mark(session, rows, serving.ModelId, now, cancel);
        if (lines.Count > 0) await RankedLeadStore.Log(session, lines, now, cancel);
        foreach (var id in order.Excluded) await Reject(session, id, fits[id]!, now, cancel);
    }

    static bool IsNews(KnownLead before, RankedRow row) =>
        before.RankedAt is null || (before.Score is null) != (row.Score is null)
        || Math.Abs((before.Score ?? 0) - (row.Score ?? 0)) >= WorthTelling;

    static async Task Reject(
        Session session, string lead, Score fit, DateTime now, CancellationToken cancel)
    {
        var id = long.Parse(lead);
        var rule = fit.Reasons
            .First(reason => reason.Sentence.StartsWith("Must not", StringComparison.Ordinal)).Sentence;
        await LeadStore.SetState(session, id, LeadState.Rejected, rule, now, cancel);
        await ActivityStore.Append(session, id, "rejected", "ranking", rule, now, cancel);
    }

    static string Value(RankedLead ranked) =>
        ranked.Value is { } score ? $"Scored {score:0.#}" : "Queued first in, first out";

    static string Word(RankingMode mode) => mode switch
    {
        RankingMode.Learned => "learned",
        RankingMode.ColdStart => "cold_start",
        _ => "fifo",
    };
}
