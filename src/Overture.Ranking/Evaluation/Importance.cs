using Overture.Ranking.Learning;

namespace Overture.Ranking.Evaluation;

/// <summary>What one feature does in a model.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Weight">Its mean part of the log-odds over rows, without sign.</param>
/// <param name="Direction">
/// +1: more of it raises the chance; -1: lowers it; 0: now the one, now the other, or only its absence
/// counts.
/// </param>
public sealed record FeatureWeight(string Feature, double Weight, int Direction);

/// <summary>Which features a model goes by, seen from the rows it is used on.</summary>
public static class Importance
{
    /// <summary>Rows that are explained; more would hardly move the means.</summary>
    const int MaxRows = 400;

    /// <summary>A correlation of value and part weaker than this is called no direction.</summary>
    const double MinCorrelation = 0.3;

    /// <summary>The features with a part in any row, the strongest first.</summary>
    public static IReadOnlyList<FeatureWeight> Of(RankingModel model, TrainingTable table)
    {
        var step = Math.Max(1, (table.RowCount + MaxRows - 1) / MaxRows);
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(r => r % step == 0)];
        var parts = model.Features.ToDictionary(f => f, _ => new List<(double Value, double Part)>());
        foreach (var row in rows)
            foreach (var part in model.Explain(table.Row(row)).Parts)
                parts[part.Feature].Add((part.Value, part.LogOdds));
        return [.. parts.Where(p => p.Value.Count > 0)
            .Select(p => new FeatureWeight(
                p.Key, p.Value.Sum(v => Math.Abs(v.Part)) / rows.Length, Direction(p.Value)))
            .OrderByDescending(w => w.Weight).ThenBy(w => w.Feature, StringComparer.Ordinal)];
    }

    static int Direction(List<(double Value, double Part)> all)
    {
        var known = all.Where(v => double.IsFinite(v.Value)).ToList();
        if (known.Count < 2) return 0;
        var (x, y) = (known.Average(v => v.Value), known.Average(v => v.Part));
        var together = known.Sum(v => (v.Value - x) * (v.Part - y));
        var apart = Math.Sqrt(
            known.Sum(v => (v.Value - x) * (v.Value - x)) * known.Sum(v => (v.Part - y) * (v.Part - y)));
        return apart < 1e-12 || Math.Abs(together) < MinCorrelation * apart ? 0 : Math.Sign(together);
    }
}
