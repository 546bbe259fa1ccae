namespace Overture.Core.Pipeline;

/// <summary>One data row with the line it starts on, counted from 1 as an editor counts.</summary>
public sealed record CsvRow(int Line, IReadOnlyList<string> Cells);

/// <summary>The beginning of a delimited file: how it is read, and its first rows.</summary>
public sealed record CsvTable(CsvLayout Layout, IReadOnlyList<CsvRow> Rows)
{
    public IReadOnlyList<string> Columns => Layout.Columns;

    public IReadOnlyList<string> Notes => Layout.Notes;

    /// <summary>
    /// Reads what the bytes hold. Where they are only the beginning of a file, the last row may be cut.
    /// </summary>
    public static CsvTable Read(byte[] head, bool isWhole = true)
    {
        var layout = CsvLayout.Of(head);
        var rows = RowsOf(head, layout.Delimiter)
            .Where(row => row.Line > layout.HeaderLine && row.Cells.Any(cell => cell.Length > 0)).ToList();
        if (!isWhole && rows.Count > 1) rows.RemoveAt(rows.Count - 1);
        return new CsvTable(layout, rows);
    }

    internal static IEnumerable<CsvRow> RowsOf(byte[] head, char delimiter)
    {
        var rows = new CsvRows(new MemoryStream(head), delimiter);
        // Over memory every read ends at once.
        while (rows.Read(CancellationToken.None).AsTask().GetAwaiter().GetResult())
            yield return new CsvRow((int)rows.Line, [.. Enumerable.Range(0, rows.Count).Select(rows.Text)]);
    }
}
