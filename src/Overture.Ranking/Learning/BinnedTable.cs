using System.Numerics;
using System.Runtime.CompilerServices;

namespace Overture.Ranking.Learning;

/// <summary>
/// The training values as small bin numbers. Kept twice: by column, to follow a split; and by row without
/// each column's most frequent bin, because what is left out can be had by subtraction and sparse columns
/// (keywords) then cost next to nothing when histograms are added up.
/// </summary>
sealed class BinnedTable
{
    /// <summary>Bins of one column, missing included; a bin number fits a byte.</summary>
    const int MaxBins = 254;

    /// <summary>Bins of all columns together; a global bin number fits an unsigned short.</summary>
    const int MaxAllBins = 65_000;

    /// <summary>Rows looked at to place the cuts of one column.</summary>
    const int MaxCutRows = 20_000;

    const int GroupFeatures = 16;

    BinnedTable(TrainingTable table)
    {
        RowCount = table.RowCount;
        FeatureCount = table.Features.Count;
        var maxBins = Math.Max(4, Math.Min(MaxBins, MaxAllBins / FeatureCount));
        Columns = new byte[FeatureCount][];
        Cuts = new float[FeatureCount][];
        Offsets = new int[FeatureCount + 1];
        CommonBins = new byte[FeatureCount];
        HasMissing = new bool[FeatureCount];
        for (var first = 0; first < FeatureCount; first += GroupFeatures) Bin(table, first, maxBins - 1);
        for (var feature = 0; feature < FeatureCount; feature++)
            Offsets[feature + 1] = Offsets[feature] + Cuts[feature].Length + 2;
        (RowStarts, RowBins) = ByRow();
    }

    public int RowCount { get; }

    public int FeatureCount { get; }

    /// <summary>Bin of each row, by column. Bin 0 is missing; bin b holds values above b-1 cuts.</summary>
    public byte[][] Columns { get; }

    /// <summary>Ascending; a value above exactly k cuts is in bin k + 1.</summary>
    public float[][] Cuts { get; }

    /// <summary>The first global bin of each column; the last entry is the number of all bins.</summary>
    public int[] Offsets { get; }

    /// <summary>The most frequent bin of each column, which RowBins leaves out.</summary>
    public byte[] CommonBins { get; }

    /// <summary>Whether any value of a column is missing.</summary>
    public bool[] HasMissing { get; }

    public int[] RowStarts { get; }

    public ushort[] RowBins { get; }

    public int BinCount => Offsets[^1];

    public static BinnedTable Of(TrainingTable table) => new(table);

    /// <summary>
    /// Bins neighbouring columns together, so that each stretch of a row is read from memory once.
    /// </summary>
    void Bin(TrainingTable table, int first, int maxCuts)
    {
        var group = new float[Math.Min(GroupFeatures, FeatureCount - first)][];
        for (var i = 0; i < group.Length; i++) group[i] = new float[RowCount];
        for (var row = 0; row < RowCount; row++)
        {
            var values = table.Row(row).Slice(first, group.Length);
            for (var i = 0; i < group.Length; i++) group[i][row] = values[i];
        }

        for (var i = 0; i < group.Length; i++)
        {
            var feature = first + i;
            Cuts[feature] = CutsOf(group[i], maxCuts);
            Columns[feature] = BinsOf(group[i], Cuts[feature]);
            var counts = new int[256];
            foreach (var bin in Columns[feature]) counts[bin]++;
            HasMissing[feature] = counts[0] > 0;
            CommonBins[feature] = (byte)Array.IndexOf(counts, counts.Max());
        }
    }

    static float[] CutsOf(float[] values, int maxBins)
    {
        var step = Math.Max(1, values.Length / MaxCutRows);
        var known = new float[(values.Length + step - 1) / step];
        var count = 0;
        for (var i = 0; i < values.Length; i += step) if (!float.IsNaN(values[i])) known[count++] = values[i];
        Array.Sort(known, 0, count);
        List<(float Value, int Count)> runs = [];
        for (var (start, i) = (0, 1); i <= count; i++)
        {
            if (i < count && known[i] == known[start]) continue;
            runs.Add((known[start], i - start));
            start = i;
        }

        // With few values every one gets its bin. Otherwise a cut comes after every share of the rows, and on
        // both sides of a value that is such a share by itself.
        var share = runs.Count <= maxBins ? 0 : 2.0 * count / maxBins;
        List<float> cuts = [];
        var since = 0;
        for (var i = 0; i < runs.Count - 1; i++)
        {
            since += runs[i].Count;
            if (since < share && runs[i + 1].Count < share) continue;
            cuts.Add(Between(runs[i].Value, runs[i + 1].Value));
            since = 0;
        }

        return [.. cuts];
    }

    /// <summary>A cut that parts two neighbours: the lower is not above it, the upper is.</summary>
    static float Between(float lower, float upper)
    {
        var middle = (float)(lower + (upper - (double)lower) / 2);
        return middle < upper && middle >= lower ? middle : lower;
    }

    static byte[] BinsOf(float[] values, float[] cuts)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)cuts.Length + 1);
        var padded = new float[size];
        Array.Fill(padded, float.PositiveInfinity);
        cuts.CopyTo(padded, 0);
        var bins = new byte[values.Length];
        for (var row = 0; row < values.Length; row++)
        {
            var value = values[row];
            if (float.IsNaN(value)) continue;
            var below = 0;
            // A search without branches: which way it goes is as good as random.
            for (var half = size >> 1; half > 0; half >>= 1)
                below += Unsafe.BitCast<bool, byte>(value > padded[below + half - 1]) * half;
            bins[row] = (byte)(below + 1);
        }

        return bins;
    }

    (int[] Starts, ushort[] Bins) ByRow()
    {
        var starts = new int[RowCount + 1];
        for (var feature = 0; feature < FeatureCount; feature++)
        {
            var (column, common) = (Columns[feature], CommonBins[feature]);
            for (var row = 0; row < column.Length; row++) if (column[row] != common) starts[row + 1]++;
        }

        for (var row = 0; row < RowCount; row++) starts[row + 1] += starts[row];
        var bins = new ushort[starts[^1]];
        var next = starts.ToArray();
        for (var feature = 0; feature < FeatureCount; feature++)
        {
            var (column, common, offset) = (Columns[feature], CommonBins[feature], Offsets[feature]);
            for (var row = 0; row < column.Length; row++)
                if (column[row] != common) bins[next[row]++] = (ushort)(offset + column[row]);
        }

        return (starts, bins);
    }
}
