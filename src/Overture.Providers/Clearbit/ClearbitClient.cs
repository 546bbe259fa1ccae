using Overture.Providers.Outbound;

namespace Overture.Providers.Clearbit;

/// <summary>Speaks to Clearbit (API of 2019-12-19) for those who still have a contract.</summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class ClearbitClient(ClearbitOptions options, OutboundHttp outbound)
    : IPersonEnricher, ICompanyEnricher
{
    readonly ProviderCaller companies = Caller(options, outbound, options.CompanyBaseUrl);
    readonly ProviderCaller people = Caller(options, outbound, options.PersonBaseUrl);

    /// <inheritdoc/>
    public string Name => ClearbitOptions.Provider;

    /// <summary>There is no free call; a company that every key finds is asked for.</summary>
    public async Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        (await EnrichCompany(new CompanyQuery { Domain = "clearbit.com" }, cancellation)).Map(_ => true);

    /// <inheritdoc/>
    public Task<ProviderResult<CompanyFacts>> EnrichCompany(
        CompanyQuery company, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(company);
        return companies.Get(
            "company_find", "/companies/find" + ProviderCaller.Query(("domain", company.Domain)),
            ClearbitReader.CompanyFind, cancellation, 1);
    }

    /// <inheritdoc/>
    public Task<ProviderResult<PersonFacts>> EnrichPerson(
        PersonQuery person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return people.Get(
            "combined_find", "/combined/find" + ProviderCaller.Query(("email", person.Email)),
            ClearbitReader.CombinedFind, cancellation, 1);
    }

    static ProviderCaller Caller(ClearbitOptions options, OutboundHttp outbound, Uri baseUrl) =>
        new(outbound, options.Profile, baseUrl, Credential.Bearer(options.ApiKey ?? ""), options.Problems());
}
