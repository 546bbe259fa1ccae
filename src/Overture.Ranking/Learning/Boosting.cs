using System.Numerics;

namespace Overture.Ranking.Learning;

/// <summary>
/// Gradient boosting of symmetric trees on the logistic loss: each tree follows what the ones before still
/// get wrong. Watches rows it does not learn from and stops when they no longer gain.
/// </summary>
static class Boosting
{
    /// <summary>Trees without a gain on the watched rows before boosting stops.</summary>
    public const int Patience = 25;

    /// <summary>
    /// Trees, the watched rows' loss after each (entry 0 = without a tree) and the watched rows' log-odds
    /// after each tree when they are to be kept.
    /// </summary>
    public sealed record Run(double Start, List<SymmetricTree> Trees, List<double> Losses,
        List<float[]> Watched);

    public static Run Train(
        BinnedTable table, bool[] answers, int[] rows, int[] watchedRows, TreeOptions options, int maxTrees,
        ulong seed, bool keepWatched, int patience = Patience)
    {
        var random = new SeededRandom(seed);
        var yes = rows.Count(r => answers[r]);
        var start = Math.Log((yes + 0.5) / (rows.Length - yes + 0.5));
        var targets = Array.ConvertAll(rows, r => answers[r] ? 1f : 0f);
        var totals = new float[rows.Length];
        var watched = new float[watchedRows.Length];
        Array.Fill(totals, (float)start);
        Array.Fill(watched, (float)start);
        var run = new Run(start, [], [Loss(watched, watchedRows, answers)],
            keepWatched ? [[.. watched]] : []);
        var grower = new TreeGrower(table, rows, options);
        var (gradients, curvatures) = (new float[rows.Length], new float[rows.Length]);
        var (best, bestAt) = (run.Losses[0], 0);
        while (run.Trees.Count < maxTrees && run.Trees.Count - bestAt < patience)
        {
            Follow(totals, targets, gradients, curvatures);
            if (grower.Grow(gradients, curvatures, ref random) is not { } grown) break;
            grown.AddTo(table, rows, totals);
            grown.AddTo(table, watchedRows, watched);
            run.Trees.Add(grown.Tree);
            run.Losses.Add(Loss(watched, watchedRows, answers));
            if (keepWatched) run.Watched.Add([.. watched]);
            if (run.Losses[^1] < best - 1e-9) (best, bestAt) = (run.Losses[^1], run.Trees.Count);
        }

        return run;
    }

    /// <summary>Mean logistic loss of log-odds on some rows.</summary>
    static double Loss(float[] logOdds, int[] rows, bool[] answers)
    {
        if (rows.Length == 0) return 0;
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
            sum += Logistic.Loss(logOdds[i], answers[rows[i]]);
        return sum / rows.Length;
    }

    /// <summary>First and second derivative of the loss at each row.</summary>
    static void Follow(float[] totals, float[] targets, float[] gradients, float[] curvatures)
    {
        const float MinCurvature = 1e-6f;
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= totals.Length - width; i += width)
        {
            var chance = Vector<float>.One / (Vector<float>.One + Vector.Exp(-new Vector<float>(totals, i)));
            (chance - new Vector<float>(targets, i)).CopyTo(gradients, i);
            Vector.Max(chance * (Vector<float>.One - chance), new Vector<float>(MinCurvature))
                .CopyTo(curvatures, i);
        }

        for (; i < totals.Length; i++)
        {
            var chance = 1 / (1 + MathF.Exp(-totals[i]));
            gradients[i] = chance - targets[i];
            curvatures[i] = MathF.Max(chance * (1 - chance), MinCurvature);
        }
    }
}

/// <summary>The logistic function and its loss.</summary>
static class Logistic
{
    public static double Chance(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    public static double LogOdds(double chance) => Math.Log(chance / (1 - chance));

    /// <summary>Minus the logarithm of the chance given to what happened.</summary>
    public static double Loss(double logOdds, bool answer)
    {
        var against = answer ? -logOdds : logOdds;
        return against > 0 ? against + Math.Log(1 + Math.Exp(-against)) : Math.Log(1 + Math.Exp(against));
    }
}
