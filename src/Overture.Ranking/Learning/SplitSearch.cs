namespace Overture.Ranking.Learning;

/// <summary>
/// A question in bins: the last bin of the lower side, and where missing goes. A last bin of 0 asks only
/// whether the value is known.
/// </summary>
sealed record BinSplit(int Feature, int LastBelow, bool IsMissingAbove)
{
    public bool[] Sides()
    {
        var isAbove = new bool[256];
        for (var bin = 1; bin < isAbove.Length; bin++) isAbove[bin] = bin > LastBelow;
        isAbove[0] = IsMissingAbove;
        return isAbove;
    }

    public float CutIn(BinnedTable table) =>
        LastBelow == 0 ? float.NegativeInfinity : table.Cuts[Feature][LastBelow - 1];
}

/// <summary>Finds the question that helps all leaves of a level together most.</summary>
sealed class SplitSearch(BinnedTable table, TreeOptions options)
{
    /// <summary>A question that gains less than this part of what the leaves are worth is noise.</summary>
    const double MinGain = 1e-6;

    /// <summary>A tree may ask about at least this many features, when there are so many.</summary>
    const int MinFeatures = 6;

    readonly int[] asked = new int[Math.Max(
        Math.Min(table.FeatureCount, MinFeatures),
        (int)Math.Ceiling(table.FeatureCount * options.FeatureShare))];

    readonly int[] order = [.. Enumerable.Range(0, table.FeatureCount)];
    readonly (double Gain, BinSplit? Split)[] best = new (double, BinSplit?)[table.FeatureCount];
    double ratio, ridge;

    /// <summary>Draws the features one tree may ask about.</summary>
    public void Begin(double gradientScale, double curvatureScale, ref SeededRandom random)
    {
        // Gains are compared in whole-number units; only their proportions matter.
        ratio = curvatureScale / gradientScale;
        ridge = options.Ridge * curvatureScale;
        random.Shuffle(order);
        Array.Copy(order, asked, asked.Length);
    }

    /// <summary>The best question given the sums of all leaves; null when none gains.</summary>
    public BinSplit? Best(ReadOnlySpan<long[]> leafSums, List<BinSplit> before)
    {
        var leaves = leafSums.ToArray();
        if (options.Threads > 1)
        {
            Parallel.For(0, asked.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
                i => best[i] = BestOf(asked[i], leaves));
        }
        else
        {
            for (var i = 0; i < asked.Length; i++) best[i] = BestOf(asked[i], leaves);
        }

        var (gain, split) = (0.0, (BinSplit?)null);
        for (var i = 0; i < asked.Length; i++)
        {
            if (best[i].Split is { } found && best[i].Gain > gain && !before.Contains(found))
                (gain, split) = best[i];
        }

        return split;
    }

    (double Gain, BinSplit? Split) BestOf(int feature, long[][] leaves)
    {
        var (start, count) = (table.Offsets[feature], table.Offsets[feature + 1] - table.Offsets[feature]);
        // Index = the last bin below. Missing goes along with the lower side or is taken out of it.
        Span<double> withMissing = stackalloc double[count];
        Span<double> withoutMissing = stackalloc double[count];
        withMissing.Clear();
        withoutMissing.Clear();
        var undivided = 0.0;
        var direction = options.Directions?[feature] ?? 0;
        foreach (var leaf in leaves)
        {
            var sums = leaf.AsSpan(start, count);
            var whole = 0L;
            foreach (var sum in sums) whole += sum;
            if (whole == 0) continue;
            var worth = Worth(whole);
            undivided += worth;
            Scan(sums, whole, sums[0], worth, direction, withMissing);
            if (table.HasMissing[feature]) Scan(sums, whole, 0, worth, direction, withoutMissing);
        }

        return Pick(feature, withMissing, withoutMissing, undivided, leaves);
    }

    /// <summary>Adds what each place for the cut is worth in one leaf.</summary>
    void Scan(
        ReadOnlySpan<long> sums, long whole, long below, double undivided, int direction, Span<double> worths)
    {
        var pull = ratio * ratio;
        for (var bin = 0; bin < sums.Length - 1; bin++)
        {
            if (bin > 0) below += sums[bin];
            var above = whole - below;
            double gradientBelow = below >> 32, gradientAbove = above >> 32;
            double weightBelow = (uint)below + ridge, weightAbove = (uint)above + ridge;
            var (left, right) = (gradientBelow * weightAbove, gradientAbove * weightBelow);
            // The value of a side is minus gradient over weight; a wrong-way cut is worth no more than no
            // cut.
            if (direction != 0 && (left - right) * direction < 0) worths[bin] += undivided;
            else
            {
                worths[bin] += pull * ((gradientBelow * left) + (gradientAbove * right))
                    / (weightBelow * weightAbove);
            }
        }
    }

    double Worth(long sum)
    {
        var gradient = Histogram.Gradient(sum) * ratio;
        return gradient * gradient / (Histogram.Curvature(sum) + ridge);
    }

    (double Gain, BinSplit? Split) Pick(
        int feature, Span<double> withMissing, Span<double> withoutMissing, double undivided, long[][] leaves)
    {
        var hasMissing = table.HasMissing[feature];
        var (gain, at, isMissingAbove) = (MinGain * undivided, -1, false);
        for (var bin = hasMissing ? 0 : 1; bin < withMissing.Length - 1; bin++)
            if (withMissing[bin] - undivided > gain) (gain, at) = (withMissing[bin] - undivided, bin);
        for (var bin = 1; hasMissing && bin < withoutMissing.Length - 1; bin++)
        {
            if (withoutMissing[bin] - undivided > gain)
                (gain, at, isMissingAbove) = (withoutMissing[bin] - undivided, bin, true);
        }

        if (at < 0) return (0, null);
        if (!hasMissing) isMissingAbove = IsMostAbove(feature, at, leaves);
        return (gain, new BinSplit(feature, at, isMissingAbove));
    }

    /// <summary>
    /// A value never missing in training goes with the larger side when it is missing later.
    /// </summary>
    bool IsMostAbove(int feature, int lastBelow, long[][] leaves)
    {
        double below = 0, above = 0;
        foreach (var leaf in leaves)
        {
            for (var bin = table.Offsets[feature]; bin < table.Offsets[feature + 1]; bin++)
            {
                if (bin - table.Offsets[feature] <= lastBelow) below += Histogram.Curvature(leaf[bin]);
                else above += Histogram.Curvature(leaf[bin]);
            }
        }

        return above > below;
    }
}
