using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.PeopleDataLabs;

/// <summary>
/// Speaks to People Data Labs (https://docs.peopledatalabs.com, v5). No match is 404 and free.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class PeopleDataLabsClient(PeopleDataLabsOptions options, OutboundHttp outbound)
    : IEmailFinder, IPersonEnricher, ICompanyEnricher
{
    const int MaxBulk = 100;

    readonly ProviderCaller caller = new(
        outbound, options.Profile, options.BaseUrl, new Credential("X-Api-Key", options.ApiKey ?? ""),
        options.Problems());

    /// <inheritdoc/>
    public string Name => PeopleDataLabsOptions.Provider;

    /// <summary>Completes a word; free.</summary>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test("/autocomplete?field=title&text=chief&size=1", cancellation);

    /// <inheritdoc/>
    public Task<ProviderResult<PersonFacts>> EnrichPerson(
        PersonQuery person, CancellationToken cancellation = default) =>
        Enrich(person, null, cancellation);

    /// <inheritdoc/>
    public async Task<ProviderResult<PersonFacts>> FindEmail(
        PersonQuery person, CancellationToken cancellation = default)
    {
        // Asking only for people with an address keeps the credit otherwise.
        var result = await Enrich(person, "work_email OR personal_emails", cancellation);
        return result.IsOk && result.Value.Emails.Count == 0
            ? new(HttpVerdict.As(Name, FailureKind.NotFound, result.Raw!, "no address"), result.Raw)
            : result;
    }

    /// <summary>Up to a hundred people at once; null where nobody matched.</summary>
    public Task<ProviderResult<IReadOnlyList<PersonFacts?>>> EnrichPeople(
        IReadOnlyList<PersonQuery> people, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(people.Count, MaxBulk);
        var body = new
        {
            requests = people.Select(person => new
            {
                @params = new
                {
                    email = person.Email,
                    profile = person.LinkedInUrl,
                    pdl_id = person.ProviderId,
                    first_name = person.FirstName,
                    last_name = person.LastName,
                    company = person.Domain ?? person.CompanyName,
                    min_likelihood = options.MinLikelihood,
                },
            }),
        };
        return caller.Post(
            "person_bulk", "/person/bulk", body, PeopleDataLabsReader.PersonBulk, cancellation, people.Count,
            costOf: answer => Spent(answer)
                ?? PeopleDataLabsReader.PersonBulk(answer.Body).Count(person => person is not null));
    }

    /// <inheritdoc/>
    public Task<ProviderResult<CompanyFacts>> EnrichCompany(
        CompanyQuery company, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(company);
        var query = ProviderCaller.Query(
            ("website", company.Domain), ("name", company.CompanyName), ("profile", company.LinkedInUrl),
            ("pdl_id", company.ProviderId));
        return caller.Get(
            "company_enrich", "/company/enrich" + query, PeopleDataLabsReader.CompanyEnrich, cancellation, 1,
            Spent);
    }

    Task<ProviderResult<PersonFacts>> Enrich(
        PersonQuery person, string? required, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        var query = ProviderCaller.Query(
            ("email", person.Email), ("profile", person.LinkedInUrl), ("pdl_id", person.ProviderId),
            ("first_name", person.FirstName), ("last_name", person.LastName),
            ("company", person.Domain ?? person.CompanyName), ("required", required),
            ("min_likelihood", options.MinLikelihood.ToString(CultureInfo.InvariantCulture)));
        return caller.Get(
            "person_enrich", "/person/enrich" + query, PeopleDataLabsReader.PersonEnrich, cancellation, 1,
            Spent);
    }

    static decimal? Spent(Answer answer) => decimal.TryParse(
        answer.Header("x-call-credits-spent"), NumberStyles.Number, CultureInfo.InvariantCulture,
        out var spent)
        ? spent
        : null;
}
