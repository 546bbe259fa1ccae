using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// How a delimited file is to be read, found from its beginning: the delimiter, the header line below a
/// preamble, and a name for every column.
/// </summary>
public sealed record CsvLayout(
    char Delimiter, int HeaderLine, IReadOnlyList<string> Columns, IReadOnlyList<string> Notes)
{
    const int HeaderSearchRows = 20;
    const int MaxColumns = 500;
    static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <summary>The layout of a file that begins with these bytes.</summary>
    public static CsvLayout Of(byte[] head)
    {
        var candidates = Delimiters.Select(candidate => (candidate, Rows: FirstRows(head, candidate)))
            .ToList();
        var (delimiter, records) = candidates.MaxBy(candidate => Fit(candidate.Rows));
        if (records.Count == 0)
            throw new RuleBroken("empty_file", "The file holds only blank lines.", "file");
        var width = records.Max(record => record.Cells.Count);
        if (width > MaxColumns)
            throw new RuleBroken(
                "too_many_columns", $"The file has {width:N0} columns; at most {MaxColumns} are read.",
                "file");
        var header = FindHeader(records);
        var notes = new List<string>();
        if (header is null) notes.Add("No header line was found; the columns are numbered.");
        else if (header == 1) notes.Add("One line above the header was stepped over.");
        else if (header > 1) notes.Add($"{header} lines above the header were stepped over.");
        var columns = Names(header is { } at ? records[at].Cells : [], width, notes);
        return new CsvLayout(delimiter, header is { } h ? records[h].Line : 0, columns, notes);
    }

    static List<CsvRow> FirstRows(byte[] head, char delimiter) =>
        CsvTable.RowsOf(head, delimiter).Where(row => row.Cells.Any(cell => cell.Length > 0))
            .Take(HeaderSearchRows).ToList();

    /// <summary>
    /// How well a delimiter explains the first rows: many columns, and the same number in each.
    /// </summary>
    static double Fit(List<CsvRow> rows)
    {
        if (rows.Count == 0) return 0;
        var usual = rows.GroupBy(row => row.Cells.Count).MaxBy(group => (group.Count(), group.Key))!;
        return usual.Key == 1 ? 0 : (double)usual.Count() / rows.Count * Math.Min(usual.Key, 40);
    }

    /// <summary>
    /// The first row that names at least two things we know, or else a first row without data in it.
    /// </summary>
    static int? FindHeader(List<CsvRow> rows)
    {
        var known = rows.FindIndex(row => row.Cells.Count(IsKnown) >= 2);
        if (known >= 0) return known;
        var single = rows.FindIndex(row => row.Cells.Any(IsKnown));
        if (single >= 0) return single;
        return rows[0].Cells.All(cell => !ImportFields.LooksLikeData(cell)) ? 0 : null;
    }

    static bool IsKnown(string cell) => ImportFields.ForHeader(cell) is not null;

    static List<string> Names(IReadOnlyList<string> header, int width, List<string> notes)
    {
        var names = new List<string>(width);
        for (var index = 0; index < width; index++)
        {
            var name = index < header.Count && header[index].Length > 0
                ? header[index] : $"Column {index + 1}";
            if (header.Count > 0 && (index >= header.Count || header[index].Length == 0))
                notes.Add($"Column {index + 1} has no header.");
            if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                notes.Add($"The header “{name}” occurs twice; the second is called “{name} ({index + 1})”.");
                name = $"{name} ({index + 1})";
            }

            names.Add(name);
        }

        return names;
    }
}
