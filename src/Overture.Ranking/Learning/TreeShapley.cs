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
        var features = tree.Splits.Select(s => s.Feature).Distinct().ToArray();
        var levels = tree.Splits.Select(s => Array.IndexOf(features, s.Feature)).ToArray();
        var leaf = tree.LeafOf(row);
        var expected = new double[1 << features.Length];
        for (var known = 0; known < expected.Length; known++)
            expected[known] = Expected(tree, levels, leaf, known, 0, 0).Value;
        for (var feature = 0; feature < features.Length; feature++)
        {
            var bit = 1 << feature;
            for (var known = 0; known < expected.Length; known++)
            {
                if ((known & bit) != 0) continue;
                var share = Share(BitOperations.PopCount((uint)known), features.Length);
                parts[features[feature]] += weight * share * (expected[known | bit] - expected[known]);
            }
        }

        return expected[0];
    }

    /// <summary>
    /// What the tree gives below a node when some features are known: known questions are followed, unknown
    /// ones averaged by how many training rows went each way.
    /// </summary>
    static (double Value, double Cover) Expected(
        SymmetricTree tree, int[] levels, int leaf, int known, int level, int prefix)
    {
        if (level == levels.Length) return (tree.Leaves[prefix], tree.Covers[prefix]);
        var bit = 1 << level;
        var below = Expected(tree, levels, leaf, known, level + 1, prefix);
        var above = Expected(tree, levels, leaf, known, level + 1, prefix | bit);
        var cover = below.Cover + above.Cover;
        if ((known & (1 << levels[level])) != 0)
            return ((leaf & bit) != 0 ? above.Value : below.Value, cover);
        // Where no training row went, both ways are as good.
        var share = cover > 0 ? above.Cover / cover : 0.5;
        return (below.Value + (share * (above.Value - below.Value)), cover);
    }

    /// <summary>The share of all orders in which exactly these known features come before one more.</summary>
    static double Share(int knownCount, int count)
    {
        var share = 1.0 / count;
        for (var i = 1; i <= knownCount; i++) share *= i / (double)(count - i);
        return share;
    }
}
