using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Overture.Ranking.Learning;

/// <summary>
/// Sums of gradient and curvature by bin, both in one 64-bit number: the gradient in the upper half, the
/// curvature, never negative, in the lower. Whole numbers make every sum and difference exact, so neither the
/// order of the rows nor the number of threads can change a tree.
/// </summary>
static class Histogram
{
    /// <summary>Sums of absolute gradients stay below this, so that neither half can overflow.</summary>
    const double MaxSum = 1 << 30;

    public static double Gradient(long sum) => sum >> 32;

    public static double Curvature(long sum) => (uint)sum;

    /// <summary>The factors that turn gradients and curvatures of these rows into whole numbers.</summary>
    public static (double Gradient, double Curvature) Scales(float[] gradients, float[] curvatures)
    {
        double gradient = 1e-9, curvature = 1e-9;
        foreach (var value in gradients) gradient += Math.Abs(value);
        foreach (var value in curvatures) curvature += value;
        // Rounding up adds at most half per row, hence the row count in the divisor.
        var room = MaxSum - gradients.Length;
        return (room / gradient, room / curvature);
    }

    public static long Pack(double gradient, double curvature) =>
        ((long)Math.Round(gradient) << 32) + (long)Math.Round(curvature);

    /// <summary>
    /// Adds the rows' numbers to their bins; the common bins are left for <see cref="Complete"/>.
    /// </summary>
    public static void Add(BinnedTable table, ReadOnlySpan<int> rows, long[] numbers, Span<long> sums)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var bins = ref MemoryMarshal.GetArrayDataReference(table.RowBins);
        ref var starts = ref MemoryMarshal.GetArrayDataReference(table.RowStarts);
        // Bins are below the table's count by construction; bounds checks here cost a third of all training.
        foreach (var row in rows)
        {
            var number = numbers[row];
            var end = Unsafe.Add(ref starts, row + 1);
            for (var at = Unsafe.Add(ref starts, row); at < end; at++)
                Unsafe.Add(ref sum, Unsafe.Add(ref bins, at)) += number;
        }
    }

    /// <summary>
    /// Fills each column's common bin: what the whole leaf has and the other bins have not.
    /// </summary>
    public static void Complete(BinnedTable table, Span<long> sums, long whole)
    {
        for (var feature = 0; feature < table.FeatureCount; feature++)
        {
            var (start, end) = (table.Offsets[feature], table.Offsets[feature + 1]);
            var rest = whole;
            var common = start + table.CommonBins[feature];
            sums[common] = 0;
            for (var bin = start; bin < end; bin++) rest -= sums[bin];
            sums[common] = rest;
        }
    }
}
