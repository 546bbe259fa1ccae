using Overture.Providers.Apollo;
using Overture.Providers.Clearbit;
using Overture.Providers.Crunchbase;
using Overture.Providers.DataForSeo;
using Overture.Providers.Explorium;
using Overture.Providers.Hunter;
using Overture.Providers.HubSpot;
using Overture.Providers.Lemlist;
using Overture.Providers.Outbound;
using Overture.Providers.PeopleDataLabs;
using Overture.Providers.SecEdgar;

namespace Overture.Providers.Tests;

/// <summary>One typical call of every adapter, for what must hold of all of them.</summary>
sealed record Adapter(
    string Name, string Folder, string Good, bool IsRepeatable, decimal Cost,
    Func<Uri, OutboundHttp, decimal?, Task<ProviderFailure?>> Call)
{
    public static readonly IReadOnlyList<Adapter> All =
    [
        new("sec_edgar", "sec-edgar", "", true, 0, async (url, http, _) => (await new SecEdgarClient(
            new SecEdgarOptions { ArchivesBaseUrl = url, DataBaseUrl = url, SearchBaseUrl = url,
                UserAgent = "Acme a@acme.example" },
            http).Submissions(320193)).Failure),
        new("hunter", "hunter", "email-verifier-2026.json", true, 1, async (url, http, cap) =>
            (await new HunterClient(
            new HunterOptions { BaseUrl = url, ApiKey = "the-secret", DailyBudgetCredits = cap }, http)
            .Verify("a@example.com")).Failure),
        new("apollo", "apollo", "official-people-match-200.json", false, 1, async (url, http, cap) =>
            (await new ApolloClient(
            new ApolloOptions { BaseUrl = url, ApiKey = "the-secret", DailyBudgetCredits = cap }, http)
            .EnrichPerson(new PersonQuery { Email = "a@example.com" })).Failure),
        new("people_data_labs", "pdl", "person-enrich-200.json", true, 1, async (url, http, cap) =>
            (await new PeopleDataLabsClient(
            new PeopleDataLabsOptions { BaseUrl = url, ApiKey = "the-secret", DailyBudgetCredits = cap },
            http)
            .EnrichPerson(new PersonQuery { Email = "a@example.com" })).Failure),
        new("clearbit", "clearbit", "companies-find-constructed.json", true, 1, async (url, http, cap) =>
            (await new ClearbitClient(
            new ClearbitOptions { CompanyBaseUrl = url, PersonBaseUrl = url, ApiKey = "the-secret",
                DailyBudgetLookups = cap }, http)
            .EnrichCompany(new CompanyQuery { Domain = "example.com" })).Failure),
        new("explorium", "explorium", "businesses-firmographics-enrich.json", false, 1,
            async (url, http, cap) => (await new ExploriumClient(
            new ExploriumOptions { BaseUrl = url, ApiKey = "the-secret", DailyBudgetCredits = cap }, http)
            .EnrichCompany(new CompanyQuery { ProviderId = "x" })).Failure),
        new("crunchbase", "crunchbase", "search-organizations-constructed.json", true, 1,
            async (url, http, cap) => (await new CrunchbaseClient(
            new CrunchbaseOptions { BaseUrl = url, UserKey = "the-secret", DailyBudgetCalls = cap }, http)
            .SearchCompanies(new CompanySearch())).Failure),
        new("dataforseo", "dataforseo", "serp-google-organic-live-advanced.json", false, 0.002m,
            async (url, http, cap) => (await new DataForSeoClient(
            new DataForSeoOptions { BaseUrl = url, Login = "me", ApiPassword = "the-secret",
                DailyBudgetDollars = cap }, http)
            .Search("x")).Failure),
        new("hubspot", "hubspot", "list-contacts.json", true, 1, async (url, http, cap) =>
            (await new HubSpotClient(
            new HubSpotOptions { BaseUrl = url, AccessToken = "the-secret", DailyBudgetCalls = cap }, http)
                .Contacts()).Failure),
        new("lemlist", "lemlist", "campaigns-v2-constructed.json", true, 1, async (url, http, cap) =>
            (await new LemlistClient(
            new LemlistOptions { BaseUrl = url, ApiKey = "the-secret", DailyBudgetCalls = cap }, http)
                .Campaigns()).Failure),
    ];

    public static TheoryData<string> Names => [.. All.Select(adapter => adapter.Name)];

    public static Adapter Of(string name) => All.First(adapter => adapter.Name == name);
}
