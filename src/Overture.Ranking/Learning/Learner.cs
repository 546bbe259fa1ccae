using Overture.Ranking.Evaluation;

namespace Overture.Ranking.Learning;

/// <summary>How to learn.</summary>
public sealed record LearnerOptions
{
    /// <summary>Same rows and same seed, same model, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Features that may only raise (+1) or only lower (-1) the chance, by name.</summary>
    public IReadOnlyDictionary<string, int> Directions { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// What a unit of a feature is expected to do to the log-odds before any answer is known, by name. Few
    /// answers hardly move it, many overrule it.
    /// </summary>
    public IReadOnlyDictionary<string, double> Expected { get; init; } = new Dictionary<string, double>();

    /// <summary>Version and hash of the feature list, stored with the model.</summary>
    public string FeatureList { get; init; } = "";
}

/// <summary>A model, or the reason why there is none.</summary>
/// <param name="Model">Null when learning was refused.</param>
/// <param name="Sentence">What was learned from, or why nothing could be.</param>
public sealed record LearningOutcome(RankingModel? Model, string Sentence)
{
    /// <summary>
    /// What was expected of the rows that were held back, each by a part of the model that had not seen it.
    /// </summary>
    public IReadOnlyList<HeldBackRow> HeldBack { get; init; } = [];
}

/// <summary>A row of the training table and the chance it was given while it was held back.</summary>
public sealed record HeldBackRow(int Row, double Chance);

/// <summary>
/// Learns the chance of a yes from answered rows: symmetric boosted trees and a logistic regression, each
/// judged on rows it did not learn from, blended and calibrated by those same held-back judgements. What is
/// pure noise to the trees is left to the line, and what is noise to both ends near the plain rate.
/// </summary>
public static class Learner
{
    /// <summary>Fewer rows than this teach nothing.</summary>
    public const int MinRows = 10;

    /// <summary>Fewer rows of the rarer answer than this are left to the line alone.</summary>
    const int MinRareForTrees = 10;

    /// <summary>Below this many rows a few large steps say all there is to say.</summary>
    const int VeryFewRows = 500;

    /// <summary>Share by which a held-back loss may exceed the least one and count as good as it.</summary>
    const double AsGood = 0.01;

    /// <summary>Up to this many rows every row is held back once; above, one share of them is.</summary>
    const int MaxRowsForFolds = 20_000;

    /// <summary>Below this many rows trees ask fewer questions.</summary>
    const int FewRows = 2_000;

    const int FoldCount = 5;

    /// <summary>One of this many rows is held back when there are many.</summary>
    const int HoldBackOneIn = 10;

    /// <summary>The line's few coefficients are known well enough from this many rows.</summary>
    const int MaxLineRows = 10_000;

    /// <summary>
    /// With thousands of rows the ridge hardly matters; this one was good on all sets tried.
    /// </summary>
    const double ManyRowsRidge = 10;

    static readonly double[] ridges = [300, 100, 30, 10, 3, 1];

    /// <summary>Learns, or says why not.</summary>
    public static LearningOutcome Learn(TrainingTable table, LearnerOptions? options = null)
    {
        options ??= new LearnerOptions();
        var (count, yes) = (table.RowCount, table.PositiveCount);
        if (table.Features.Count == 0) return new(null, "There are no features to learn from.");
        if (count < MinRows)
            return new(null, $"{count} answers are too few to learn from; {MinRows} are needed.");
        if (yes == 0) return new(null, $"None of {count} said yes yet, so there is nothing to tell apart.");
        if (yes == count) return new(null, $"All {count} said yes, so there is nothing to tell apart.");
        var parts = count <= MaxRowsForFolds ? ByFolds(table, options) : ByHoldBack(table, options);
        var blend = Blend.Fit(parts.HeldTrees, parts.HeldLine, parts.HeldAnswers);
        var logOdds = parts.HeldTrees.Zip(parts.HeldLine, blend.LogOdds).ToArray();
        var calibrator = Calibrator.Choose(logOdds, parts.HeldAnswers);
        double[] chances = [.. logOdds.Select(l => Logistic.Chance(calibrator.Bend(l)))];
        var summary = new TrainingSummary(
            count, yes, parts.Trees.Count, Measures.Auc(chances, parts.HeldAnswers),
            Measures.LogLoss(chances, parts.HeldAnswers), Measures.Calibration(chances, parts.HeldAnswers),
            Measures.LiftOverFifo(chances, parts.HeldAnswers));
        var model = new RankingModel(table.Features, options.FeatureList, parts.Start,
            new Forest(parts.Trees, table.Features.Count), parts.Line, blend, calibrator, summary);
        return new(model, $"Learned from {count} answers, {yes} of them yes.")
        {
            HeldBack = [.. parts.HeldRows.Zip(chances, (row, chance) => new HeldBackRow(row, chance))],
        };
    }

    sealed record Parts(
        double Start, List<SymmetricTree> Trees, LinearModel Line,
        double[] HeldTrees, double[] HeldLine, int[] HeldRows, bool[] HeldAnswers);

    /// <summary>
    /// Every row is judged once by a model that has not seen it; the trees of all folds are averaged.
    /// </summary>
    static Parts ByFolds(TrainingTable table, LearnerOptions options)
    {
        var rare = Math.Min(table.PositiveCount, table.RowCount - table.PositiveCount);
        var foldCount = Math.Clamp(rare, 2, FoldCount);
        var folds = table.Deal(foldCount, options.Seed);
        var binned = BinnedTable.Of(table);
        var trees = TreesFor(table, options) with { Threads = 1 };
        var expected = ExpectedOf(table, options);
        var maxTrees = rare < MinRareForTrees ? 0 : MaxTrees(table.RowCount);
        var runs = new Boosting.Run[foldCount];
        var lines = new LinearModel[foldCount][];
        var held = new int[foldCount][];
        Parallel.For(0, foldCount, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, fold =>
        {
            int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(r => folds[r] != fold)];
            held[fold] = [.. Enumerable.Range(0, table.RowCount).Where(r => folds[r] == fold)];
            runs[fold] = Boosting.Train(binned, table.Answers, rows, held[fold], trees, maxTrees,
                options.Seed + (ulong)fold + 1, keepWatched: true);
            lines[fold] = LinearModel.Train(table, rows, ridges, trees.Directions, expected);
        });
        var treeCount = BestLength(runs, held);
        var ridge = BestRidge(table, lines, held);
        int[] order = [.. held.SelectMany(h => h)];
        double[] heldTrees = [.. runs.SelectMany(r => r.Watched[Math.Min(treeCount, r.Watched.Count - 1)])];
        double[] heldLine = [.. held.SelectMany((h, f) =>
            h.Select(r => lines[f][ridge].LogOdds(table.Row(r))))];
        var line = LinearModel.Train(table, [.. Enumerable.Range(0, table.RowCount)], ridges[..(ridge + 1)],
            trees.Directions, expected)[^1];
        return new Parts(runs.Average(r => r.Start), Averaged(runs, treeCount), line,
            heldTrees, heldLine, order, [.. order.Select(r => table.Answers[r])]);
    }

    /// <summary>With many rows one tenth is enough to judge by, and one run enough to learn.</summary>
    static Parts ByHoldBack(TrainingTable table, LearnerOptions options)
    {
        var folds = table.Deal(HoldBackOneIn, options.Seed);
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(r => folds[r] != 0)];
        int[] held = [.. Enumerable.Range(0, table.RowCount).Where(r => folds[r] == 0)];
        var trees = TreesFor(table, options);
        var run = Boosting.Train(BinnedTable.Of(table), table.Answers, rows, held, trees,
            MaxTrees(table.RowCount), options.Seed + 1, keepWatched: true);
        var treeCount = BestLength([run], [held]);
        var step = (rows.Length + MaxLineRows - 1) / MaxLineRows;
        var line = LinearModel.Train(table, [.. rows.Where((_, i) => i % step == 0)], [ManyRowsRidge],
            trees.Directions, ExpectedOf(table, options))[0];
        return new Parts(run.Start, run.Trees[..treeCount], line,
            Array.ConvertAll(run.Watched[treeCount], v => (double)v),
            Array.ConvertAll(held, r => line.LogOdds(table.Row(r))), held,
            Array.ConvertAll(held, r => table.Answers[r]));
    }

    static TreeOptions TreesFor(TrainingTable table, LearnerOptions options) => new()
    {
        Depth = table.RowCount < FewRows ? 4 : 5,
        Ridge = table.RowCount < FewRows ? 0.5 : 1,
        LearningRate = table.RowCount < FewRows ? 0.3 : 0.1,
        // Trees that may ask about few features differ more, so that the mean of few rows' trees is steadier.
        FeatureShare = table.RowCount <= MaxRowsForFolds ? 0.3 : 0.6,
        Threads = options.Threads,
        Directions = options.Directions.Count == 0 ? null
            : [.. table.Features.Select(f => options.Directions.GetValueOrDefault(f))],
    };

    static double[]? ExpectedOf(TrainingTable table, LearnerOptions options) =>
        options.Expected.Count == 0 ? null
            : [.. table.Features.Select(f => options.Expected.GetValueOrDefault(f))];

    static int MaxTrees(int rowCount) =>
        rowCount < VeryFewRows ? 20 : rowCount < FewRows ? 100 : rowCount < MaxRowsForFolds ? 200 : 400;

    /// <summary>
    /// The fewest trees whose held-back loss over all folds together is as good as the least: the blend makes
    /// up for the little that is missing, and every tree costs time whenever a lead is scored.
    /// </summary>
    static int BestLength(Boosting.Run[] runs, int[][] held)
    {
        var longest = runs.Max(r => r.Losses.Count);
        var rows = (double)held.Sum(h => h.Length);
        double[] losses = [.. Enumerable.Range(0, longest).Select(length => runs.Zip(held,
            (run, h) => run.Losses[Math.Min(length, run.Losses.Count - 1)] * h.Length / rows).Sum())];
        var enough = losses.Min() * (1 + AsGood);
        return Array.FindIndex(losses, loss => loss <= enough);
    }

    static int BestRidge(TrainingTable table, LinearModel[][] lines, int[][] held) =>
        Enumerable.Range(0, ridges.Length).MinBy(ridge => held.Select((rows, fold) => rows.Sum(
            row => Logistic.Loss(lines[fold][ridge].LogOdds(table.Row(row)), table.Answers[row]))).Sum());

    static List<SymmetricTree> Averaged(Boosting.Run[] runs, int treeCount) =>
        [.. runs.SelectMany(r => r.Trees.Take(treeCount)).Select(t => t with
        {
            Leaves = Array.ConvertAll(t.Leaves, l => l / runs.Length),
        })];
}
