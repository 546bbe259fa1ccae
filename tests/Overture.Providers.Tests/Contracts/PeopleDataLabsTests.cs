using Overture.Providers.Outbound;
using Overture.Providers.PeopleDataLabs;
using Overture.Testing;

namespace Overture.Providers.Tests.Contracts;

public sealed class PeopleDataLabsTests : IDisposable
{
    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Fact]
    public async Task A_person_comes_with_work_address_first()
    {
        await using var server = await TestOutbound.Server();
        server.Play("pdl", "person-enrich-200.json");

        var jane = (
            await Client(server).EnrichPerson(new PersonQuery { Email = "jane@growthgenius.example" })).Value;

        Assert.Equal(("jane sample", "co-founder and chief executive officer", 0.9),
            (jane.FullName, jane.Title, jane.Confidence));
        Assert.Equal(
            [("jane@growthgenius.example", "work"), ("jane.sample@example.org", "personal")],
            jane.Emails.Select(email => (email.Address, email.Kind!)));
        Assert.Equal(["+15550100000"], jane.Phones);
        Assert.Equal("https://www.linkedin.com/in/janesample", jane.LinkedInUrl);
        Assert.Equal(("growthgenius", "growthgenius.example", "11-50"),
            (jane.Company!.Name, jane.Company.Domain, jane.Company.EmployeeRange));
        Assert.Equal(("2015-03", true), (jane.Positions[0].StartedOn, jane.Positions[0].IsCurrent));
        Assert.Equal(1, outbound.Budget.SpentToday("people_data_labs"));
    }

    [Fact]
    public async Task Booleans_of_the_free_plan_are_absent_facts()
    {
        await using var server = await TestOutbound.Server();
        server.Play("pdl", "person-enrich-200-free-plan-booleans.json");

        var jane = (
            await Client(server).EnrichPerson(new PersonQuery { Email = "jane@growthgenius.example" })).Value;
        var email = await Client(server).FindEmail(new PersonQuery { Email = "jane@growthgenius.example" });

        Assert.Equal("jane sample", jane.FullName);
        Assert.Empty(jane.Emails);
        Assert.Empty(jane.Phones);
        Assert.Equal("toronto", jane.City);
        Assert.Equal(FailureKind.NotFound, email.Failure!.Kind);
    }

    [Fact]
    public async Task A_company_and_a_batch_are_read()
    {
        await using var server = await TestOutbound.Server();
        server.Play("pdl", "company-enrich-200.json");
        var company =
            (await Client(server).EnrichCompany(new CompanyQuery { Domain = "growthgenius.example" })).Value;
        server.Play("pdl", "person-bulk-200.json");
        var people = await Client(server).EnrichPeople(
            [new PersonQuery { Email = "a@x.example" }, new PersonQuery { Email = "b@x.example" }]);

        Assert.Equal(("GrowthGenius", 26, 3500000m, "seed"),
            (company.Name, company.EmployeeCount, company.TotalFunding, company.LastFundingStage));
        Assert.Equal(["jane sample", null], people.Value.Select(person => person?.FullName));
    }

    [Theory]
    [InlineData("error-400.json", FailureKind.InvalidRequest)]
    [InlineData("error-401.json", FailureKind.Unauthorised)]
    [InlineData("error-402.json", FailureKind.QuotaExhausted)]
    [InlineData("person-enrich-404.json", FailureKind.NotFound)]
    public async Task Refusals_get_their_class_and_cost_nothing(string file, FailureKind kind)
    {
        await using var server = await TestOutbound.Server();
        server.Play("pdl", file);

        var result = await Client(server).EnrichPerson(new PersonQuery { Email = "a@example.com" });

        Assert.Equal(kind, result.Failure!.Kind);
        Assert.NotEmpty(result.Failure.Said);
        Assert.Equal(0, outbound.Budget.SpentToday("people_data_labs"));
    }

    [Fact]
    public async Task The_end_of_the_window_is_waited_for()
    {
        await using var server = await TestOutbound.Server();
        var reset = outbound.Time.GetUtcNow().AddSeconds(40).ToString("yyyy-MM-ddTHH:mm:ssZ");
        server.Play("pdl",
            RecordedAnswer.Json("""{"status":429,"error":{"type":["rate_limit_error"],"message":"slow"}}""",
                429)
            with { Headers = new Dictionary<string, string> { ["x-ratelimit-reset"] = reset } });

        var result = await Client(server).EnrichPerson(new PersonQuery { Email = "a@example.com" });

        Assert.Equal(FailureKind.RateLimited, result.Failure!.Kind);
        Assert.InRange(outbound.Skipping.Pauses[0].TotalSeconds, 39, 41);
    }

    PeopleDataLabsClient Client(ProviderServer server) => new(
        new PeopleDataLabsOptions { BaseUrl = new(server.Url, "pdl/v5"), ApiKey = "secret-key" },
        outbound.Http);
}
