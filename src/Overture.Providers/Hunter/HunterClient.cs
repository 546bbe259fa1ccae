using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.Hunter;

/// <summary>Speaks to Hunter (https://hunter.io/api-documentation/v2): finds and checks addresses.</summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class HunterClient(HunterOptions options, OutboundHttp outbound)
    : IEmailFinder, IEmailVerifier, IPersonEnricher, ICompanyEnricher
{
    const int MaxPageSize = 100;
    const decimal RowsPerCredit = 10;

    readonly ProviderCaller caller = new(
        outbound, options.Profile, options.BaseUrl, new Credential("X-API-KEY", options.ApiKey ?? ""),
        options.Problems());

    /// <inheritdoc/>
    public string Name => HunterOptions.Provider;

    /// <inheritdoc/>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test("/account", cancellation);

    /// <summary>What is left of the credits; free.</summary>
    public Task<ProviderResult<Allowance>> Account(CancellationToken cancellation = default) =>
        caller.Get("account", "/account", HunterReader.Account, cancellation);

    /// <summary>Addresses known at a domain; one credit per ten returned.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="limit">1 to 100; the free plan gives ten in all.</param>
    /// <param name="next">From the page before.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ProviderResult<SearchPage<PersonFacts>>> DomainSearch(
        string domain, int limit = 10, string? next = null, CancellationToken cancellation = default)
    {
        limit = Math.Clamp(limit, 1, MaxPageSize);
        var query = ProviderCaller.Query(
            ("domain", domain), ("limit", limit.ToString(CultureInfo.InvariantCulture)), ("offset", next));
        return caller.Get(
            "domain_search", "/domain-search" + query, HunterReader.DomainSearch, cancellation,
            Math.Ceiling(limit / RowsPerCredit),
            answer => Math.Ceiling(HunterReader.DomainSearch(answer.Body).Items.Count / RowsPerCredit));
    }

    /// <inheritdoc/>
    public Task<ProviderResult<PersonFacts>> FindEmail(
        PersonQuery person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        var handle = Spelling.LinkedIn(person.LinkedInUrl, "in")?.Split('/')[^1];
        var query = ProviderCaller.Query(
            ("domain", person.Domain), ("company", person.Domain is null ? person.CompanyName : null),
            ("linkedin_handle", person.Domain is null && person.CompanyName is null ? handle : null),
            ("first_name", person.FirstName), ("last_name", person.LastName));
        return caller.Get(
            "email_finder", "/email-finder" + query, HunterReader.EmailFinder, cancellation, 1,
            answer => HunterReader.EmailFinder(answer.Body) is null ? 0 : 1);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<EmailVerification>> Verify(
        string email, CancellationToken cancellation = default) =>
        caller.Get(
            "email_verifier", "/email-verifier" + ProviderCaller.Query(("email", email)),
            HunterReader.EmailVerifier, cancellation, 1);

    /// <summary>How many addresses are known at a domain; free.</summary>
    public Task<ProviderResult<IReadOnlyDictionary<string, decimal>>> EmailCount(
        string domain, CancellationToken cancellation = default) =>
        caller.Get(
            "email_count", "/email-count" + ProviderCaller.Query(("domain", domain)), HunterReader.EmailCount,
            cancellation);

    /// <inheritdoc/>
    public Task<ProviderResult<PersonFacts>> EnrichPerson(
        PersonQuery person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return caller.Get(
            "people_find", "/people/find" + ProviderCaller.Query(("email", person.Email)),
            HunterReader.PersonFind,
            cancellation, 1);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<CompanyFacts>> EnrichCompany(
        CompanyQuery company, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(company);
        return caller.Get(
            "companies_find", "/companies/find" + ProviderCaller.Query(("domain", company.Domain)),
            HunterReader.CompanyFind, cancellation, 1);
    }
}
