using Overture.Ranking.Evaluation;

namespace Overture.Ranking.Learning;

/// <summary>What a model was learned from and how it did on rows it had not seen.</summary>
public sealed record TrainingSummary(
    int RowCount, int PositiveCount, int TreeCount, Interval Auc, double LogLoss,
    IReadOnlyList<CalibrationBin> Calibration, Interval LiftOverFifo);

/// <summary>One feature's part in one row's log-odds.</summary>
public sealed record Contribution(string Feature, float Value, double LogOdds);

/// <summary>
/// Why a row got its chance: the start (what an average row gets), each feature's part and the bend of the
/// calibration add up to the log-odds of the chance.
/// </summary>
public sealed record Explanation(
    double Chance, double Start, IReadOnlyList<Contribution> Parts, double CalibrationBend)
{
    /// <summary>The sum of all parts: the log-odds of the chance.</summary>
    public double LogOdds => Start + Parts.Sum(p => p.LogOdds) + CalibrationBend;
}

/// <summary>
/// A learned model: rows of features in, calibrated chances of a yes out. Immutable; safe to share by
/// threads.
/// </summary>
public sealed class RankingModel
{
    /// <summary>However sure, a model is never worth fewer answers than this.</summary>
    const double MinEvidence = 2;

    readonly double start;

    internal RankingModel(
        IReadOnlyList<string> features, string featureList, double start, Forest forest, LinearModel line,
        Blend blend, Calibrator calibrator, TrainingSummary summary)
    {
        (Features, FeatureList, this.start, Forest) = (features, featureList, start, forest);
        (Line, Blend, Calibrator, Summary) = (line, blend, calibrator, summary);
    }

    /// <summary>Names of the features a row holds, in order.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Version and hash of the feature list the model was learned with.</summary>
    public string FeatureList { get; }

    /// <summary>What it was learned from and how well it did.</summary>
    public TrainingSummary Summary { get; }

    internal Forest Forest { get; }

    internal LinearModel Line { get; }

    internal Blend Blend { get; }

    internal Calibrator Calibrator { get; }

    internal double TreeStart => start;

    /// <summary>The calibrated chance of a yes, 0 to 1. NaN = missing.</summary>
    /// <exception cref="ArgumentException">The row has not one value per feature.</exception>
    public double Chance(ReadOnlySpan<float> row)
    {
        if (row.Length != Features.Count)
            throw new ArgumentException($"The model needs {Features.Count} values, not {row.Length}.");
        return Logistic.Chance(Calibrator.Bend(Raw(row, Forest.Sum(row))));
    }

    /// <summary>The chances of many rows, given row after row.</summary>
    public float[] Chances(ReadOnlySpan<float> rows)
    {
        if (rows.Length % Features.Count != 0)
            throw new ArgumentException($"{rows.Length} values are no whole rows of {Features.Count}.");
        var sums = new float[rows.Length / Features.Count];
        Forest.AddSums(rows, sums);
        for (var i = 0; i < sums.Length; i++)
        {
            var row = rows.Slice(i * Features.Count, Features.Count);
            sums[i] = (float)Logistic.Chance(Calibrator.Bend(Raw(row, sums[i])));
        }

        return sums;
    }

    /// <summary>
    /// How many answers the chance of this row is worth: the number that gives a beta distribution the spread
    /// which the regression's covariance gives the chance. More rows, and more rows like this one, mean more.
    /// </summary>
    public double Evidence(ReadOnlySpan<float> row)
    {
        var chance = Math.Clamp(Chance(row), 1e-6, 1 - 1e-6);
        var variance = Math.Max(Line.Variance(row), 1e-9);
        return Math.Clamp(
            (1 / (chance * (1 - chance) * variance)) - 1, MinEvidence, Summary.RowCount + MinEvidence);
    }

    /// <summary>
    /// One draw of the model from what is known (Thompson sampling): all rows scored with the same draw share
    /// its doubts, so that a batch tries out one coherent belief instead of the luckiest of many independent
    /// dice.
    /// </summary>
    public ModelDraw Draw(ulong seed)
    {
        var random = new SeededRandom(seed);
        return new ModelDraw(this, Line.Deviation(ref random));
    }

    /// <summary>
    /// Which features moved the chance and by how much: exact Shapley values of the trees plus the
    /// regression's own terms. The strongest first; features without a part are left out.
    /// </summary>
    public Explanation Explain(ReadOnlySpan<float> row)
    {
        var parts = new double[Features.Count];
        var expected = start;
        foreach (var tree in Forest.Trees) expected += TreeShapley.Add(tree, row, Blend.Trees, parts);
        Line.AddParts(row, Blend.Line, parts);
        var fromStart = Blend.LogOdds(expected, Line.Coefficients[0]);
        var raw = fromStart + parts.Sum();
        var contributions = new List<Contribution>();
        for (var i = 0; i < parts.Length; i++)
            if (parts[i] != 0) contributions.Add(new(Features[i], row[i], parts[i]));
        contributions.Sort((a, b) => Math.Abs(b.LogOdds).CompareTo(Math.Abs(a.LogOdds)));
        var bent = Calibrator.Bend(raw);
        return new Explanation(Logistic.Chance(bent), fromStart, contributions, bent - raw);
    }

    double Raw(ReadOnlySpan<float> row, float trees) =>
        Blend.LogOdds(start + trees, Blend.Line == 0 ? 0 : Line.LogOdds(row));
}

/// <summary>A model as another sample of answers might have taught it.</summary>
public sealed class ModelDraw
{
    /// <summary>
    /// Share of the full posterior spread: leads differ enough for the model to learn from whomever it picks,
    /// so in simulations every wider spread cost acceptances and none paid them back.
    /// </summary>
    const double Spread = 0.05;

    readonly RankingModel model;
    readonly double[] deviation;

    internal ModelDraw(RankingModel model, double[] deviation) =>
        (this.model, this.deviation) = (model, deviation);

    /// <summary>The chance this draw gives a row.</summary>
    public double Chance(ReadOnlySpan<float> row)
    {
        var chance = Math.Clamp(model.Chance(row), 1e-9, 1 - 1e-9);
        return Logistic.Chance(Logistic.LogOdds(chance) + (Spread * model.Line.With(deviation, row)));
    }
}
