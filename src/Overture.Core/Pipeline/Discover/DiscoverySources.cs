using Overture.Core.Model;
using Overture.Providers;
using Overture.Providers.Crawler;

namespace Overture.Core.Pipeline;

/// <summary>One proposal of a source.</summary>
public sealed record Found(string ExternalId, ProposalContent Content, bool IsMasked);

/// <summary>A page of proposals; Next goes on after it.</summary>
public sealed record FoundPage(IReadOnlyList<Found> Items, long? Total, string? Next, long? RawRecordId)
{
    public static FoundPage End { get; } = new([], 0, null, null);
}

/// <summary>The searches of a discovery, in the same words for every source.</summary>
public sealed class DiscoverySources(Questions questions, ProviderClients clients, TimeProvider time)
{
    readonly WebSource web = new(questions, clients);

    const int CompaniesAtOnce = 25;
    const int MostAddresses = 5;

    /// <summary>What a page costs, and what revealing one proposal costs later.</summary>
    public static (decimal PerPage, int PageSize, decimal PerLead) Price(
        string source, DiscoveryRules rules) =>
        source switch
        {
            "apollo" => (rules.NamesCompanies ? 1 : 0, rules.NamesCompanies ? CompaniesAtOnce : 100, 1),
            "explorium" => (0, 100, 1),
            "crunchbase" => (1, 100, 0),
            _ => (WebSource.PricePerSearch(rules), WebSource.HitsPerSearch, 0),
        };

    /// <summary>One page; a failure says why there is none.</summary>
    public async Task<Reply<FoundPage>> Page(
        Asker asker, string source, DiscoveryRules rules, int limit, string? next,
        CancellationToken cancel) =>
        source switch
        {
            "dataforseo" => await web.Page(asker, rules, next, cancel),
            "crunchbase" => await Companies(asker, source, rules, limit, next, cancel),
            _ => await People(asker, source, rules, limit, next, cancel),
        };

    /// <summary>
    /// What a site says of itself: addresses and a contact page; null when it may not be visited.
    /// </summary>
    public async Task<ProposalContent> Visit(
        Asker asker, ProposalContent found, CancellationToken cancel)
    {
        if (found.Domain is null) return found;
        if (await clients.Find<SiteCrawler>(
            asker.WorkspaceId, CrawlerOptions.Provider, cancel) is not { } crawler)
            return found;
        var site = await crawler.Visit(new Uri($"https://{found.Domain}/"), cancel);
        if (!site.IsOk) return found;
        var own = site.Value.Emails.Select(email => email.Email.Address).Where(address => Mail.EmailAddress
            .TryParse(address, out _, out _)).Take(MostAddresses).ToList();
        return found with
        {
            Addresses = own, Email = own.Count > 0 ? own[0] : null,
            ContactPage = site.Value.Pages.Select(page => page.Address.AbsoluteUri)
                .FirstOrDefault(address => address.Contains("contact", StringComparison.OrdinalIgnoreCase)
                    || address.Contains("kontakt", StringComparison.OrdinalIgnoreCase)),
        };
    }

    async Task<Reply<FoundPage>> People(
        Asker asker, string source, DiscoveryRules rules, int limit, string? next, CancellationToken cancel)
    {
        var search = new PeopleSearch
        {
            Titles = rules.Titles, Seniorities = Levels(source, rules.Seniorities),
            Locations = Places(source, rules.Countries), Limit = limit, Next = next,
        };
        if (!rules.NamesCompanies) return await PeoplePage(asker, source, search, null, cancel);
        var companies =
            await CompanyPage(asker, source, rules, Math.Min(limit, CompaniesAtOnce), next, cancel);
        if (companies.Value is not { } found)
            return new Reply<FoundPage>(companies.Kind) { Failure = companies.Failure, At = companies.At };
        string[] ids = [.. found.Items.Select(company => company.ProviderId).OfType<string>()];
        if (ids.Length == 0) return new Reply<FoundPage>(ReplyKind.Found, FoundPage.End);
        var people = await PeoplePage(
            asker, source, search with { CompanyIds = ids, Next = null }, found.Total, cancel);
        return people.Value is { } page ? people with { Value = page with { Next = found.Next } } : people;
    }

    async Task<Reply<FoundPage>> PeoplePage(
        Asker asker, string source, PeopleSearch search, long? companies, CancellationToken cancel)
    {
        var client = await clients.Get<IPeopleSearch>(asker.WorkspaceId, source, cancel);
        var reply = await questions.Ask(
            asker, source, source == "apollo" ? "people_search" : "prospects", search,
            stop => client.SearchPeople(search, stop), cancel);
        return Turn(reply, page => new FoundPage(
            [.. page.Items.Where(person => person.ProviderId is not null).Select(Person)],
            companies ?? page.Total, page.Items.Count == 0 ? null : page.Next, reply.RawRecordId));
    }

    async Task<Reply<FoundPage>> Companies(
        Asker asker, string source, DiscoveryRules rules, int limit, string? next, CancellationToken cancel)
    {
        var reply = await CompanyPage(asker, source, rules, limit, next, cancel);
        return Turn(reply, page => new FoundPage(
            [.. page.Items.Where(company => (company.ProviderId ?? company.Domain) is not null)
            .Select(Company)], page.Total, page.Items.Count == 0 ? null : page.Next, reply.RawRecordId));
    }

    async Task<Reply<SearchPage<CompanyFacts>>> CompanyPage(
        Asker asker, string source, DiscoveryRules rules, int limit, string? next, CancellationToken cancel)
    {
        var client = await clients.Get<ICompanySearch>(asker.WorkspaceId, source, cancel);
        var search = new CompanySearch
        {
            Keywords = [.. rules.Industries, .. rules.Keywords], Locations = Places(source, rules.Countries),
            EmployeeRanges = Ranges(rules), Limit = limit, Next = next,
            FundedSince = rules.FundedWithinDays is { } days
                ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-days)
                : null,
        };
        var operation = source switch
        {
            "apollo" => "organization_search",
            "crunchbase" => "search_organizations",
            _ => "businesses",
        };
        return await questions.Ask(
            asker, source, operation, search, stop => client.SearchCompanies(search, stop), cancel);
    }

    static Found Person(PersonFacts person) => new(
        person.ProviderId!,
        new ProposalContent
        {
            FullName = person.FullName, FirstName = person.FirstName, LastName = person.LastName,
            Title = person.Title ?? person.Headline, LinkedInUrl = person.LinkedInUrl,
            Country = person.Country, City = person.City,
            Email = person.Emails.Count > 0 ? person.Emails[0].Address : null,
            CompanyName = person.Company?.Name, Domain = WebDomain.Of(person.Company?.Domain),
            Industry = person.Company?.Industry, EmployeeCount = person.Company?.EmployeeCount,
            EmployeeRange = person.Company?.EmployeeRange,
        },
        person.IsMasked || person.LastName is null);

    static Found Company(CompanyFacts company) => new(
        company.ProviderId ?? company.Domain!,
        new ProposalContent
        {
            CompanyName = company.Name ?? company.Domain,
            Domain = WebDomain.Of(company.Domain ?? company.Website), Industry = company.Industry,
            Description = company.Description, Country = company.Country, City = company.City,
            EmployeeCount = company.EmployeeCount, EmployeeRange = company.EmployeeRange,
        },
        false);

    internal static Reply<FoundPage> Turn<T>(Reply<T> reply, Func<T, FoundPage> turn)
        where T : class =>
        new(reply.Kind == ReplyKind.Nothing ? ReplyKind.Found : reply.Kind,
            reply.Kind == ReplyKind.Nothing ? FoundPage.End : reply.Value is { } value ? turn(value) : null)
        {
            RawRecordId = reply.RawRecordId, At = reply.At, Failure = reply.Failure, IsKept = reply.IsKept,
        };

    static readonly (int From, int To, string Name)[] Sizes =
    [
        (1, 10, "1-10"), (11, 50, "11-50"), (51, 200, "51-200"), (201, 500, "201-500"),
        (501, 1000, "501-1000"), (1001, 5000, "1001-5000"), (5001, 10000, "5001-10000"),
        (10001, int.MaxValue, "10001+"),
    ];

    // Sources know ranges only: every range that the wanted one touches.
    static List<string> Ranges(DiscoveryRules rules) =>
        rules.EmployeesFrom is null && rules.EmployeesTo is null
        ? []
        : [.. Sizes.Where(size => size.To >= (rules.EmployeesFrom ?? 1)
            && size.From <= (rules.EmployeesTo ?? int.MaxValue)).Select(size => size.Name)];

    static List<string> Levels(string source, List<string> levels) =>
        [.. levels.Select(level => (source, level.ToLowerInvariant()) switch
        {
            ("apollo", "c_level") => "c_suite",
            ("explorium", "c_level") => "cxo",
            (_, var same) => same,
        })];

    static List<string> Places(string source, List<string> countries) =>
        source == "explorium" ? [.. countries.Select(country => country.ToLowerInvariant())] : countries;
}
