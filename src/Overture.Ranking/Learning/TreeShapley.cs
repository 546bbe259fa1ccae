using System.Numerics;

namespace Overture.Ranking.Learning;

/// <summary>
/// Shapley values of one tree (Lundberg and others 2020, path dependent): the mean over all orders in which
/// the row's features could become known of what each adds. A symmetric tree asks about few features, so all
/// subsets of them are gone through exactly.
/// </summary>
static class TreeShapley
{
    /// <summary>
    /// Adds weighted Shapley values to the parts; returns what the tree gives an unknown row.
    /// </summary>
    public static double Add(SymmetricTree tree, ReadOnlySpan<float> row, double weight, double[] parts)
    {
        Span<int> features = stackalloc int[tree.Splits.Count];
        Span<int> levels = stackalloc int[tree.Splits.Count];
        var count = 0;
        for (var level = 0; level < levels.Length; level++)
        {
            levels[level] = features[..count].IndexOf(tree.Splits[level].Feature);
            if (levels[level] >= 0) continue;
            levels[level] = count;
            features[count++] = tree.Splits[level].Feature;
        }

        var leaf = tree.LeafOf(row);
        Span<double> above = stackalloc double[tree.Leaves.Length];
        Span<double> work = stackalloc double[tree.Leaves.Length];
        Span<double> expected = stackalloc double[1 << count];
        SharesAbove(tree, above, work);
        for (var known = 0; known < expected.Length; known++)
            expected[known] = Expected(tree, levels, leaf, known, above, work);
        for (var feature = 0; feature < count; feature++)
        {
            var bit = 1 << feature;
            for (var known = 0; known < expected.Length; known++)
            {
                if ((known & bit) != 0) continue;
                var share = Share(BitOperations.PopCount((uint)known), count);
                parts[features[feature]] += weight * share * (expected[known | bit] - expected[known]);
            }
        }

        return expected[0];
    }

    /// <summary>
    /// For each inner node, at its level's power of two plus its prefix: the share of its training rows that
    /// went above.
    /// </summary>
    static void SharesAbove(SymmetricTree tree, Span<double> above, Span<double> covers)
    {
        for (var leaf = 0; leaf < covers.Length; leaf++) covers[leaf] = tree.Covers[leaf];
        for (var level = tree.Splits.Count - 1; level >= 0; level--)
        {
            var bit = 1 << level;
            for (var prefix = 0; prefix < bit; prefix++)
            {
                var cover = covers[prefix] + covers[prefix | bit];
                // Where no training row went, both ways are as good.
                above[bit + prefix] = cover > 0 ? covers[prefix | bit] / cover : 0.5;
                covers[prefix] = cover;
            }
        }
    }

    /// <summary>
    /// What the tree gives when some features are known: known questions are followed, unknown ones averaged
    /// by how many training rows went each way, from the leaves up.
    /// </summary>
    static double Expected(
        SymmetricTree tree, ReadOnlySpan<int> levels, int leaf, int known, ReadOnlySpan<double> above,
        Span<double> values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = tree.Leaves[i];
        for (var level = levels.Length - 1; level >= 0; level--)
        {
            var bit = 1 << level;
            var isKnown = (known & (1 << levels[level])) != 0;
            if (isKnown && (leaf & bit) == 0) continue;
            for (var prefix = 0; prefix < bit; prefix++)
            {
                var upper = values[prefix | bit];
                values[prefix] = isKnown ? upper
                    : values[prefix] + (above[bit + prefix] * (upper - values[prefix]));
            }
        }

        return values[0];
    }

    /// <summary>The share of all orders in which exactly these known features come before one more.</summary>
    static double Share(int knownCount, int count)
    {
        var share = 1.0 / count;
        for (var i = 1; i <= knownCount; i++) share *= i / (double)(count - i);
        return share;
    }
}
