using System.Globalization;
using System.IO.Compression;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Bench;

/// <summary>
/// A CSV of the fixed splits: features, label, and the fold of each row when there are folds.
/// </summary>
sealed record DataSet(TrainingTable Table, int[] Folds)
{
    public static DataSet Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(
            path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress)
                : file);
        var header = reader.ReadLine()!.Split(',');
        var (label, fold) = (Array.IndexOf(header, "label"), Array.IndexOf(header, "fold"));
        List<float> values = [];
        List<bool> answers = [];
        List<int> folds = [];
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var cells = line.Split(',');
            for (var i = 0; i < cells.Length; i++)
            {
                if (i == label) answers.Add(cells[i] == "1");
                else if (i == fold) folds.Add(int.Parse(cells[i], CultureInfo.InvariantCulture));
                else values.Add(cells[i].Length == 0 ? float.NaN
                    : float.Parse(cells[i], CultureInfo.InvariantCulture));
            }
        }

        var features = header.Where((_, i) => i != label && i != fold).ToArray();
        return new DataSet(new TrainingTable(features, [.. values], [.. answers]), [.. folds]);
    }

    public TrainingTable Where(Func<int, bool> isWanted)
    {
        int[] rows = [.. Enumerable.Range(0, Table.RowCount).Where(isWanted)];
        var values = new float[rows.Length * Table.Features.Count];
        for (var i = 0; i < rows.Length; i++)
            Table.Row(rows[i]).CopyTo(values.AsSpan(i * Table.Features.Count));
        return new TrainingTable(Table.Features, values, [.. rows.Select(r => Table.Answers[r])]);
    }
}
