using Overture.Ranking.Features;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Tests;

/// <summary>Made-up rows whose truth is known.</summary>
static class Synthetic
{
    /// <summary>Some numeric features with missing values; the first two decide, the first rising.</summary>
    public static TrainingTable Table(int rows, int features, ulong seed, double missing = 0.1)
    {
        var random = new SeededRandom(seed);
        var values = new float[rows * features];
        var answers = new bool[rows];
        for (var row = 0; row < rows; row++)
        {
            var of = values.AsSpan(row * features, features);
            for (var f = 0; f < features; f++)
                of[f] = random.NextDouble() < missing ? float.NaN : (float)random.NextNormal();
            answers[row] = random.NextDouble() < Truth(of);
        }

        return new TrainingTable([.. Enumerable.Range(0, features).Select(f => $"f{f}")], values, answers);
    }

    public static double Truth(ReadOnlySpan<float> row)
    {
        var first = float.IsNaN(row[0]) ? 0.3 : row[0];
        var second = float.IsNaN(row[1]) ? 0 : row[1] > 0.5 ? 1.5 : 0;
        return Logistic.Chance(-1.5 + (1.2 * first) + (first > 0 ? second : -second));
    }

    /// <summary>A model of a feature list, learned from random rows.</summary>
    public static RankingModel Model(FeatureList list)
    {
        var table = Table(600, list.Names.Count, 9);
        return Learner.Learn(
            new TrainingTable(list.Names, table.Values, table.Answers),
            new LearnerOptions { FeatureList = list.Identity }).Model!;
    }
}
