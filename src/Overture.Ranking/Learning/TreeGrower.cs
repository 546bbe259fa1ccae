namespace Overture.Ranking.Learning;

/// <summary>How trees grow.</summary>
sealed record TreeOptions
{
    /// <summary>Questions per tree.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Curvature added to every leaf: larger means smaller steps where little was seen.</summary>
    public double Ridge { get; init; } = 1;

    /// <summary>The part of a leaf's best step that is taken.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Share of the rows each tree sees.</summary>
    public double RowShare { get; init; } = 0.7;

    /// <summary>Share of the features each tree may ask about.</summary>
    public double FeatureShare { get; init; } = 0.6;

    /// <summary>
    /// By feature: +1 may only raise the chance, -1 only lower it, 0 free; null = all free.
    /// </summary>
    public IReadOnlyList<int>? Directions { get; init; }

    /// <summary>Threads; the tree does not depend on it.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Grows one symmetric tree after another on the same binned rows.</summary>
sealed class TreeGrower
{
    readonly BinnedTable table;
    readonly TreeOptions options;
    readonly int[] allRows;
    readonly int[] rows, spare;
    readonly long[] numbers;
    readonly long[][] sums;
    readonly long[][] extra;
    readonly SplitSearch search;

    /// <summary>Learns from the given rows of the table only.</summary>
    public TreeGrower(BinnedTable table, int[] rows, TreeOptions options)
    {
        (this.table, this.options, allRows) = (table, options, rows);
        (this.rows, spare) = (new int[rows.Length], new int[rows.Length]);
        numbers = new long[table.RowCount];
        sums = new long[1 << options.Depth][];
        extra = new long[Math.Max(0, options.Threads - 1)][];
        for (var i = 0; i < extra.Length; i++) extra[i] = new long[table.BinCount];
        search = new SplitSearch(table, options);
    }

    /// <summary>
    /// The tree that best follows the gradients, or null when no question helps. Gradients and curvatures are
    /// given by row for all rows to learn from, in their order.
    /// </summary>
    public GrownTree? Grow(float[] gradients, float[] curvatures, ref SeededRandom random)
    {
        var (gradientScale, curvatureScale) = Histogram.Scales(gradients, curvatures);
        var count = 0;
        for (var i = 0; i < allRows.Length; i++)
        {
            if (options.RowShare < 1 && random.NextDouble() >= options.RowShare) continue;
            rows[count++] = allRows[i];
            numbers[allRows[i]] =
                Histogram.Pack(gradients[i] * gradientScale, curvatures[i] * curvatureScale);
        }

        search.Begin(gradientScale, curvatureScale, ref random);
        int[] starts = [0, count];
        Fill(0, rows.AsSpan(0, count));
        List<BinSplit> splits = [];
        while (splits.Count < options.Depth)
        {
            if (search.Best(sums.AsSpan(0, starts.Length - 1), splits) is not { } split) break;
            splits.Add(split);
            starts = Part(starts, split, needsSums: splits.Count < options.Depth);
        }

        return splits.Count == 0 ? null : Finish(splits, starts, gradientScale, curvatureScale);
    }

    /// <summary>Computes the sums of one leaf from its rows, each thread a slice of them.</summary>
    void Fill(int leaf, ReadOnlySpan<int> leafRows)
    {
        sums[leaf] ??= new long[table.BinCount];
        var target = sums[leaf];
        Array.Clear(target);
        const int WorthSharing = 4_096;
        if (extra.Length == 0 || leafRows.Length < WorthSharing)
            Histogram.Add(table, leafRows, numbers, target);
        else FillShared(leafRows.ToArray(), target);
        var whole = 0L;
        foreach (var row in leafRows) whole += numbers[row];
        Histogram.Complete(table, target, whole);
    }

    void FillShared(int[] leafRows, long[] target)
    {
        var slices = extra.Length + 1;
        Parallel.For(0, slices, new ParallelOptions { MaxDegreeOfParallelism = slices }, slice =>
        {
            var part = slice == 0 ? target : extra[slice - 1];
            if (slice > 0) Array.Clear(part);
            var (from, to) = (leafRows.Length * slice / slices, leafRows.Length * (slice + 1) / slices);
            Histogram.Add(table, leafRows.AsSpan(from, to - from), numbers, part);
        });
        foreach (var part in extra)
            for (var bin = 0; bin < target.Length; bin++) target[bin] += part[bin];
    }

    /// <summary>
    /// Parts every leaf by one question; the upper side of leaf k becomes leaf k + count. Sums are added up
    /// for the smaller side only: the larger is the difference.
    /// </summary>
    int[] Part(int[] starts, BinSplit split, bool needsSums)
    {
        var leafCount = starts.Length - 1;
        var parted = new int[(2 * leafCount) + 1];
        var column = table.Columns[split.Feature];
        var isAbove = split.Sides();
        var (lower, upper) = (new int[leafCount], 0);
        for (var leaf = 0; leaf < leafCount; leaf++)
            for (var at = starts[leaf]; at < starts[leaf + 1]; at++)
                if (!isAbove[column[rows[at]]]) lower[leaf]++;
        for (var leaf = 0; leaf < leafCount; leaf++)
        {
            parted[leaf + 1] = parted[leaf] + lower[leaf];
            upper += starts[leaf + 1] - starts[leaf] - lower[leaf];
        }

        upper = parted[leafCount];
        for (var leaf = 0; leaf < leafCount; leaf++)
        {
            var below = parted[leaf];
            for (var at = starts[leaf]; at < starts[leaf + 1]; at++)
            {
                var row = rows[at];
                if (isAbove[column[row]]) spare[upper++] = row;
                else spare[below++] = row;
            }

            parted[leafCount + leaf + 1] = upper;
        }

        Array.Copy(spare, rows, parted[^1]);
        if (!needsSums) return parted;
        for (var leaf = 0; leaf < leafCount; leaf++) Divide(leaf, leafCount + leaf, parted);
        return parted;
    }

    void Divide(int lower, int upper, int[] starts)
    {
        var lowerCount = starts[lower + 1] - starts[lower];
        var upperCount = starts[upper + 1] - starts[upper];
        var isLowerSmaller = lowerCount <= upperCount;
        var smaller = isLowerSmaller ? lower : upper;
        // The parent's sums lie in the lower slot; the smaller side is built in the other one.
        Fill(upper, rows.AsSpan(starts[smaller], starts[smaller + 1] - starts[smaller]));
        var (parent, built) = (sums[lower], sums[upper]);
        for (var bin = 0; bin < parent.Length; bin++) parent[bin] -= built[bin];
        if (isLowerSmaller) (sums[lower], sums[upper]) = (built, parent);
    }

    GrownTree Finish(List<BinSplit> splits, int[] starts, double gradientScale, double curvatureScale)
    {
        var leaves = new double[starts.Length - 1];
        var weights = new double[leaves.Length];
        var covers = new int[leaves.Length];
        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            var sum = 0L;
            for (var at = starts[leaf]; at < starts[leaf + 1]; at++) sum += numbers[rows[at]];
            weights[leaf] = (Histogram.Curvature(sum) / curvatureScale) + options.Ridge;
            leaves[leaf] = -Histogram.Gradient(sum) / gradientScale / weights[leaf] * options.LearningRate;
            covers[leaf] = starts[leaf + 1] - starts[leaf];
        }

        if (options.Directions is { } directions) Monotone.Enforce(splits, directions, leaves, weights);
        var questions = splits.Select(s => new TreeSplit(
            s.Feature, table.Cuts[s.Feature].Length == 0 ? 0 : s.CutIn(table), s.IsMissingAbove));
        return new GrownTree(
            new SymmetricTree([.. questions], [.. leaves.Select(l => (float)l)], covers), splits);
    }
}

/// <summary>A tree in values and in bins.</summary>
sealed record GrownTree(SymmetricTree Tree, IReadOnlyList<BinSplit> Splits)
{
    /// <summary>Adds the tree to the totals of some rows, in the order of the rows.</summary>
    public void AddTo(BinnedTable table, int[] rows, float[] totals)
    {
        var columns = Splits.Select(s => table.Columns[s.Feature]).ToArray();
        var sides = Splits.Select((s, level) => s.Sides().Select(a => a ? 1 << level : 0).ToArray())
            .ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var leaf = 0;
            for (var level = 0; level < columns.Length; level++)
                leaf |= sides[level][columns[level][rows[i]]];
            totals[i] += Tree.Leaves[leaf];
        }
    }
}
