using CsvHelper;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>One data row with the line it starts on, counted from 1 as an editor counts.</summary>
public sealed record CsvRow(int Line, IReadOnlyList<string> Cells);

/// <summary>
/// A delimited file, read tolerantly: delimiter and header are found, a preamble is stepped over, doubled and
/// missing headers get names, short and long rows are kept.
/// </summary>
public sealed record CsvTable(
    string Encoding, char Delimiter, int HeaderLine, IReadOnlyList<string> Columns,
    IReadOnlyList<CsvRow> Rows, IReadOnlyList<string> Notes)
{
    const int HeaderSearchRows = 20;
    const int MaxColumns = 500;
    const int MaxRows = 200_000;
    static readonly char[] Delimiters = [',', ';', '\t', '|'];

    public static CsvTable Read(byte[] content)
    {
        var text = CsvText.Decode(content);
        var delimiter = Delimiters.MaxBy(candidate => Fit(text.Text, candidate));
        var records = Parse(text.Text, delimiter, MaxRows + HeaderSearchRows + 1).ToList();
        if (records.Count == 0)
            throw new RuleBroken("empty_file", "The file holds only blank lines.", "file");
        if (records.Count > MaxRows + HeaderSearchRows)
            throw new RuleBroken(
                "too_many_rows", $"The file has more than {MaxRows:N0} rows; split it.", "file");
        var width = records.Take(HeaderSearchRows).Max(record => record.Cells.Count);
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
        var rows = records.Skip(header is { } index ? index + 1 : 0)
            .Where(row => row.Cells.Any(cell => cell.Length > 0)).ToList();
        if (rows.Count == 0)
            throw new RuleBroken(
                "no_rows", "The file has a header but no rows below it. Nothing was imported.", "file");
        return new CsvTable(
            text.Encoding, delimiter, header is { } h ? records[h].Line : 0, columns, rows, notes);
    }

    /// <summary>
    /// How well a delimiter explains the first rows: many columns, and the same number in each.
    /// </summary>
    static double Fit(string text, char delimiter)
    {
        var widths = Parse(text, delimiter, HeaderSearchRows).Select(record => record.Cells.Count).ToList();
        if (widths.Count == 0) return 0;
        var usual = widths.GroupBy(width => width).MaxBy(group => (group.Count(), group.Key))!;
        return usual.Key == 1 ? 0 : (double)usual.Count() / widths.Count * Math.Min(usual.Key, 40);
    }

    static IEnumerable<CsvRow> Parse(string text, char delimiter, int limit)
    {
        using var reader = CsvReader.FromText(text, CsvReaderOptions.Default with
        {
            Separator = delimiter, HasHeader = false, TrimWhitespace = true, TrackLineNumbers = true,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
        });
        for (var count = 0; count < limit && reader.Read(); count++)
            yield return new CsvRow(
                (int)reader.LineNumber,
                [.. Enumerable.Range(0, reader.FieldCount).Select(at => reader.GetString(at).Trim())]);
    }

    /// <summary>
    /// The first row that names at least two things we know, or else a first row without data in it.
    /// </summary>
    static int? FindHeader(List<CsvRow> records)
    {
        var search = records.Take(HeaderSearchRows).ToList();
        var known =
            search.FindIndex(row => row.Cells.Count(cell => ImportFields.ForHeader(cell) is not null) >= 2);
        if (known >= 0) return known;
        var single = search.FindIndex(row => row.Cells.Any(cell => ImportFields.ForHeader(cell) is not null));
        if (single >= 0) return single;
        return search[0].Cells.All(cell => !ImportFields.LooksLikeData(cell)) ? 0 : null;
    }

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
