namespace Overture.Providers.SecEdgar;

/// <summary>The Form D rows of one index file and the rows that could not be read.</summary>
/// <param name="Rows">Rows whose form is exactly D or D/A, in file order.</param>
/// <param name="RowCount">Readable rows of all forms.</param>
/// <param name="Malformed">Rows that could not be read.</param>
public sealed record FilingIndex(
    IReadOnlyList<IndexRow> Rows, int RowCount, IReadOnlyList<MalformedRow> Malformed)
{
    /// <summary>
    /// One entry per filing: a filing by several issuers is listed once for each of them under the same
    /// accession number.
    /// </summary>
    public static IReadOnlyList<ListedFiling> Distinct(IEnumerable<IndexRow> rows) =>
    [
        .. rows.GroupBy(row => row.Accession, StringComparer.Ordinal).Select(filing => new ListedFiling(
            filing.Key, filing.First().Form, filing.First().FiledOn,
            [.. filing.Select(row => new ListedIssuer(row.Cik, row.CompanyName))
                .DistinctBy(issuer => issuer.Cik)],
            filing.Count())),
    ];
}

/// <summary>One row of an EDGAR index.</summary>
/// <param name="Form">"D" or "D/A".</param>
/// <param name="CompanyName">As listed, in fixed-width files cut at about 60 characters.</param>
/// <param name="Cik">The issuer's number, without leading zeros.</param>
/// <param name="FiledOn">The filing date.</param>
/// <param name="Accession">"0001781814-19-000001".</param>
public sealed record IndexRow(string Form, string CompanyName, long Cik, DateOnly FiledOn, string Accession);

/// <summary>A row that could not be read.</summary>
/// <param name="LineNumber">From 1.</param>
/// <param name="Line">Its beginning.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record MalformedRow(int LineNumber, string Line, string Reason);

/// <summary>One filing as an index lists it.</summary>
/// <param name="Accession">The identity of the filing.</param>
/// <param name="Form">"D" or "D/A".</param>
/// <param name="FiledOn">The filing date.</param>
/// <param name="Issuers">All issuers listed for it.</param>
/// <param name="ListingCount">How many rows list it.</param>
public sealed record ListedFiling(
    string Accession, string Form, DateOnly FiledOn, IReadOnlyList<ListedIssuer> Issuers, int ListingCount);

/// <summary>An issuer of a listed filing.</summary>
/// <param name="Cik">Its number, without leading zeros.</param>
/// <param name="Name">Its name as listed.</param>
public sealed record ListedIssuer(long Cik, string Name);
