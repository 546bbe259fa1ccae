namespace Overture.Providers.SecEdgar;

/// <summary>
/// A notice of an exempt offering (Form D), all of its fields. Source: the SEC's Form D XML technical
/// specification, schema X0301 to X0708. Amounts are US dollars; what the filer left out is null.
/// </summary>
public sealed record FormDFiling
{
    /// <summary>"X0708".</summary>
    public string? SchemaVersion { get; init; }

    /// <summary>"D" or "D/A".</summary>
    public required string Form { get; init; }

    /// <summary>False for test filings, which are to be ignored.</summary>
    public bool IsLive { get; init; } = true;

    /// <summary>The first issuer.</summary>
    public required FormDIssuer Issuer { get; init; }

    /// <summary>Further issuers of the same offering.</summary>
    public IReadOnlyList<FormDIssuer> CoIssuers { get; init; } = [];

    /// <summary>Executives, directors and promoters; companies in these roles are marked.</summary>
    public IReadOnlyList<RelatedPerson> RelatedPersons { get; init; } = [];

    /// <summary>"Biotechnology", "Pooled Investment Fund" …; absent in some old filings.</summary>
    public string? IndustryGroup { get; init; }

    /// <summary>"Hedge Fund", "Venture Capital Fund" …; only of pooled investment funds.</summary>
    public string? FundType { get; init; }

    /// <summary>Whether the fund is registered under the Investment Company Act of 1940.</summary>
    public bool? IsRegisteredFund { get; init; }

    /// <summary>"$1 - $1,000,000", "Decline to Disclose" …</summary>
    public string? RevenueRange { get; init; }

    /// <summary>The same for funds.</summary>
    public string? NetAssetValueRange { get; init; }

    /// <summary>Exemptions claimed: "06b", "3C.7" …</summary>
    public IReadOnlyList<string> Exemptions { get; init; } = [];

    /// <summary>Whether this restates an earlier notice.</summary>
    public bool IsAmendment { get; init; }

    /// <summary>The notice restated.</summary>
    public string? PreviousAccession { get; init; }

    /// <summary>The date of the first sale; null while it is still to come.</summary>
    public DateOnly? FirstSaleOn { get; init; }

    /// <summary>The first sale is still to come.</summary>
    public bool IsFirstSaleToCome { get; init; }

    /// <summary>Whether the offering is meant to last more than a year.</summary>
    public bool? LastsOverOneYear { get; init; }

    /// <summary>
    /// "equity", "debt", "option", "convertible", "pooled_fund", "tenant_in_common", "mineral", "other".
    /// </summary>
    public IReadOnlyList<string> Securities { get; init; } = [];

    /// <summary>The filer's words for "other".</summary>
    public string? OtherSecurity { get; init; }

    /// <summary>Whether it belongs to a merger or acquisition.</summary>
    public bool? IsBusinessCombination { get; init; }

    /// <summary>The smallest investment accepted.</summary>
    public decimal? MinimumInvestment { get; init; }

    /// <summary>Who is paid for selling.</summary>
    public IReadOnlyList<SalesRecipient> SalesRecipients { get; init; } = [];

    /// <summary>The target; null when it is indefinite or absent.</summary>
    public decimal? TotalOffering { get; init; }

    /// <summary>The filer put "Indefinite" as target.</summary>
    public bool IsOfferingIndefinite { get; init; }

    /// <summary>Money raised so far.</summary>
    public decimal? TotalSold { get; init; }

    /// <summary>What is still for sale; null when indefinite or absent.</summary>
    public decimal? TotalRemaining { get; init; }

    /// <summary>Whether non-accredited investors take part.</summary>
    public bool? HasNonAccreditedInvestors { get; init; }

    /// <summary>How many of them.</summary>
    public long? NonAccreditedInvestorCount { get; init; }

    /// <summary>Investors so far.</summary>
    public long? InvestorCount { get; init; }

    /// <summary>Sales commissions.</summary>
    public decimal? SalesCommissions { get; init; }

    /// <summary>Finders' fees.</summary>
    public decimal? FindersFees { get; init; }

    /// <summary>Proceeds paid to executives, directors and promoters.</summary>
    public decimal? ProceedsToInsiders { get; init; }

    /// <summary>The filer's explanations, by field ("offering", "fees", "proceeds", "combination").</summary>
    public IReadOnlyDictionary<string, string> Clarifications { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>One signature per issuer.</summary>
    public IReadOnlyList<FormDSignature> Signatures { get; init; } = [];

    /// <summary>What the full submission's header says; null when only the document was read.</summary>
    public SubmissionHeader? Header { get; init; }
}

/// <summary>An issuer.</summary>
/// <param name="Cik">Its number, without leading zeros; its identity.</param>
/// <param name="Name">Its name.</param>
public sealed record FormDIssuer(long? Cik, string Name)
{
    /// <summary>Where it sits; often in care of a law firm, so never an identity.</summary>
    public FormDAddress? Address { get; init; }

    /// <summary>As written.</summary>
    public string? Phone { get; init; }

    /// <summary>"DELAWARE"; in old filings the EDGAR code.</summary>
    public string? Jurisdiction { get; init; }

    /// <summary>"Corporation" … or the filer's own words for "Other".</summary>
    public string? EntityType { get; init; }

    /// <summary>The year; null when it lies over five years back or is to come.</summary>
    public int? YearOfIncorporation { get; init; }

    /// <summary>"over_five_years", "within_five_years" or "yet_to_be_formed".</summary>
    public string? Age { get; init; }

    /// <summary>Earlier names, from the filer and from EDGAR.</summary>
    public IReadOnlyList<string> PreviousNames { get; init; } = [];
}

/// <summary>An address with EDGAR's code for state or country ("CA", "X0").</summary>
public sealed record FormDAddress(
    string? Street1, string? Street2, string? City, string? StateOrCountry, string? StateOrCountryName,
    string? PostalCode);

/// <summary>An executive, director or promoter; sometimes a company in that role.</summary>
public sealed record RelatedPerson
{
    /// <summary>Null for companies.</summary>
    public string? FirstName { get; init; }

    /// <summary>Null when absent.</summary>
    public string? MiddleName { get; init; }

    /// <summary>The family name, or the company's name.</summary>
    public required string LastName { get; init; }

    /// <summary>True when this is a company, not a human being.</summary>
    public bool IsEntity { get; init; }

    /// <summary>Business address.</summary>
    public FormDAddress? Address { get; init; }

    /// <summary>"Executive Officer", "Director", "Promoter".</summary>
    public IReadOnlyList<string> Relationships { get; init; } = [];

    /// <summary>The filer's own words, often the real title.</summary>
    public string? Clarification { get; init; }

    /// <summary>All parts of the name.</summary>
    public string FullName => string.Join(' ', new[] { FirstName, MiddleName, LastName }.OfType<string>());

    /// <summary>The title: the filer's own words, otherwise the roles.</summary>
    public string? Title =>
        Clarification ?? (Relationships.Count > 0 ? string.Join(", ", Relationships) : null);
}

/// <summary>Who is paid for selling, and where.</summary>
public sealed record SalesRecipient(
    string? Name, string? CrdNumber, string? DealerName, string? DealerCrdNumber, FormDAddress? Address,
    IReadOnlyList<string> States, bool? IsForeign);

/// <summary>A signature.</summary>
public sealed record FormDSignature(
    string? IssuerName, string? SignatureName, string? SignerName, string? Title, DateOnly? SignedOn);

/// <summary>The header of a full submission text.</summary>
public sealed record SubmissionHeader(
    string? Accession, string? Form, DateOnly? FiledOn, long? Cik, string? IssuerName, string? FileNumber,
    IReadOnlyList<string> FormerNames);
