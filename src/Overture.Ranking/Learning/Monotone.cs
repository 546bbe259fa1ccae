namespace Overture.Ranking.Learning;

/// <summary>Makes a tree's leaves keep the wanted directions.</summary>
static class Monotone
{
    /// <summary>Rounds of pooling; what is still out of order afterwards is made level for certain.</summary>
    const int MaxRounds = 50;

    /// <summary>
    /// Every pair of leaves that differ in one constrained question only is pooled to its weighted mean when
    /// it runs the wrong way, until none does.
    /// </summary>
    public static void Enforce(
        IReadOnlyList<BinSplit> splits, IReadOnlyList<int> directions, double[] leaves, double[] weights)
    {
        for (var round = 0; round < MaxRounds; round++)
            if (!PoolOnce(splits, directions, leaves, weights)) return;
        // Pooling only converges in the limit; one value for all leaves breaks no direction.
        var mean = leaves.Zip(weights, (l, w) => l * w).Sum() / weights.Sum();
        Array.Fill(leaves, mean);
    }

    static bool PoolOnce(
        IReadOnlyList<BinSplit> splits, IReadOnlyList<int> directions, double[] leaves, double[] weights)
    {
        const double Tolerance = 1e-12;
        var hasPooled = false;
        for (var level = 0; level < splits.Count; level++)
        {
            var direction = directions[splits[level].Feature];
            if (direction == 0) continue;
            for (var lower = 0; lower < leaves.Length; lower++)
            {
                var upper = lower | (1 << level);
                if (upper == lower || (leaves[upper] - leaves[lower]) * direction >= 0) continue;
                hasPooled |= Math.Abs(leaves[upper] - leaves[lower]) > Tolerance;
                var mean = ((leaves[lower] * weights[lower]) + (leaves[upper] * weights[upper]))
                    / (weights[lower] + weights[upper]);
                leaves[lower] = leaves[upper] = mean;
            }
        }

        return hasPooled;
    }
}
