using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.Explorium;

/// <summary>
/// Speaks to Explorium (https://developers.explorium.ai). Facts hang on ids, so a match comes before an
/// enrichment; every enrichment costs, also when its fields are empty.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class ExploriumClient(ExploriumOptions options, OutboundHttp outbound)
    : IEmailFinder, ICompanyEnricher, IPeopleSearch, ICompanySearch
{
    const int MaxMatches = 50;
    const int MaxPageSize = 100;

    readonly ProviderCaller caller = new(
        outbound, options.Profile, options.BaseUrl, new Credential("api_key", options.ApiKey ?? ""),
        options.Problems());

    /// <inheritdoc/>
    public string Name => ExploriumOptions.Provider;

    /// <inheritdoc/>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test("/businesses/autocomplete?field=country_code&query=united", cancellation);

    /// <summary>Ids of up to fifty companies; give domains, names alone match wrongly.</summary>
    public Task<ProviderResult<IReadOnlyList<Match>>> MatchCompanies(
        IReadOnlyList<CompanyQuery> companies, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(companies);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(companies.Count, MaxMatches);
        var body = new
        {
            businesses_to_match = companies.Select(company => new
            {
                name = company.CompanyName, domain = company.Domain, linkedin_url = company.LinkedInUrl,
            }),
        };
        return caller.Post(
            "businesses_match", "/businesses/match", body, ExploriumReader.Matches, cancellation,
            isRepeatable: true);
    }

    /// <summary>Ids of up to fifty people.</summary>
    public Task<ProviderResult<IReadOnlyList<Match>>> MatchPeople(
        IReadOnlyList<PersonQuery> people, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(people.Count, MaxMatches);
        var body = new
        {
            prospects_to_match = people.Select(person => new
            {
                full_name = Spelling.Name(person.FirstName, person.LastName),
                company_name = person.CompanyName,
                email = person.Email,
                linkedin_url = person.LinkedInUrl,
            }),
        };
        return caller.Post(
            "prospects_match", "/prospects/match", body, ExploriumReader.Matches, cancellation,
            isRepeatable: true);
    }

    /// <inheritdoc/>
    public async Task<ProviderResult<CompanyFacts>> EnrichCompany(
        CompanyQuery company, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(company);
        var id = company.ProviderId;
        if (id is null)
        {
            var match = await MatchCompanies([company], cancellation);
            if (Unmatched<CompanyFacts>(match) is { } unmatched) return unmatched;
            id = match.Value[0].Found;
        }

        return await caller.Post(
            "firmographics", "/businesses/firmographics/enrich", new { business_id = id },
            ExploriumReader.Firmographics, cancellation, 1);
    }

    /// <inheritdoc/>
    public async Task<ProviderResult<PersonFacts>> FindEmail(
        PersonQuery person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        var id = person.ProviderId;
        if (id is null)
        {
            var match = await MatchPeople([person], cancellation);
            if (Unmatched<PersonFacts>(match) is { } unmatched) return unmatched;
            id = match.Value[0].Found;
        }

        return await caller.Post(
            "contacts_information", "/prospects/contacts_information/enrich", new { prospect_id = id },
            body => ExploriumReader.ContactsInformation(body) is { Emails.Count: > 0 } found ? found : null,
            cancellation, 1);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<SearchPage<CompanyFacts>>> SearchCompanies(
        CompanySearch search, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        var filters = Filters(
            ("company_name", search.CompanyName is { } name ? [name] : []),
            ("country_code", search.Locations),
            ("company_size", search.EmployeeRanges), ("linkedin_category", search.Keywords));
        return caller.Post(
            "businesses", "/businesses", Body(filters, search.Limit, search.Next), ExploriumReader.Businesses,
            cancellation, isRepeatable: true);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<SearchPage<PersonFacts>>> SearchPeople(
        PeopleSearch search, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        var filters = Filters(
            ("business_id", search.CompanyIds), ("job_title", search.Titles),
            ("job_level", search.Seniorities),
            ("country_code", search.Locations));
        return caller.Post(
            "prospects", "/prospects", Body(filters, search.Limit, search.Next), ExploriumReader.Prospects,
            cancellation, isRepeatable: true);
    }

    ProviderResult<T>? Unmatched<T>(ProviderResult<IReadOnlyList<Match>> match)
    {
        if (match.Failure is { } failure) return new(failure, match.Raw);
        return match.Value.Count > 0 && match.Value[0].Found is not null
            ? null
            : new(HttpVerdict.As(Name, FailureKind.NotFound, match.Raw!, "no match"), match.Raw);
    }

    static Dictionary<string, object> Filters(
        params ReadOnlySpan<(string Name, IReadOnlyList<string> Values)> filters)
    {
        Dictionary<string, object> body = [];
        foreach (var (name, values) in filters)
        {
            if (values.Count > 0) body[name] = new { values };
        }

        return body;
    }

    static object Body(Dictionary<string, object> filters, int limit, string? next)
    {
        var pageSize = Math.Clamp(limit, 1, MaxPageSize);
        var page = int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 1;
        return new { mode = "full", size = pageSize * page, page_size = pageSize, page, filters };
    }
}
