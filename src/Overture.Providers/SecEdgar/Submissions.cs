namespace Overture.Providers.SecEdgar;

/// <summary>A registrant and its newest filings.</summary>
/// <param name="Cik">Its number.</param>
/// <param name="Name">Its name.</param>
public sealed record Submissions(long Cik, string? Name)
{
    /// <summary>"operating", "other" …</summary>
    public string? EntityType { get; init; }

    /// <summary>Standard industry code; empty for most private issuers.</summary>
    public string? Sic { get; init; }

    /// <summary>Its description.</summary>
    public string? SicDescription { get; init; }

    /// <summary>Stock symbols.</summary>
    public IReadOnlyList<string> Tickers { get; init; } = [];

    /// <summary>Web site; empty for most private issuers.</summary>
    public string? Website { get; init; }

    /// <summary>Telephone as written.</summary>
    public string? Phone { get; init; }

    /// <summary>State of incorporation.</summary>
    public string? StateOfIncorporation { get; init; }

    /// <summary>Business address.</summary>
    public FormDAddress? BusinessAddress { get; init; }

    /// <summary>Earlier names.</summary>
    public IReadOnlyList<string> FormerNames { get; init; } = [];

    /// <summary>The newest filings, newest first.</summary>
    public IReadOnlyList<SubmittedFiling> Filings { get; init; } = [];

    /// <summary>Names of the pages with older filings.</summary>
    public IReadOnlyList<string> OlderPages { get; init; } = [];
}

/// <summary>One filing in a registrant's list.</summary>
/// <param name="Accession">Its identity.</param>
/// <param name="Form">"D", "10-K" …</param>
/// <param name="FiledOn">The filing date.</param>
/// <param name="FileNumber">"021-344001": one number for a D and its amendments.</param>
/// <param name="Document">The document's path, without the folder of the rendered form.</param>
public sealed record SubmittedFiling(
    string Accession, string? Form, DateOnly? FiledOn, string? FileNumber, string? Document);

/// <summary>An entry of the feed of latest filings.</summary>
/// <param name="Accession">Its identity.</param>
/// <param name="Form">"D" or "D/A".</param>
/// <param name="Cik">The issuer's number.</param>
/// <param name="Name">The issuer's name.</param>
/// <param name="FiledOn">The filing date.</param>
/// <param name="UpdatedAt">When it was accepted.</param>
/// <param name="IndexUrl">The page that lists its documents.</param>
public sealed record LatestFiling(
    string Accession, string Form, long? Cik, string? Name, DateOnly? FiledOn, DateTimeOffset? UpdatedAt,
    string? IndexUrl);

/// <summary>One page of full-text hits.</summary>
/// <param name="Total">Hits in all; the search stops counting at 10,000.</param>
/// <param name="IsTotalExact">False when there are more than could be counted.</param>
/// <param name="Hits">The hits of this page.</param>
public sealed record SearchHits(long Total, bool IsTotalExact, IReadOnlyList<SearchHit> Hits);

/// <summary>A document that holds the words.</summary>
public sealed record SearchHit(
    string Accession, string? File, string? Form, string? RootForm, DateOnly? FiledOn,
    IReadOnlyList<long> Ciks,
    IReadOnlyList<string> Names, IReadOnlyList<string> BusinessStates, IReadOnlyList<string> Items);
