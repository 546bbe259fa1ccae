using Overture.Core.Model;
using Overture.Providers;
using Overture.Providers.Apollo;
using Overture.Providers.Explorium;
using Overture.Providers.Outbound;
using Overture.Providers.PeopleDataLabs;

namespace Overture.Core.Pipeline;

/// <summary>
/// The questions of the waterfall, in the same words for every provider. A question that a provider cannot
/// answer from what is known is not put, because it would cost and fail.
/// </summary>
public sealed class ProviderQuestions(Questions questions, ProviderClients clients)
{
    static readonly string[] NeedDomain = ["hunter", "clearbit", "explorium"];
    static readonly string[] NeedAddress = ["hunter", "clearbit", "hubspot"];

    public async Task<Reply<CompanyFacts>?> OfCompany(
        Asker asker, string provider, Company company, CancellationToken cancel)
    {
        if (company.Domain is null && NeedDomain.Contains(provider)) return null;
        if (await clients.Find<ICompanyEnricher>(asker.WorkspaceId, provider, cancel) is not { } client)
            return null;
        var query = new CompanyQuery
        {
            Domain = company.Domain, CompanyName = company.Domain is null ? company.Name : null,
        };
        return await questions.Ask(
            asker, provider, CompanyOperation(provider), query, stop => client.EnrichCompany(query, stop),
            cancel);
    }

    public async Task<Reply<PersonFacts>?> OfPerson(
        Asker asker, string provider, Contact contact, Company? company, CancellationToken cancel)
    {
        var query = About(contact, company) with { Email = contact.Email, LinkedInUrl = contact.LinkedInUrl };
        if (contact.Email is null && NeedAddress.Contains(provider)) return null;
        if (query is { Email: null, LinkedInUrl: null } && !IsNamed(query)) return null;
        if (await clients.Find<IPersonEnricher>(asker.WorkspaceId, provider, cancel) is not { } client)
            return null;
        return await questions.Ask(
            asker, provider, PersonOperation(provider), query, stop => client.EnrichPerson(query, stop),
            cancel);
    }

    public async Task<Reply<PersonFacts>?> OfAddress(
        Asker asker, string provider, Contact contact, Company? company, CancellationToken cancel)
    {
        var query = About(contact, company) with { LinkedInUrl = contact.LinkedInUrl };
        if (!IsNamed(query)) return null;
        if (await clients.Find<IEmailFinder>(asker.WorkspaceId, provider, cancel) is not { } client)
            return null;
        return await questions.Ask(
            asker, provider, EmailOperation(provider), query, stop => client.FindEmail(query, stop), cancel);
    }

    public async Task<Reply<EmailVerification>?> Verify(
        Asker asker, string provider, string email, CancellationToken cancel)
    {
        if (await clients.Find<IEmailVerifier>(asker.WorkspaceId, provider, cancel) is not { } client)
            return null;
        return await questions.Ask(
            asker, provider, "email_verifier", new { email = email.ToLowerInvariant() },
            stop => client.Verify(email, stop), cancel);
    }

    /// <summary>A person a search showed with a masked name, in full.</summary>
    public async Task<Reply<PersonFacts>> Unmask(
        Asker asker, string provider, string providerId, CancellationToken cancel)
    {
        var client = await clients.Get<IEmailFinder>(asker.WorkspaceId, provider, cancel);
        var query = new PersonQuery { ProviderId = providerId };
        // Apollo tells name and address in one answer; a person without address is worth having, too.
        Func<CancellationToken, Task<ProviderResult<PersonFacts>>> call = client is IPersonEnricher enricher
            ? stop => enricher.EnrichPerson(query, stop)
            : stop => client.FindEmail(query, stop);
        return await questions.Ask(asker, provider, EmailOperation(provider), query, call, cancel);
    }

    // The adapter's name of the call whose bytes are kept, so that they can be read again.
    static string EmailOperation(string provider) => provider switch
    {
        ApolloOptions.Provider => "people_match",
        PeopleDataLabsOptions.Provider => "person_enrich",
        ExploriumOptions.Provider => "contacts_information",
        _ => "email_finder",
    };

    static string PersonOperation(string provider) => provider switch
    {
        ApolloOptions.Provider => "people_match",
        PeopleDataLabsOptions.Provider => "person_enrich",
        "clearbit" => "combined_find",
        "hubspot" => "contact",
        _ => "people_find",
    };

    static string CompanyOperation(string provider) => provider switch
    {
        ApolloOptions.Provider => "organization_enrich",
        PeopleDataLabsOptions.Provider => "company_enrich",
        ExploriumOptions.Provider => "firmographics",
        "clearbit" => "company_find",
        "crunchbase" => "search_organizations",
        _ => "companies_find",
    };

    static PersonQuery About(Contact contact, Company? company)
    {
        var words = contact.FullName.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new PersonQuery
        {
            FirstName = contact.FirstName ?? (words.Length > 1 ? words[0] : null),
            LastName = contact.LastName ?? (words.Length > 1 ? words[^1] : null),
            Domain = company?.Domain,
            CompanyName = company?.Domain is null ? company?.Name : null,
        };
    }

    static bool IsNamed(PersonQuery query) =>
        query is { FirstName: not null, LastName: not null } && (query.Domain ?? query.CompanyName) is not null;
}
