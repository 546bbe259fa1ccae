using System.Text.RegularExpressions;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Model;

/// <summary>
/// Two real lists of start-ups, seven years apart. Both link to a page about each company elsewhere, at which
/// the matcher does not look: rows with the same page are one company, rows with different pages are two.
/// </summary>
public sealed partial class CompanyMatcherTests
{
    // Some pages were renamed between the lists, so a few right answers count as wrong ones.
    const double LeastPrecision = 0.96;
    const double LeastRecall = 0.9;
    const double LeastSeen = 0.92;

    readonly Dictionary<CompanyPool.Entry, List<Row>> rowsOf = [];
    CompanyPool pool = null!;

    [Fact]
    public async Task Companies_of_two_real_lists_are_matched_and_hardly_one_is_taken_for_another()
    {
        var later = SharedData.PathOf("companies/yc-companies-2024-05-11.csv");
        var earlier = SharedData.PathOf("companies/yc-startups-2017-funding.csv");
        Assert.SkipWhen(later is null || earlier is null, "outside test data is absent");
        // Nobody is known beforehand, so the database is not asked.
        pool = await CompanyPool.Load(
            null!, [], new CompanyMemory(), TestContext.Current.CancellationToken);
        foreach (var row in Rows(later, "company_name", "website", "cb_url")) Take(row);
        var pages = rowsOf.Values.SelectMany(rows => rows).Select(row => row.Page).ToHashSet();
        var (wanted, right, asked, together) = (0, 0, 0, 0);
        var missed = new List<Row>();
        foreach (var row in Rows(earlier, "Company", "Website", "Crunchbase / Angel List Profile"))
        {
            var entry = Take(row);
            if (row.Page is null || !pages.Contains(row.Page)) continue;
            wanted++;
            if (rowsOf[entry].Any(other => !ReferenceEquals(other, row) && other.Page == row.Page)) right++;
            else if (IsAsked(entry, row.Page)) asked++;
            else missed.Add(row);
        }

        var wrong = rowsOf.Values.Where(rows => Pages(rows).Count() > 1).ToList();
        together = rowsOf.Values.Sum(rows => Math.Max(0, rows.Count(row => row.Page is not null) - 1));
        var taken = wrong.Sum(rows => Pages(rows).Count() - 1);
        var (precision, recall) = (1 - ((double)taken / together), (double)right / wanted);
        Write($"precision {precision:P1} ({taken} of {together} pairs wrong), recall {recall:P1} "
            + $"({right} of {wanted}), and {asked} more put before a person");
        foreach (var rows in wrong) Write("taken for one: " + string.Join(" = ", rows));
        foreach (var row in missed) Write($"not found: {row}");
        Assert.InRange(precision, LeastPrecision, 1);
        Assert.InRange(recall, LeastRecall, 1);
        Assert.InRange((double)(right + asked) / wanted, LeastSeen, 1);
    }

    static IEnumerable<string> Pages(List<Row> rows) =>
        rows.Select(row => row.Page).OfType<string>().Distinct();

    CompanyPool.Entry Take(Row row)
    {
        var company = new Company
        {
            Name = row.Name, Website = row.Website.Length > 0 ? row.Website : null,
            Domain = WebDomain.Of(row.Website),
        };
        var (entry, _) = pool.Take(company, CompanyName.ForMatching(row.Name), DuplicateRule.FillBlanks);
        if (!rowsOf.TryGetValue(entry, out var rows)) rowsOf[entry] = rows = [];
        rows.Add(row);
        return entry;
    }

    bool IsAsked(CompanyPool.Entry entry, string page) => pool.Doubtful.Any(
        pair => pair.Newer == entry && rowsOf[pair.Older].Any(row => row.Page == page));

    static IEnumerable<Row> Rows(string file, string name, string website, string page)
    {
        var table = CsvTable.Read(File.ReadAllBytes(file), true);
        var at = table.Columns.Index().ToDictionary(column => column.Item, column => column.Index);
        foreach (var row in table.Rows)
            if (row.Cells[at[name]] is { Length: > 0 } given)
                yield return new Row(given, row.Cells[at[website]], PageOf(row.Cells[at[page]]));
    }

    static string? PageOf(string link) =>
        Organisation().Match(link) is { Success: true } found
            ? found.Groups["name"].Value.ToLowerInvariant() : null;

    static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    [GeneratedRegex(
        @"crunchbase\.com/(organization|company)/(?<name>[^/?#]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Organisation();

    sealed record Row(string Name, string Website, string? Page)
    {
        public override string ToString() => $"{Name} <{Website}>";
    }
}
