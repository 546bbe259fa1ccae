namespace Overture.Ranking.Learning;

/// <summary>
/// Turns log-odds into log-odds that keep their promise. Platt's straight line is part of the blend already;
/// with enough held-back answers a free rising curve (isotonic regression) may bend it, if it pays.
/// </summary>
/// <param name="From">Log-odds, ascending; empty = no bend.</param>
/// <param name="To">What they become, rising.</param>
sealed record Calibrator(double[] From, double[] To)
{
    /// <summary>Fewer answers of either kind than this carry no free curve.</summary>
    const int MinAnswers = 1_000;

    public static Calibrator Straight { get; } = new([], []);

    public double Bend(double logOdds)
    {
        if (From.Length == 0) return logOdds;
        // Beyond the ends the curve goes on in parallel to the straight line, so that order is kept there
        // too.
        if (logOdds <= From[0]) return To[0] + logOdds - From[0];
        if (logOdds >= From[^1]) return To[^1] + logOdds - From[^1];
        var at = Array.BinarySearch(From, logOdds);
        if (at >= 0) return To[at];
        var upper = ~at;
        var share = (logOdds - From[upper - 1]) / (From[upper] - From[upper - 1]);
        return To[upper - 1] + (share * (To[upper] - To[upper - 1]));
    }

    /// <summary>
    /// The curve that the held-back answers earn: straight unless a bend helps answers it did not see.
    /// </summary>
    public static Calibrator Choose(double[] logOdds, bool[] answers)
    {
        var yes = answers.Count(a => a);
        if (Math.Min(yes, answers.Length - yes) < MinAnswers) return Straight;
        double straight = 0, bent = 0;
        foreach (var half in (int[])[0, 1])
        {
            int[] seen = [.. Enumerable.Range(0, answers.Length).Where(i => i % 2 == half)];
            var curve = Fit([.. seen.Select(i => logOdds[i])], [.. seen.Select(i => answers[i])]);
            for (var i = 1 - half; i < answers.Length; i += 2)
            {
                straight += Logistic.Loss(logOdds[i], answers[i]);
                bent += Logistic.Loss(curve.Bend(logOdds[i]), answers[i]);
            }
        }

        return bent < straight ? Fit(logOdds, answers) : Straight;
    }

    /// <summary>Pool adjacent violators on blocks of equal count, joined by straight pieces.</summary>
    static Calibrator Fit(double[] logOdds, bool[] answers)
    {
        const int Blocks = 30;
        var order = Enumerable.Range(0, answers.Length).OrderBy(i => logOdds[i]).ThenBy(i => i).ToArray();
        List<(double At, double Yes, double Count)> pools = [];
        foreach (var block in order.Chunk(Math.Max(1, order.Length / Blocks)))
        {
            pools.Add((block.Sum(i => logOdds[i]), block.Count(i => answers[i]), block.Length));
            while (pools.Count > 1 && Rate(pools[^2]) >= Rate(pools[^1]))
            {
                var (a, b) = (pools[^2], pools[^1]);
                pools.RemoveRange(pools.Count - 2, 2);
                pools.Add((a.At + b.At, a.Yes + b.Yes, a.Count + b.Count));
            }
        }

        var from = pools.Select(p => p.At / p.Count).ToArray();
        return new Calibrator(from, [.. pools.Select(p => Logistic.LogOdds(Rate(p)))]);

        static double Rate((double At, double Yes, double Count) pool) => (pool.Yes + 0.5) / (pool.Count + 1);
    }
}
