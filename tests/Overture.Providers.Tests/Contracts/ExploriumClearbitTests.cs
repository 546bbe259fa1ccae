using Overture.Providers.Clearbit;
using Overture.Providers.Explorium;
using Overture.Providers.Hunter;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.Contracts;

public sealed class ExploriumClearbitTests : IDisposable
{
    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Fact]
    public async Task Explorium_matches_and_then_enriches()
    {
        await using var server = await TestOutbound.Server();

        var company = await Explorium(server).EnrichCompany(new CompanyQuery { Domain = "microsoft.com" });

        Assert.Equal(("Microsoft Corporation", "microsoft.com", "10001+", "MSFT"), (
            company.Value.Name, company.Value.Domain, company.Value.EmployeeRange, company.Value.Ticker));
        Assert.Equal(["/explorium/v1/businesses/match", "/explorium/v1/businesses/firmographics/enrich"],
            server.Requests.Select(r => r.Path));
        Assert.Contains("a34bacf839b923770b2c360eefa26748", server.Requests[1].Body,
            StringComparison.Ordinal);
        Assert.Equal("secret-key", server.Requests[0].Headers["api_key"]);
        Assert.Equal(1, outbound.Budget.SpentToday("explorium"));
    }

    [Fact]
    public async Task Explorium_searches_keep_partial_rows()
    {
        await using var server = await TestOutbound.Server();

        var people =
            (await Explorium(server).SearchPeople(new PeopleSearch { Seniorities = ["c-suite"] })).Value;
        var companies = (await Explorium(server).SearchCompanies(new CompanySearch())).Value;
        var matches =
            (await Explorium(server).MatchPeople([new PersonQuery { Email = "x@example.org" }])).Value;

        Assert.Equal([("John Doe", "CFO"), ("Jane Smith", "HR Director")],
            people.Items.Select(p => (p.FullName!, p.Title!)));
        Assert.Equal("https://www.linkedin.com/in/john", people.Items[0].LinkedInUrl);
        Assert.Null(people.Next);
        Assert.Equal(
            (777, "2", "51-200"), (companies.Total, companies.Next, companies.Items[0].EmployeeRange));
        Assert.Equal(
            ["ee936e451b50c70e068e1b54e106cb89173198c4", null], matches.Select(match => match.Found));
    }

    [Fact]
    public async Task Explorium_reads_the_misspelt_address_and_ranges_as_objects()
    {
        await using var server = await TestOutbound.Server();
        server.Play("explorium", RecordedAnswer.Json(
            """
            {"data":{"professions_email":"jane@acme.example",
            "professional_email_status":"catch-all","mobile_phone":15550100,
            "number_of_employees_range":{"min":11,"max":50},"name":"Acme"}}
            """));

        var email = await Explorium(server).FindEmail(new PersonQuery { ProviderId = "p1" });
        var company = await Explorium(server).EnrichCompany(new CompanyQuery { ProviderId = "c1" });

        Assert.Equal(("jane@acme.example", Deliverability.Risky),
            (email.Value.Emails[0].Address, email.Value.Emails[0].State));
        Assert.Equal(["15550100"], email.Value.Phones);
        Assert.Equal("11-50", company.Value.EmployeeRange);
    }

    [Theory]
    [InlineData("error-403-credits.json", FailureKind.QuotaExhausted)]
    [InlineData("error-422-validation.json", FailureKind.InvalidRequest)]
    [InlineData("error-429.json", FailureKind.RateLimited)]
    public async Task Explorium_refusals_get_their_class(string file, FailureKind kind)
    {
        await using var server = await TestOutbound.Server();
        server.Play("explorium", file);

        var result = await Explorium(server).SearchCompanies(new CompanySearch());

        Assert.Equal(kind, result.Failure!.Kind);
        Assert.NotEmpty(result.Failure.Said);
        if (kind == FailureKind.RateLimited) Assert.Equal(TimeSpan.FromMinutes(1), result.Failure.RetryAfter);
    }

    [Fact]
    public async Task Clearbits_company_is_the_same_directly_and_behind_Hunter()
    {
        await using var server = await TestOutbound.Server();

        var direct = await Clearbit(server).EnrichCompany(new CompanyQuery { Domain = "example.com" });
        var body = System.Text.Encoding.UTF8.GetString(direct.Raw!.Body);
        server.Play("hunter", RecordedAnswer.Json("{\"data\":" + body + ",\"meta\":{}}"));
        var hunter = new HunterClient(
            new HunterOptions { BaseUrl = new(server.Url, "hunter/v2"), ApiKey = "k" }, outbound.Http);
        var same = await hunter.EnrichCompany(new CompanyQuery { Domain = "example.com" });

        Assert.Equal(("Example", 120L, "51-250", 12000000m, "San Francisco"), (
            direct.Value.Name, direct.Value.EmployeeCount, direct.Value.EmployeeRange,
            direct.Value.TotalFunding, direct.Value.City));
        Assert.Equal("https://www.linkedin.com/company/example", direct.Value.LinkedInUrl);
        Assert.Equal(ProviderParse.ToJson(direct.Value), ProviderParse.ToJson(same.Value));
    }

    [Fact]
    public async Task Clearbit_says_that_it_is_closed_and_queues_are_pending()
    {
        await using var server = await TestOutbound.Server();
        server.Play("clearbit", "lookup-202.json");

        var queued = await Clearbit(server).EnrichPerson(new PersonQuery { Email = "a@example.com" });
        var closed = await new ClearbitClient(new ClearbitOptions(), outbound.Http)
            .EnrichCompany(new CompanyQuery { Domain = "x.example" });

        Assert.Equal(FailureKind.Pending, queued.Failure!.Kind);
        Assert.Equal(FailureKind.NotConfigured, closed.Failure!.Kind);
        Assert.Contains("closed to new customers", closed.Failure.Sentence, StringComparison.Ordinal);
    }

    ExploriumClient Explorium(ProviderServer server) => new(
        new ExploriumOptions { BaseUrl = new(server.Url, "explorium/v1"), ApiKey = "secret-key" },
        outbound.Http);

    ClearbitClient Clearbit(ProviderServer server) => new(
        new ClearbitOptions
        {
            CompanyBaseUrl = new(server.Url, "clearbit/v2"), PersonBaseUrl = new(server.Url, "clearbit/v2"),
            ApiKey = "sk_x",
        }, outbound.Http);
}
