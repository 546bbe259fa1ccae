using System.Globalization;
using Dapper;

namespace Overture.Core.Model;

/// <summary>A stretch of a list that one index holds in order.</summary>
sealed record LeadStretch(string Where, string Order);

/// <summary>
/// The orders of a list, in stretches that follow each other: rows with the cursor's own score, rows with a
/// lower one, rows without a score. Each begins at its place in an index and not before.
/// </summary>
static class LeadOrder
{
    public static void AddTo(DynamicParameters values, LeadCursor? after)
    {
        if (after is null) return;
        values.Add("lastId", after.Id);
        values.Add("lastText", after.Value);
        values.Add("lastScore", ScoreKey(Number(after.Value)));
    }

    public static IReadOnlyList<LeadStretch> Stretches(LeadSort sort, LeadCursor? after, string id) =>
        sort switch
        {
            LeadSort.Score => Score(after),
            LeadSort.Name =>
            [
                new(after is null ? "" : " and (s.name_key, s.lead_id) > (@lastText, @lastId)",
                    "order by s.name_key, s.lead_id"),
            ],
            LeadSort.Company => Company(after),
            _ => [new(after is null ? "" : $" and {id} < @lastId", $"order by {id} desc")],
        };

    /// <summary>Hundredths, as the indexes hold them.</summary>
    public static int? ScoreKey(decimal? score) =>
        score is { } given ? (int)Math.Ceiling(Math.Clamp(given, -1, 1_000) * 100) : null;

    static List<LeadStretch> Score(LeadCursor? after)
    {
        var unranked = new LeadStretch(" and l.score_key is null", "order by l.id");
        const string best = "order by l.score_key desc nulls last, l.id";
        if (after is null) return [new(" and l.score_key is not null", best), unranked];
        if (after.Value is null) return [new(" and l.score_key is null and l.id > @lastId", "order by l.id")];
        return
        [
            new(" and l.score_key = @lastScore and l.id > @lastId", "order by l.id"),
            new(" and l.score_key < @lastScore", best), unranked,
        ];
    }

    static List<LeadStretch> Company(LeadCursor? after)
    {
        var nowhere = new LeadStretch(" and s.company_key is null", "order by s.lead_id");
        const string byName = "order by s.company_key, s.lead_id";
        if (after is null) return [new(" and s.company_key is not null", byName), nowhere];
        if (after.Value is null)
            return [new(" and s.company_key is null and s.lead_id > @lastId", "order by s.lead_id")];
        return [new(" and (s.company_key, s.lead_id) > (@lastText, @lastId)", byName), nowhere];
    }

    static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
