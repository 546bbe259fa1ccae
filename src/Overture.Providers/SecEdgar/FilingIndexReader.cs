using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Overture.Providers.SecEdgar;

/// <summary>
/// Reads daily and quarterly EDGAR indexes: <c>form</c> (fixed width) and <c>master</c> (bars).
/// Source: https://www.sec.gov/Archives/edgar/full-index/ and the header of each file.
/// </summary>
public static partial class FilingIndexReader
{
    const int ShownLineCharacters = 120;
    const int MaxMalformedKept = 1000;
    const int FormWidthCharacters = 12;
    static readonly string[] DateFormats = ["yyyyMMdd", "yyyy-MM-dd"];

    /// <summary>Reads a whole index; rows that are broken are reported with their line number.</summary>
    /// <exception cref="MalformedAnswerException">The bytes are no index at all.</exception>
    public static FilingIndex Read(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var lines = new StringReader(Text(body));
        List<IndexRow> rows = [];
        List<MalformedRow> malformed = [];
        var rowCount = 0;
        var lineNumber = SkipHeader(lines, out var hasBars);
        while (lines.ReadLine() is { } line)
        {
            lineNumber++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var problem = hasBars ? SplitBars(line, out var fields) : SplitColumns(line, out fields);
            if (problem is null && fields.Form is "D" or "D/A") problem = AddRow(fields, rows);
            if (problem is null) rowCount++;
            else if (malformed.Count < MaxMalformedKept)
                malformed.Add(new MalformedRow(lineNumber, Shown(line), problem));
        }

        return new FilingIndex(rows, rowCount, malformed);
    }

    // Newer files are UTF-8 or ASCII; older ones Windows-1252, of which names use the Latin-1 part.
    static string Text(byte[] body)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(body);
        }
    }

    static int SkipHeader(StringReader lines, out bool hasBars)
    {
        const int longestHeaderLines = 60;
        hasBars = false;
        for (var lineNumber = 1; lineNumber <= longestHeaderLines; lineNumber++)
        {
            if (lines.ReadLine() is not { } line) break;
            if (lineNumber == 1 && line.TrimStart().StartsWith('<')) break;
            if (line.StartsWith("----------", StringComparison.Ordinal)) return lineNumber;
            hasBars = line.Contains('|', StringComparison.Ordinal);
        }

        throw new MalformedAnswerException("this is no EDGAR index: the line of dashes is missing");
    }

    static string? SplitBars(string line, out Fields fields)
    {
        var parts = line.Split('|');
        fields = default;
        if (parts.Length < 5) return $"5 fields expected between bars, found {parts.Length}";
        // A bar inside a name would make more parts, so the fields are counted from both ends.
        var name = string.Join('|', parts[1..^3]);
        fields = new Fields(
            parts[^3].Trim(), name.Trim(), parts[0].Trim(), parts[^2].Trim(), parts[^1].Trim());
        return null;
    }

    // From the right, because a long form type or name shifts the columns.
    static string? SplitColumns(string line, out Fields fields)
    {
        var rest = line.AsSpan().TrimEnd();
        var file = TakeLast(ref rest);
        var date = TakeLast(ref rest);
        var cik = TakeLast(ref rest);
        fields = default;
        if (cik.Length == 0) return "fewer columns than expected";
        var gap = Gap().EnumerateMatches(rest);
        var hasGap = gap.MoveNext();
        var split = hasGap ? gap.Current.Index : Math.Min(FormWidthCharacters, rest.Length);
        fields = new Fields(
            rest[..split].Trim().ToString(), rest[split..].Trim().ToString(), cik.ToString(), date.ToString(),
            file.ToString());
        return IsDate(fields.Date, out _) ? null : $"\"{fields.Date}\" is no filing date";
    }

    static ReadOnlySpan<char> TakeLast(ref ReadOnlySpan<char> rest)
    {
        var start = rest.LastIndexOfAny(' ', '\t') + 1;
        var token = rest[start..];
        rest = rest[..start].TrimEnd();
        return token;
    }

    static string? AddRow(Fields fields, List<IndexRow> rows)
    {
        if (!long.TryParse(fields.Cik, NumberStyles.None, CultureInfo.InvariantCulture, out var cik)
            || cik == 0)
            return $"\"{fields.Cik}\" is no CIK number";
        if (!IsDate(fields.Date, out var filedOn)) return $"\"{fields.Date}\" is no filing date";
        var accession = Accession().Match(fields.File);
        if (!accession.Success) return $"\"{fields.File}\" holds no accession number";
        rows.Add(new IndexRow(fields.Form, fields.Name, cik, filedOn, accession.Groups["number"].Value));
        return null;
    }

    static bool IsDate(string text, out DateOnly date) => DateOnly.TryParseExact(
        text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    static string Shown(string line) =>
        line.Length <= ShownLineCharacters ? line : line[..ShownLineCharacters] + "…";

    readonly record struct Fields(string Form, string Name, string Cik, string Date, string File);

    [GeneratedRegex(@"\s{2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Gap();

    [GeneratedRegex(
        @"/(?<number>\d{10}-\d{2}-\d{6})\.txt$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Accession();
}
