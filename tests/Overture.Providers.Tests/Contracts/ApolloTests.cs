using Overture.Providers.Apollo;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.Contracts;

public sealed class ApolloTests : IDisposable
{
    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Theory]
    [InlineData("search-people.json")]
    [InlineData("official-people-api-search-doc-200.json")]
    public async Task A_search_shows_masked_people_without_cost(string file)
    {
        await using var server = await TestOutbound.Server();
        server.Play("apollo", file);

        var found = await Client(server).SearchPeople(new PeopleSearch { Titles = ["CEO"] });

        Assert.NotEmpty(found.Value.Items);
        Assert.All(found.Value.Items, person =>
            Assert.True(person is { IsMasked: true, ProviderId: not null, Company.Name: not null }));
        Assert.All(found.Value.Items, person => Assert.Empty(person.Emails));
        Assert.True(found.Value.Total > 200_000_000);
        Assert.Equal("2", found.Value.Next);
        Assert.Equal(0, outbound.Budget.SpentToday("apollo"));
    }

    [Fact]
    public async Task A_match_gives_the_person_with_positions_and_company()
    {
        await using var server = await TestOutbound.Server();
        server.Play("apollo", "official-people-match-200.json");

        var tim = (await Client(server)
            .EnrichPerson(new PersonQuery { ProviderId = "64a7ff0cc4dfae00013df1a5" })).Value;

        Assert.Equal(("Tim Zheng", "Founder & CEO", "San Francisco"), (tim.FullName, tim.Title, tim.City));
        Assert.Equal(("tim@apollo.io", Deliverability.Valid), (tim.Emails[0].Address, tim.Emails[0].State));
        Assert.Equal(("Apollo", true), (tim.Positions[0].CompanyName, tim.Positions[0].IsCurrent));
        Assert.Equal("apollo.io", tim.Company!.Domain);
        Assert.Equal(1, outbound.Budget.SpentToday("apollo"));
    }

    [Fact]
    public async Task A_person_without_facts_is_read_and_a_null_person_is_no_match()
    {
        await using var server = await TestOutbound.Server();
        server.Play("apollo", "enrich-person.json");
        var bare = await Client(server).EnrichPerson(new PersonQuery { Email = "user@example.com" });
        server.Play("apollo", RecordedAnswer.Json("""{"person":null,"request_id":-5625285838247958000}"""));
        var nobody = await Client(server).EnrichPerson(new PersonQuery { Email = "user@example.com" });

        Assert.Null(bare.Value.FullName);
        Assert.Equal(FailureKind.NotFound, nobody.Failure!.Kind);
        Assert.Equal(1, outbound.Budget.SpentToday("apollo"));
    }

    [Fact]
    public async Task Companies_are_found_and_enriched()
    {
        await using var server = await TestOutbound.Server();
        server.Play("apollo", "organization-search.json");
        var page = await Client(server).SearchCompanies(new CompanySearch { EmployeeRanges = ["11-50"] });
        server.Play("apollo", "official-organizations-enrich-200.json");
        var apollo = (await Client(server).EnrichCompany(new CompanyQuery { Domain = "apollo.io" })).Value;

        var google = page.Value.Items[0];
        Assert.Equal(("Google", "google.com", 2010), (google.Name, google.Domain, google.FoundedYear));
        Assert.Equal(304930000000m, google.Revenue);
        Assert.Equal("2", page.Value.Next);
        Assert.Contains("\"11,50\"", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal((1600, 251200000m, "Series D"),
            (apollo.EmployeeCount, apollo.TotalFunding, apollo.LastFundingStage));
        Assert.Equal(new DateOnly(2023, 8, 1), apollo.LastFundedOn);
        Assert.NotEmpty(apollo.Technologies);
    }

    [Fact]
    public async Task A_batch_keeps_its_order_and_its_gaps()
    {
        await using var server = await TestOutbound.Server();
        server.Play("apollo", RecordedAnswer.Json(
            """
            {"status":"success","credits_consumed":1,"matches":[null,
            {"id":"1","name":"Ann Lee","email":"ann@example.com"}]}
            """));

        var people = await Client(server).EnrichPeople(
            [new PersonQuery { Email = "a@example.com" }, new PersonQuery { Email = "b@example.com" }]);

        Assert.Equal([null, "Ann Lee"], people.Value.Select(person => person?.FullName));
        Assert.Equal(1, outbound.Budget.SpentToday("apollo"));
    }

    [Theory]
    [InlineData("official-people-match-401.json", FailureKind.Unauthorised, "Invalid API key")]
    [InlineData("official-people-api-search-doc-403.json", FailureKind.Forbidden, "")]
    [InlineData("official-organizations-enrich-422.json", FailureKind.InvalidRequest, "domain")]
    [InlineData("official-people-bulk-match-400-more_than_10_people.json", FailureKind.InvalidRequest, "")]
    [InlineData("official-people-match-429.json", FailureKind.RateLimited, "600 times per hour")]
    public async Task Recorded_refusals_get_their_class(string file, FailureKind kind, string said)
    {
        await using var server = await TestOutbound.Server();
        server.Play("apollo", file);

        var result = await Client(server).EnrichPerson(new PersonQuery { Email = "a@example.com" });

        Assert.Equal(kind, result.Failure!.Kind);
        Assert.Contains(said, result.Failure.Said, StringComparison.Ordinal);
        if (kind == FailureKind.RateLimited) Assert.Equal(TimeSpan.FromHours(1), result.Failure.RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_result_still_running_is_pending()
    {
        await using var server = await TestOutbound.Server();
        server.Play("apollo",
            RecordedAnswer.Json("""{"error_code":"result_pending","retry_after_seconds":20}""", 404));

        var result = await Client(server).WebhookResult(-5625285838247958000);

        Assert.Equal((FailureKind.Pending, TimeSpan.FromSeconds(20)),
            (result.Failure!.Kind, result.Failure.RetryAfter));
        Assert.EndsWith("/-5625285838247958000", server.Requests[0].Path, StringComparison.Ordinal);
    }

    ApolloClient Client(ProviderServer server) => new(
        new ApolloOptions { BaseUrl = new(server.Url, "apollo/api/v1"), ApiKey = "secret-key" },
        outbound.Http);
}
