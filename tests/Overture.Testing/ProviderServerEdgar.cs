using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Overture.Testing;

/// <summary>
/// EDGAR as far as recordings reach: real indexes under their real paths, other days' master indexes composed
/// from a list of real filings, filings, submissions, the feed and a search answer. All else is missing.
/// </summary>
sealed partial class ProviderServerEdgar
{
    readonly string folder;
    readonly Lazy<Filings> filings;

    public ProviderServerEdgar(string folder)
    {
        this.folder = folder;
        filings = new Lazy<Filings>(() => new Filings(folder));
    }

    /// <summary>The answer; null when the path is not EDGAR's.</summary>
    public RecordedAnswer? Answer(string path, IQueryCollection query)
    {
        if (path.StartsWith("/sec-edgar/", StringComparison.Ordinal)) path = path["/sec-edgar".Length..];
        if (path.StartsWith("/Archives/edgar/", StringComparison.Ordinal))
            return Archive(path["/Archives/edgar/".Length..]) ?? Missing();
        if (path.StartsWith("/submissions/", StringComparison.Ordinal))
            return File(path["/submissions/".Length..], "submissions", "constructed") ?? Missing();
        if (path == "/cgi-bin/browse-edgar")
            return query["start"].ToString() is "" or "0"
                ? File("getcurrent-form-d.atom.xml", "")
                : Missing();
        if (path == "/LATEST/search-index") return File("efts-form-d-2026-shape.json", "constructed");
        return null;
    }

    RecordedAnswer? Archive(string path)
    {
        if (path == "daily-index/index.json") return RecordedAnswer.Json("{\"directory\":{\"item\":[]}}");
        if (DailyIndex().Match(path) is { Success: true } daily)
        {
            var name = daily.Groups["name"].Value;
            return File(name, "index") ?? (name.StartsWith("master.", StringComparison.Ordinal)
                ? Composed(day => day == Day(daily.Groups["day"].Value), "yyyyMMdd")
                : null);
        }

        if (QuarterIndex().Match(path) is { Success: true } quarter)
        {
            var year = int.Parse(quarter.Groups["year"].Value, CultureInfo.InvariantCulture);
            var number = int.Parse(quarter.Groups["quarter"].Value, CultureInfo.InvariantCulture);
            return Composed(day => day.Year == year && (day.Month + 2) / 3 == number, "yyyy-MM-dd");
        }

        return filings.Value.Files.TryGetValue(path, out var file)
            ? new RecordedAnswer(
                200, path.EndsWith(".xml", StringComparison.Ordinal) ? "text/xml" : "text/plain",
                System.IO.File.ReadAllBytes(file))
            : null;
    }

    RecordedAnswer? Composed(Func<DateOnly, bool> isAsked, string dateFormat)
    {
        var rows = filings.Value.Rows.Where(row => isAsked(row.FiledOn)).OrderBy(row => row.Cik).ToArray();
        if (rows.Length == 0) return null;
        var text = new StringBuilder()
            .Append("Description:           Master Index of EDGAR Dissemination Feed\n")
            .Append("Comments:              webmaster@sec.gov\n \n")
            .Append("CIK|Company Name|Form Type|Date Filed|File Name\n").Append('-', 80).Append('\n');
        foreach (var row in rows)
        {
            var date = row.FiledOn.ToString(dateFormat, CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{row.Cik}|{row.Name}|{row.Form}|{date}|")
                .Append(CultureInfo.InvariantCulture, $"edgar/data/{row.Cik}/{row.Accession}.txt\n");
        }

        return new RecordedAnswer(200, "text/plain", Encoding.Latin1.GetBytes(text.ToString()));
    }

    RecordedAnswer Missing() => File("404-nosuchkey.xml", "constructed") is { } page
        ? page with { Code = 404 }
        : RecordedAnswer.Text(404, "NoSuchKey");

    RecordedAnswer? File(string name, params string[] places)
    {
        if (name.Contains("..", StringComparison.Ordinal)) return null;
        var path = places.Select(place => Path.Combine(folder, place, name))
            .FirstOrDefault(System.IO.File.Exists);
        if (path is null) return null;
        var type = Path.GetExtension(
            name) switch { ".json" => "application/json", ".xml" => "text/xml", _ => "text/plain" };
        return new RecordedAnswer(200, type, System.IO.File.ReadAllBytes(path));
    }

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>All filings at hand and the list of real rows.</summary>
    sealed class Filings
    {
        public Filings(string folder)
        {
            var list = Path.Combine(folder, "form-d-url-list-2024.csv");
            if (System.IO.File.Exists(list)) Rows.AddRange(ReadRows(list));
            var listed = Rows.Select(row => row.Accession).ToHashSet(StringComparer.Ordinal);
            foreach (var file in Places
                .Select(name => Path.Combine(folder, name)).Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFiles).Order(StringComparer.Ordinal))
            {
                if (Place(folder, file) is { } row && listed.Add(row.Accession)) Rows.Add(row);
            }
        }

        static readonly string[] Places = ["form-d", "form-d-reconstructed"];

        public List<Row> Rows { get; } = [];

        public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

        Row? Place(string folder, string file)
        {
            var isText = file.EndsWith(".txt", StringComparison.Ordinal);
            if (!isText && !file.EndsWith(".xml", StringComparison.Ordinal)) return null;
            var text = System.IO.File.ReadAllText(file, Encoding.Latin1);
            var start = text.IndexOf("<edgarSubmission", StringComparison.Ordinal);
            var end = text.IndexOf("</edgarSubmission>", StringComparison.Ordinal);
            if (start < 0 || end < start) return null;
            var root = XElement.Parse(text[start..(end + "</edgarSubmission>".Length)]);
            var issuer = root.Element("primaryIssuer")!;
            var cik = long.Parse(issuer.Element("cik")!.Value, CultureInfo.InvariantCulture);
            var signed = root.Descendants("signatureDate").First().Value.Trim()[..10];
            var filedOn = FiledOn().Match(text) is { Success: true } header
                ? Day(header.Groups["day"].Value)
                : DateOnly.Parse(signed, CultureInfo.InvariantCulture);
            var accession = Accession().Match(Path.GetFileName(file)) is { Success: true } named
                ? named.Value
                : AccessionOf(folder, cik, filedOn);
            var bare = accession.Replace("-", "", StringComparison.Ordinal);
            Files[isText ? $"data/{cik}/{accession}.txt" : $"data/{cik}/{bare}/primary_doc.xml"] = file;
            return new Row(
                cik, issuer.Element("entityName")!.Value.Trim(), root.Element("submissionType")!.Value.Trim(),
                filedOn,
                accession);
        }

        // Some files carry no accession number in their name: taken from the registrant's submissions, or
        // made up.
        static string AccessionOf(string folder, long cik, DateOnly filedOn)
        {
            var submissions = Path.Combine(folder, "constructed", $"CIK{cik:D10}.json");
            return System.IO.File.Exists(submissions)
                && Accession().Matches(System.IO.File.ReadAllText(submissions)) is { Count: > 0 } found
                ? found[^1].Value
                : $"{cik:D10}-{filedOn:yy}-000001";
        }

        static IEnumerable<Row> ReadRows(string list)
        {
            foreach (var line in System.IO.File.ReadLines(list).Skip(1))
            {
                if (ListRow().Match(line) is not { Success: true } match) continue;
                var bare = match.Groups["bare"].Value;
                yield return new Row(
                    long.Parse(match.Groups["cik"].Value, CultureInfo.InvariantCulture),
                    match.Groups["name"].Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal),
                    match.Groups["form"].Value,
                    DateOnly.Parse(match.Groups["day"].Value, CultureInfo.InvariantCulture),
                    $"{bare[..10]}-{bare[10..12]}-{bare[12..]}");
            }
        }
    }

    sealed record Row(long Cik, string Name, string Form, DateOnly FiledOn, string Accession);

    const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"^daily-index/\d{4}/QTR\d/(?<name>(form|master)\.(?<day>\d{8})\.idx)$", Options)]
    private static partial Regex DailyIndex();

    [GeneratedRegex(@"^full-index/(?<year>\d{4})/QTR(?<quarter>\d)/master\.idx$", Options)]
    private static partial Regex QuarterIndex();

    [GeneratedRegex(@"\d{10}-\d{2}-\d{6}", Options)]
    private static partial Regex Accession();

    [GeneratedRegex(@"FILED AS OF DATE:\s*(?<day>\d{8})", Options)]
    private static partial Regex FiledOn();

    [GeneratedRegex(
        @"^(?<cik>\d+),(?<name>.*),(?<form>D(/A)?),(?<day>\d{4}-\d{2}-\d{2}),"
        + @".*/(?<bare>\d{18})/primary_doc\.xml", Options)]
    private static partial Regex ListRow();
}
