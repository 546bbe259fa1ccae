namespace Overture.Ranking.Bench;

/// <summary>
/// One waiting lead of a simulated account: what is seen of it, and what only the simulation knows.
/// </summary>
sealed record SimulatedLead(int Number, float[] Row, KeywordMatches Keywords, double Truth, bool SaysYes,
    double AnswerDays);

/// <summary>
/// An account with a known truth. The shape follows the product: 24 profile numbers with missing values, 30
/// keywords. The chance of a yes has linear parts, thresholds, interactions; the user's keyword lists are
/// mostly right, partly idle, and now and then wrong. Every seed draws another account.
/// </summary>
sealed class World
{
    const int Numbers = 24;
    const int Words = 30;
    const int PositiveWords = 14;
    const int NegativeWords = 8;
    const double MissingShare = 0.15;

    /// <summary>Answers take this many days on average; the slowest come after weeks.</summary>
    const double MeanAnswerDays = 4;

    readonly double[] numberEffects = new double[Numbers];
    readonly double[] wordEffects = new double[Words];
    readonly (int First, int Second, double Effect)[] pairs;
    readonly double constant;

    public World(ulong seed, int leadCount)
    {
        var random = new SeededRandom((seed * 7919) + 13);
        for (var i = 0; i < Numbers; i++)
            numberEffects[i] = random.NextDouble() < 0.4 ? 0.35 * random.NextNormal() : 0;
        for (var i = 0; i < Words; i++)
        {
            var strength = Math.Abs(0.6 * random.NextNormal());
            var luck = random.NextDouble();
            var believed = i < PositiveWords ? 1 : i < PositiveWords + NegativeWords ? -1 : 0;
            wordEffects[i] = believed == 0 ? (luck < 0.5 ? 0.5 * random.NextNormal() : 0)
                : luck < 0.55 ? believed * strength : luck < 0.65 ? -believed * 0.5 * strength : 0;
        }

        pairs = new (int, int, double)[6];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = (random.NextInt(Numbers), random.NextInt(Numbers), 0.5 * random.NextNormal());
        constant = -2.2 + (0.4 * random.NextNormal());
        Leads = new SimulatedLead[leadCount];
        for (var i = 0; i < leadCount; i++) Leads[i] = Lead(i, ref random);
        Names = [.. Enumerable.Range(0, Numbers).Select(i => $"number {i}"), "positive_keywords",
            "negative_keywords",
            .. Enumerable.Range(0, Words).Select(i => $"word {i}")];
    }

    public SimulatedLead[] Leads { get; }

    public string[] Names { get; }

    SimulatedLead Lead(int number, ref SeededRandom random)
    {
        var row = new float[Numbers + 2 + Words];
        var logOdds = constant;
        for (var i = 0; i < Numbers; i++)
        {
            row[i] = random.NextDouble() < MissingShare ? float.NaN : (float)random.NextNormal();
            if (!float.IsNaN(row[i])) logOdds += numberEffects[i] * row[i];
        }

        foreach (var (first, second, effect) in pairs)
            if (row[first] > 0 && row[second] > 0) logOdds += effect;
        List<string> good = [], bad = [];
        for (var i = 0; i < Words; i++)
        {
            if (random.NextDouble() >= 0.12) continue;
            row[Numbers + 2 + i] = 1;
            logOdds += wordEffects[i];
            if (i < PositiveWords) good.Add($"{i}");
            else if (i < PositiveWords + NegativeWords) bad.Add($"{i}");
        }

        (row[Numbers], row[Numbers + 1]) = (good.Count, bad.Count);
        var truth = 1 / (1 + Math.Exp(-logOdds));
        return new SimulatedLead(number, row, new KeywordMatches(good, bad, []), truth,
            random.NextDouble() < truth, -MeanAnswerDays * Math.Log(1 - random.NextDouble()));
    }
}
