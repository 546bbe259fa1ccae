using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.Crunchbase;

/// <summary>Speaks to Crunchbase (https://data.crunchbase.com/docs, v4).</summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class CrunchbaseClient(CrunchbaseOptions options, OutboundHttp outbound)
    : ICompanyEnricher, ICompanySearch
{
    const int MaxPageSize = 1000;

    static readonly string[] CompanyFields =
    [
        "identifier", "website_url", "short_description", "categories", "category_groups",
        "location_identifiers", "num_employees_enum", "founded_on", "funding_total", "last_funding_type",
        "last_funding_at", "operating_status", "linkedin", "contact_email", "phone_number",
    ];

    static readonly string[] RoundFields =
    [
        "identifier", "announced_on", "investment_type", "money_raised", "funded_organization_identifier",
        "investor_identifiers",
    ];

    readonly ProviderCaller caller = new(
        outbound, options.Profile, options.BaseUrl, new Credential("X-cb-user-key", options.UserKey ?? ""),
        options.Problems());

    /// <inheritdoc/>
    public string Name => CrunchbaseOptions.Provider;

    /// <inheritdoc/>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test("/autocompletes?query=crunchbase&collection_ids=organizations&limit=1", cancellation);

    /// <summary>Companies whose name begins like a text.</summary>
    public Task<ProviderResult<SearchPage<CompanyFacts>>> Autocomplete(
        string text, CancellationToken cancellation = default) =>
        caller.Get(
            "autocomplete",
            "/autocompletes" + ProviderCaller.Query(
                ("query", text), ("collection_ids", "organizations"), ("limit", "10")),
            CrunchbaseReader.Autocomplete, cancellation, 1);

    /// <inheritdoc/>
    public async Task<ProviderResult<CompanyFacts>> EnrichCompany(
        CompanyQuery company, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(company);
        if (company.ProviderId is { } id)
            return await caller.Get(
                "organization",
                $"/entities/organizations/{Uri.EscapeDataString(id)}"
                + ProviderCaller.Query(("field_ids", string.Join(',', CompanyFields))),
                CrunchbaseReader.Organization, cancellation, 1);
        var found = await SearchCompanies(
            new CompanySearch
            {
                Domains = company.Domain is { } domain ? [domain] : [],
                CompanyName = company.CompanyName,
                Limit = 1,
            }, cancellation);
        if (found.Failure is { } failure) return new(failure, found.Raw);
        return found.Value.Items is [var first, ..]
            ? new(first, found.Raw)
            : new(HttpVerdict.As(Name, FailureKind.NotFound, found.Raw!, "no match"), found.Raw);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<SearchPage<CompanyFacts>>> SearchCompanies(
        CompanySearch search, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        List<object> query = [Predicate("facet_ids", "includes", ["company"])];
        if (search.Domains.Count > 0) query.Add(Predicate("website_url", "domain_eq", search.Domains));
        else if (search.CompanyName is { } name) query.Add(Predicate("identifier", "contains", [name]));
        if (search.Keywords.Count > 0) query.Add(Predicate("categories", "includes", search.Keywords));
        if (search.Locations.Count > 0)
            query.Add(Predicate("location_identifiers", "includes", search.Locations));
        if (search.EmployeeRanges.Count > 0)
            query.Add(Predicate("num_employees_enum", "includes", [.. search.EmployeeRanges.Select(Code)]));
        if (search.FundedSince is { } since)
            query.Add(Predicate("last_funding_at", "gte",
                [since.ToString("O", CultureInfo.InvariantCulture)]));
        return caller.Post(
            "search_organizations", "/searches/organizations",
            new
            {
                field_ids = CompanyFields, query, limit = Math.Clamp(search.Limit, 1, MaxPageSize),
                after_id = search.Next,
            }, CrunchbaseReader.Organizations, cancellation, 1, isRepeatable: true);
    }

    /// <summary>Rounds announced on a day or later, newest first.</summary>
    public Task<ProviderResult<SearchPage<FundingRound>>> SearchFundingRounds(
        DateOnly since, int limit = 100, string? next = null, CancellationToken cancellation = default) =>
        caller.Post(
            "search_funding_rounds", "/searches/funding_rounds",
            new
            {
                field_ids = RoundFields,
                query = new[] { Predicate("announced_on", "gte",
                    [since.ToString("O", CultureInfo.InvariantCulture)]) },
                order = new[] { new { field_id = "announced_on", sort = "desc" } },
                limit = Math.Clamp(limit, 1, MaxPageSize),
                after_id = next,
            }, CrunchbaseReader.FundingRounds, cancellation, 1, isRepeatable: true);

    static object Predicate(string field, string comparison, IReadOnlyList<string> values) =>
        new { type = "predicate", field_id = field, operator_id = comparison, values };

    static string Code(string range)
    {
        var parts = range.TrimEnd('+').Split('-');
        var least = parts[0].PadLeft(5, '0');
        return parts.Length == 2 ? $"c_{least}_{parts[1].PadLeft(5, '0')}" : $"c_{least}_max";
    }
}
