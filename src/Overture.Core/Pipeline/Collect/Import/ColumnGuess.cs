using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// How a column is read: its samples, the field it seems to be, and how sure that is (0 to 1).
/// </summary>
public sealed record ColumnGuess(
    string Column, IReadOnlyList<string> Samples, string? Field, double Confidence)
{
    const int SampleSize = 50;
    const int ShownSamples = 3;
    const double ByHeader = 0.95;
    const double BySamples = 0.8;

    /// <summary>A guess for every column; no field is given to two of them.</summary>
    public static IReadOnlyList<ColumnGuess> For(CsvTable table)
    {
        var source = ImportSources.Of(table.Columns);
        var guesses = table.Columns.Select((column, index) => source?.FieldOf(column) is { } field
            ? Known(table, column, index, field) : Guess(table, column, index)).ToList();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, guess) in guesses.Index().OrderByDescending(pair => pair.Item.Confidence)
            .ToList())
            if (guess.Field is { } field && !taken.Add(field))
                guesses[index] = guess with { Field = null, Confidence = 0 };
        return guesses;
    }

    // What a tool's export holds is known, whatever the cells look like.
    static ColumnGuess Known(CsvTable table, string column, int index, string field) => new(
        column, [.. Values(table, index).Distinct().Take(ShownSamples)], field == "skip" ? null : field,
        field == "skip" ? 0 : 1);

    static List<string> Values(CsvTable table, int index) =>
        [.. table.Rows.Select(row => index < row.Cells.Count ? row.Cells[index] : "")
            .Where(cell => cell.Length > 0).Take(SampleSize)];

    static ColumnGuess Guess(CsvTable table, string column, int index)
    {
        var values = Values(table, index);
        var samples = values.Distinct().Take(ShownSamples).ToList();
        var header = ImportFields.ForHeader(column)?.Key;
        // What the cells hold is stronger than what the header says: "URL" may be a person, a company or a
        // site.
        if (Most(values, cell => ContactKey.ForLinkedIn(cell) is not null))
            return new(column, samples, "linkedin_url", ByHeader);
        if (Most(values, cell => cell.Contains("linkedin.com/company/", StringComparison.OrdinalIgnoreCase)))
            return new(column, samples, "company_linkedin", ByHeader);
        if (Most(values, ImportFields.IsAddress))
            return new(column, samples, "email", header == "email" ? ByHeader : BySamples);
        if (header is "linkedin_url")
            return new(column, samples, values.Count == 0 ? header : null, values.Count == 0 ? BySamples : 0);
        if (header is "email" && values.Count > 0
            && !values.Any(cell => cell.Contains('@', StringComparison.Ordinal)))
            return new(column, samples, null, 0);
        return new(column, samples, header, header is null ? 0 : ByHeader);
    }

    static bool Most(List<string> values, Func<string, bool> isSo) =>
        values.Count > 0 && values.Count(isSo) * 10 >= values.Count * 7;
}
