namespace Overture.Ranking.Learning;

/// <summary>
/// Rows with known answers. Values are row after row, NaN = missing; every row has one value per feature.
/// </summary>
public sealed class TrainingTable
{
    /// <summary>Takes the arrays as they are, without a copy.</summary>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    public TrainingTable(IReadOnlyList<string> features, float[] values, bool[] answers)
    {
        if (values.Length != answers.Length * features.Count)
        {
            throw new ArgumentException(
                $"{answers.Length} rows of {features.Count} features need {answers.Length * features.Count} "
                + $"values, not {values.Length}.");
        }

        (Features, Values, Answers) = (features, values, answers);
        PositiveCount = answers.Count(a => a);
    }

    /// <summary>Names of the features, in the order of the values.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>All values, row after row.</summary>
    public float[] Values { get; }

    /// <summary>True = accepted or replied.</summary>
    public bool[] Answers { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Answers.Length;

    /// <summary>The number of rows answered with yes.</summary>
    public int PositiveCount { get; }

    /// <summary>The values of one row.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Features.Count, Features.Count);

    /// <summary>
    /// Deals the rows into folds, each with its share of yes and no, shuffled by the seed. The answer holds
    /// the fold of each row.
    /// </summary>
    internal int[] Deal(int foldCount, ulong seed)
    {
        var random = new SeededRandom(seed);
        var folds = new int[RowCount];
        var dealt = 0;
        foreach (var answer in (bool[])[true, false])
        {
            var rows = Enumerable.Range(0, RowCount).Where(r => Answers[r] == answer).ToArray();
            random.Shuffle(rows);
            foreach (var row in rows) folds[row] = dealt++ % foldCount;
        }

        return folds;
    }
}
