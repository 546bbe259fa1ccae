using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.Apollo;

/// <summary>
/// Speaks to Apollo (https://docs.apollo.io). A search shows masked names and no addresses; enriching costs
/// credits.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class ApolloClient(ApolloOptions options, OutboundHttp outbound)
    : IEmailFinder, IPersonEnricher, ICompanyEnricher, IPeopleSearch, ICompanySearch
{
    const int MaxPageSize = 100;
    const int MaxPage = 500;
    const int MaxBulk = 10;

    readonly ProviderCaller caller = new(
        outbound, options.Profile, options.BaseUrl, new Credential("x-api-key", options.ApiKey ?? ""),
        options.Problems());

    /// <inheritdoc/>
    public string Name => ApolloOptions.Provider;

    /// <inheritdoc/>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test("/auth/health", cancellation);

    /// <inheritdoc/>
    public async Task<ProviderResult<SearchPage<PersonFacts>>> SearchPeople(
        PeopleSearch search, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        var page = PageOf(search.Next);
        var body = new Dictionary<string, object?>
        {
            ["person_titles"] = Filled(search.Titles),
            ["person_seniorities"] = Filled(search.Seniorities),
            ["person_locations"] = Filled(search.Locations),
            ["q_organization_domains_list"] = Filled(search.Domains),
            ["organization_ids"] = Filled(search.CompanyIds),
            ["page"] = page,
            ["per_page"] = Math.Clamp(search.Limit, 1, MaxPageSize),
        };
        var result = await caller.Post(
            "people_search", "/mixed_people/api_search", WithoutNulls(body), ApolloReader.People,
            cancellation,
            isRepeatable: true);
        // This search tells the total only, not the page it is on.
        return result.Map(found => found.Next is null && found.Items.Count > 0 && page < MaxPage
            && (long)page * Math.Clamp(search.Limit, 1, MaxPageSize) < found.Total
            ? found with { Next = (page + 1).ToString(CultureInfo.InvariantCulture) }
            : found);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<SearchPage<CompanyFacts>>> SearchCompanies(
        CompanySearch search, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        var body = new Dictionary<string, object?>
        {
            ["q_organization_name"] = search.CompanyName,
            ["q_organization_domains_list"] = Filled(search.Domains),
            ["q_organization_keyword_tags"] = Filled(search.Keywords),
            ["organization_locations"] = Filled(search.Locations),
            ["organization_num_employees_ranges"] =
                Filled([.. search.EmployeeRanges.Select(range => range.Replace('-', ','))]),
            ["latest_funding_date_range"] = search.FundedSince is { } since
                ? new { min = since.ToString("O", CultureInfo.InvariantCulture) }
                : null,
            ["page"] = PageOf(search.Next),
            ["per_page"] = Math.Clamp(search.Limit, 1, MaxPageSize),
        };
        return caller.Post(
            "organization_search", "/mixed_companies/search", WithoutNulls(body), ApolloReader.Companies,
            cancellation, 1);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<PersonFacts>> EnrichPerson(
        PersonQuery person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return caller.Post(
            "people_match", "/people/match", WithoutNulls(Question(person)), ApolloReader.Match, cancellation,
            1,
            costOf: answer => ApolloReader.Match(answer.Body) is null ? 0 : 1);
    }

    /// <inheritdoc/>
    public async Task<ProviderResult<PersonFacts>> FindEmail(
        PersonQuery person, CancellationToken cancellation = default)
    {
        var result = await EnrichPerson(person, cancellation);
        return result.IsOk && result.Value.Emails.Count == 0
            ? new(HttpVerdict.As(Name, FailureKind.NotFound, result.Raw!, "no address"), result.Raw)
            : result;
    }

    /// <summary>
    /// Up to ten people at once; the answers stand in the order asked, null where nobody matched.
    /// </summary>
    public Task<ProviderResult<IReadOnlyList<PersonFacts?>>> EnrichPeople(
        IReadOnlyList<PersonQuery> people, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(people.Count, MaxBulk);
        var body = new { details = people.Select(person => WithoutNulls(Question(person))) };
        return caller.Post(
            "people_bulk_match", "/people/bulk_match", body, ApolloReader.BulkMatch, cancellation,
            people.Count,
            costOf: answer => Loose.Parse(answer.Body)["credits_consumed"].Number);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<CompanyFacts>> EnrichCompany(
        CompanyQuery company, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(company);
        var query = ProviderCaller.Query(
            ("domain", company.Domain), ("name", company.Domain is null ? company.CompanyName : null),
            ("linkedin_url", company.LinkedInUrl));
        return caller.Get(
            "organization_enrich", "/organizations/enrich" + query, ApolloReader.Organization, cancellation,
            1,
            answer => ApolloReader.Organization(answer.Body) is null ? 0 : 1);
    }

    /// <summary>The result of a look-up that was still running; Pending while it is.</summary>
    public Task<ProviderResult<PersonFacts>> WebhookResult(
        long requestId, CancellationToken cancellation = default) =>
        caller.Get(
            "webhook_result", "/webhook_result/" + requestId.ToString(CultureInfo.InvariantCulture),
            ApolloReader.Match, cancellation);

    static Dictionary<string, object?> Question(PersonQuery person) => new()
    {
        ["id"] = person.ProviderId,
        ["email"] = person.Email,
        ["first_name"] = person.FirstName,
        ["last_name"] = person.LastName,
        ["domain"] = person.Domain,
        ["organization_name"] = person.CompanyName,
        ["linkedin_url"] = person.LinkedInUrl,
    };

    // Serialising a dictionary keeps its nulls, and Apollo takes a null for a filter.
    static Dictionary<string, object> WithoutNulls(Dictionary<string, object?> body) =>
        body.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);

    static IReadOnlyList<string>? Filled(IReadOnlyList<string> list) => list.Count == 0 ? null : list;

    static int PageOf(string? next) =>
        int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            ? Math.Clamp(page, 1, MaxPage)
            : 1;
}
