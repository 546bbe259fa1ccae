using System.Numerics;

namespace Overture.Ranking.Learning;

/// <summary>One question of a tree: above the cut goes to the upper side, missing where learned.</summary>
sealed record TreeSplit(int Feature, float Cut, bool IsMissingAbove)
{
    public bool IsAbove(float value) => value > Cut || (IsMissingAbove && float.IsNaN(value));
}

/// <summary>
/// A symmetric tree: every row answers the same questions in turn, and answer k sets bit k of the leaf's number.
/// Leaves hold log-odds; covers hold how many training rows each leaf saw.
/// </summary>
sealed record SymmetricTree(IReadOnlyList<TreeSplit> Splits, float[] Leaves, int[] Covers)
{
    public int LeafOf(ReadOnlySpan<float> row)
    {
        var leaf = 0;
        for (var level = 0; level < Splits.Count; level++)
            if (Splits[level].IsAbove(row[Splits[level].Feature])) leaf |= 1 << level;
        return leaf;
    }
}

/// <summary>
/// The sum of many symmetric trees, laid out flat so that scoring many rows is plain vector arithmetic.
/// </summary>
sealed class Forest
{
    const int BlockRows = 256;

    readonly int featureCount;
    readonly int[] usedFeatures;
    readonly int[] features, splitStarts, leafStarts;
    readonly float[] cuts, leaves;
    readonly bool[] isMissingAbove;

    public Forest(IReadOnlyList<SymmetricTree> trees, int featureCount)
    {
        Trees = trees;
        this.featureCount = featureCount;
        var splits = trees.SelectMany(t => t.Splits).ToArray();
        usedFeatures = [.. splits.Select(s => s.Feature).Distinct().Order()];
        features = [.. splits.Select(s => s.Feature)];
        cuts = [.. splits.Select(s => s.Cut)];
        isMissingAbove = [.. splits.Select(s => s.IsMissingAbove)];
        leaves = [.. trees.SelectMany(t => t.Leaves)];
        splitStarts = Starts(trees.Select(t => t.Splits.Count));
        leafStarts = Starts(trees.Select(t => t.Leaves.Length));
    }

    public IReadOnlyList<SymmetricTree> Trees { get; }

    /// <summary>The sum of the trees for one row.</summary>
    public float Sum(ReadOnlySpan<float> row)
    {
        var sum = 0f;
        var split = 0;
        for (var tree = 0; tree < leafStarts.Length - 1; tree++)
        {
            var leaf = leafStarts[tree];
            var end = splitStarts[tree + 1];
            for (var bit = 1; split < end; split++, bit <<= 1)
            {
                var value = row[features[split]];
                // "Not at most" is true for NaN, "above" is not: the missing value needs no question of its own.
                var isAbove = isMissingAbove[split] ? !(value <= cuts[split]) : value > cuts[split];
                leaf += isAbove ? bit : 0;
            }

            sum += leaves[leaf];
        }

        return sum;
    }

    /// <summary>Adds the sums of many rows, given row after row, to the totals.</summary>
    public void AddSums(ReadOnlySpan<float> rows, Span<float> totals)
    {
        var columns = new float[usedFeatures.Length == 0 ? 0 : featureCount * BlockRows];
        var leaf = new int[BlockRows];
        for (var start = 0; start < totals.Length; start += BlockRows)
        {
            var count = Math.Min(BlockRows, totals.Length - start);
            Transpose(rows.Slice(start * featureCount, count * featureCount), columns, count);
            AddBlock(columns, leaf, totals.Slice(start, count));
        }
    }

    void Transpose(ReadOnlySpan<float> rows, float[] columns, int count)
    {
        for (var row = 0; row < count; row++)
        {
            var values = rows.Slice(row * featureCount, featureCount);
            foreach (var feature in usedFeatures) columns[feature * BlockRows + row] = values[feature];
        }
    }

    void AddBlock(float[] columns, int[] leaf, Span<float> totals)
    {
        for (var tree = 0; tree < leafStarts.Length - 1; tree++)
        {
            Array.Fill(leaf, leafStarts[tree]);
            var bit = 1;
            for (var split = splitStarts[tree]; split < splitStarts[tree + 1]; split++, bit <<= 1)
                SetBits(columns.AsSpan(features[split] * BlockRows, BlockRows), cuts[split],
                    isMissingAbove[split], bit, leaf);
            for (var row = 0; row < totals.Length; row++) totals[row] += leaves[leaf[row]];
        }
    }

    static void SetBits(ReadOnlySpan<float> column, float cut, bool isMissingAbove, int bit, int[] leaf)
    {
        var cutVector = new Vector<float>(cut);
        var bitVector = new Vector<int>(bit);
        for (var row = 0; row < BlockRows; row += Vector<float>.Count)
        {
            var values = new Vector<float>(column[row..]);
            var isAbove = isMissingAbove
                ? Vector.OnesComplement(Vector.LessThanOrEqual(values, cutVector))
                : Vector.GreaterThan(values, cutVector);
            (new Vector<int>(leaf, row) + (isAbove & bitVector)).CopyTo(leaf, row);
        }
    }

    static int[] Starts(IEnumerable<int> lengths)
    {
        List<int> starts = [0];
        foreach (var length in lengths) starts.Add(starts[^1] + length);
        return [.. starts];
    }
}
