using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.HubSpot;

/// <summary>
/// Speaks to HubSpot's CRM (https://developers.hubspot.com): reads contacts and companies for import.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class HubSpotClient(HubSpotOptions options, OutboundHttp outbound)
    : IPersonEnricher, ICompanySearch
{
    const int MaxListSize = 100;
    const int MaxSearchSize = 200;

    static readonly string[] ContactProperties =
    [
        "email", "hs_additional_emails", "firstname", "lastname", "jobtitle", "company", "website", "phone",
        "mobilephone", "city", "state", "country", "hs_linkedin_url", "lifecyclestage", "lastmodifieddate",
    ];

    static readonly string[] CompanyProperties =
    [
        "name", "domain", "website", "description", "industry", "numberofemployees", "annualrevenue",
        "founded_year", "phone", "address", "city", "state", "zip", "country", "linkedin_company_page",
        "hs_lastmodifieddate",
    ];

    readonly ProviderCaller caller = Caller(options, outbound, options.Profile);
    readonly ProviderCaller searcher = Caller(options, outbound, options.SearchProfile);

    /// <inheritdoc/>
    public string Name => HubSpotOptions.Provider;

    /// <inheritdoc/>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test(options.Objects("contacts") + "?limit=1", cancellation);

    /// <summary>One page of all contacts, for import.</summary>
    public Task<ProviderResult<SearchPage<PersonFacts>>> Contacts(
        string? next = null, IReadOnlyList<string>? moreProperties = null,
        CancellationToken cancellation = default) =>
        caller.Get(
            "contacts", options.Objects("contacts") + List(ContactProperties, moreProperties, next),
            HubSpotReader.People, cancellation, 1);

    /// <summary>One page of all companies, for import.</summary>
    public Task<ProviderResult<SearchPage<CompanyFacts>>> Companies(
        string? next = null, IReadOnlyList<string>? moreProperties = null,
        CancellationToken cancellation = default) =>
        caller.Get(
            "companies", options.Objects("companies") + List(CompanyProperties, moreProperties, next),
            HubSpotReader.Companies, cancellation, 1);

    /// <inheritdoc/>
    public Task<ProviderResult<PersonFacts>> EnrichPerson(
        PersonQuery person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        var (id, property) = person.ProviderId is { } known ? (known, null) : (person.Email ?? "", "email");
        return caller.Get(
            "contact",
            $"{options.Objects("contacts")}/{Uri.EscapeDataString(id)}" + ProviderCaller.Query(
                ("idProperty", property), ("properties", string.Join(',', ContactProperties))),
            HubSpotReader.Contact, cancellation, 1);
    }

    /// <summary>
    /// Contacts changed since an instant, oldest change first; the search index lags some seconds.
    /// </summary>
    public Task<ProviderResult<SearchPage<PersonFacts>>> ContactsChangedSince(
        DateTimeOffset since, string? next = null, CancellationToken cancellation = default) =>
        Search(
            "contacts", [Filter("lastmodifieddate", "GTE",
                since.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))],
            "lastmodifieddate", ContactProperties, MaxSearchSize, next, HubSpotReader.People, cancellation);

    /// <inheritdoc/>
    public Task<ProviderResult<SearchPage<CompanyFacts>>> SearchCompanies(
        CompanySearch search, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        List<object> filters = [];
        if (search.CompanyName is { } name) filters.Add(Filter("name", "CONTAINS_TOKEN", name));
        if (search.Domains.Count > 0)
            filters.Add(new { propertyName = "domain", @operator = "IN",
                values = search.Domains.Select(d => d.ToLowerInvariant()) });
        return Search(
            "companies", filters, "hs_lastmodifieddate", CompanyProperties, search.Limit, search.Next,
            HubSpotReader.Companies, cancellation);
    }

    /// <summary>The properties of an object type, to map imported fields.</summary>
    public Task<ProviderResult<IReadOnlyList<CrmProperty>>> Properties(
        string type, CancellationToken cancellation = default) =>
        caller.Get("properties", options.Properties(type), HubSpotReader.Properties, cancellation, 1);

    Task<ProviderResult<SearchPage<T>>> Search<T>(
        string type, IReadOnlyList<object> filters, string sortBy, string[] properties, int limit,
        string? next,
        Func<byte[], SearchPage<T>> read, CancellationToken cancellation) =>
        searcher.Post(
            "search_" + type, options.Objects(type) + "/search",
            new
            {
                filterGroups = filters.Count == 0 ? [] : new[] { new { filters } },
                sorts = new[] { new { propertyName = sortBy, direction = "ASCENDING" } },
                properties,
                limit = Math.Clamp(limit, 1, MaxSearchSize),
                after = next,
            }, read, cancellation, 1, isRepeatable: true);

    static object Filter(string property, string comparison, string value) =>
        new { propertyName = property, @operator = comparison, value };

    static string List(string[] properties, IReadOnlyList<string>? more, string? next) =>
        ProviderCaller.Query(
        ("limit", MaxListSize.ToString(CultureInfo.InvariantCulture)), ("after", next),
        ("properties", string.Join(',', properties.Concat(more ?? []))));

    static ProviderCaller Caller(HubSpotOptions options, OutboundHttp outbound, ProviderProfile profile) =>
        new(
        outbound, profile, options.BaseUrl, Credential.Bearer(options.AccessToken ?? ""), options.Problems());
}
