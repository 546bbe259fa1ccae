using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Overture.Ranking.Learning;

/// <summary>One question of a tree: above the cut goes to the upper side, missing where learned.</summary>
sealed record TreeSplit(int Feature, float Cut, bool IsMissingAbove)
{
    public bool IsAbove(float value) => value > Cut || (IsMissingAbove && float.IsNaN(value));
}

/// <summary>
/// A symmetric tree: every row answers the same questions in turn, and answer k sets bit k of the leaf's
/// number. Leaves hold log-odds; covers hold how many training rows each leaf saw.
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
/// The sum of many symmetric trees, laid out flat so that scoring is plain arithmetic without a branch. A
/// feature whose missing values go above in some splits and below in others is read from two columns: one
/// with missing as minus infinity, one as plus infinity; "greater than the cut" is then the whole question.
/// </summary>
sealed class Forest
{
    const int BlockRows = 256;

    /// <summary>Rows of up to this many columns are prepared on the stack.</summary>
    const int MaxStackColumns = 1_024;

    readonly int featureCount;
    readonly int[] columnFeatures;
    readonly float[] columnMissing;
    readonly int[] splitColumns, splitStarts, leafStarts;
    readonly float[] cuts, leaves;

    public Forest(IReadOnlyList<SymmetricTree> trees, int featureCount)
    {
        Trees = trees;
        this.featureCount = featureCount;
        var splits = trees.SelectMany(t => t.Splits).ToArray();
        var columns = splits.Select(s => (s.Feature, s.IsMissingAbove)).Distinct().Order().ToList();
        var places = columns.Index().ToDictionary(c => c.Item, c => c.Index);
        columnFeatures = [.. columns.Select(c => c.Feature)];
        columnMissing = [.. columns.Select(c =>
            c.IsMissingAbove ? float.PositiveInfinity : float.NegativeInfinity)];
        splitColumns = [.. splits.Select(s => places[(s.Feature, s.IsMissingAbove)])];
        cuts = [.. splits.Select(s => s.Cut)];
        leaves = [.. trees.SelectMany(t => t.Leaves)];
        splitStarts = Starts(trees.Select(t => t.Splits.Count));
        leafStarts = Starts(trees.Select(t => t.Leaves.Length));
    }

    public IReadOnlyList<SymmetricTree> Trees { get; }

    /// <summary>The sum of the trees for one row.</summary>
    public float Sum(ReadOnlySpan<float> row)
    {
        var count = columnFeatures.Length;
        var values = count <= MaxStackColumns ? stackalloc float[count] : new float[count];
        for (var i = 0; i < count; i++)
        {
            var value = row[columnFeatures[i]];
            values[i] = float.IsNaN(value) ? columnMissing[i] : value;
        }

        // Columns, splits and leaves are in range by construction; the checks would double the time.
        ref var value0 = ref MemoryMarshal.GetReference(values);
        ref var column0 = ref MemoryMarshal.GetArrayDataReference(splitColumns);
        ref var cut0 = ref MemoryMarshal.GetArrayDataReference(cuts);
        ref var leaf0 = ref MemoryMarshal.GetArrayDataReference(leaves);
        var sum = 0f;
        var split = 0;
        for (var tree = 0; tree < leafStarts.Length - 1; tree++)
        {
            var leaf = leafStarts[tree];
            var end = splitStarts[tree + 1];
            for (var level = 0; split < end; split++, level++)
            {
                var value = Unsafe.Add(ref value0, Unsafe.Add(ref column0, split));
                var isAbove = value > Unsafe.Add(ref cut0, split);
                leaf += Unsafe.BitCast<bool, byte>(isAbove) << level;
            }

            sum += Unsafe.Add(ref leaf0, leaf);
        }

        return sum;
    }

    /// <summary>Adds the sums of many rows, given row after row, to the totals.</summary>
    public void AddSums(ReadOnlySpan<float> rows, Span<float> totals)
    {
        var columns = new float[columnFeatures.Length * BlockRows];
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
            for (var i = 0; i < columnFeatures.Length; i++)
            {
                var value = values[columnFeatures[i]];
                columns[(i * BlockRows) + row] = float.IsNaN(value) ? columnMissing[i] : value;
            }
        }
    }

    void AddBlock(float[] columns, int[] leaf, Span<float> totals)
    {
        for (var tree = 0; tree < leafStarts.Length - 1; tree++)
        {
            var leafCount = leafStarts[tree + 1] - leafStarts[tree];
            if (Vector512.IsHardwareAccelerated && leafCount <= 2 * Vector512<float>.Count)
            {
                AddSmallTree(tree, leafCount, columns, totals);
                continue;
            }

            Array.Fill(leaf, leafStarts[tree]);
            var bit = 1;
            for (var split = splitStarts[tree]; split < splitStarts[tree + 1]; split++, bit <<= 1)
                SetBits(columns.AsSpan(splitColumns[split] * BlockRows, BlockRows), cuts[split], bit, leaf);
            for (var row = 0; row < totals.Length; row++) totals[row] += leaves[leaf[row]];
        }
    }

    /// <summary>
    /// A tree of up to 32 leaves fits two registers, from which 16 rows pick their leaves at once. Adds the
    /// same numbers in the same order as the general way, so the sums are the same to the last bit.
    /// </summary>
    void AddSmallTree(int tree, int leafCount, float[] columns, Span<float> totals)
    {
        var width = Vector512<float>.Count;
        Span<float> table = stackalloc float[2 * width];
        leaves.AsSpan(leafStarts[tree], leafCount).CopyTo(table);
        var (low, high) = (Vector512.Create<float>(table), Vector512.Create<float>(table[width..]));
        var (first, count) = (splitStarts[tree], splitStarts[tree + 1] - splitStarts[tree]);
        Span<float> rest = stackalloc float[width];
        for (var row = 0; row < totals.Length; row += width)
        {
            var leaf = Vector512<int>.Zero;
            for (var level = 0; level < count; level++)
            {
                var values = Vector512.LoadUnsafe(
                    ref columns[splitColumns[first + level] * BlockRows], (nuint)row);
                var isAbove = Vector512.GreaterThan(values, Vector512.Create(cuts[first + level])).AsInt32();
                leaf |= isAbove & Vector512.Create(1 << level);
            }

            // Numbers from 16 on ask the second register; their low four bits are the place in it.
            var place = leaf & Vector512.Create(width - 1);
            var picked = Vector512.Shuffle(low, place);
            if (leafCount > width)
            {
                var isHigh = Vector512.GreaterThanOrEqual(leaf, Vector512.Create(width)).AsSingle();
                picked = Vector512.ConditionalSelect(isHigh, Vector512.Shuffle(high, place), picked);
            }

            var part = totals[row..];
            if (part.Length >= width) (Vector512.Create<float>(part) + picked).CopyTo(part);
            else
            {
                picked.CopyTo(rest);
                for (var i = 0; i < part.Length; i++) part[i] += rest[i];
            }
        }
    }

    static void SetBits(ReadOnlySpan<float> column, float cut, int bit, int[] leaf)
    {
        var cutVector = new Vector<float>(cut);
        var bitVector = new Vector<int>(bit);
        for (var row = 0; row < BlockRows; row += Vector<float>.Count)
        {
            var isAbove = Vector.GreaterThan(new Vector<float>(column[row..]), cutVector);
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
