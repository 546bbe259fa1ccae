using Overture.Providers.Crunchbase;
using Overture.Providers.DataForSeo;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.Contracts;

public sealed class CrunchbaseDataForSeoTests : IDisposable
{
    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Fact]
    public async Task Crunchbase_searches_entities_and_completions_are_read()
    {
        await using var server = await TestOutbound.Server();

        var page = (await Crunchbase(server)
            .SearchCompanies(new CompanySearch { FundedSince = new(2026, 1, 1) })).Value;
        var one = (await Crunchbase(server).EnrichCompany(new CompanyQuery { ProviderId = "konsus" })).Value;
        var names = (await Crunchbase(server).Autocomplete("stream")).Value;

        var first = page.Items[0];
        Assert.Equal(("Superside", "superside.com", "501-1000", "series_a"),
            (first.Name, first.Domain, first.EmployeeRange, first.LastFundingStage));
        Assert.Equal((35600000m, new DateOnly(2026, 2, 2)), (first.TotalFunding, first.LastFundedOn));
        Assert.Equal(("Palo Alto", "California", "United States"), (first.City, first.Region, first.Country));
        Assert.Equal((3121, "uuid-2", "Acme Robotics"), (page.Total, page.Next, page.Items[1].Name));
        Assert.Equal("845c51da-c6c9-a090-e3ac-36ac02728bea", one.ProviderId);
        Assert.Equal(["Stream", "Steam"], names.Items.Select(company => company.Name));
        Assert.Equal("secret-key", server.Requests[0].Headers["X-cb-user-key"]);
    }

    [Fact]
    public async Task Crunchbase_errors_of_both_shapes_get_their_class()
    {
        await using var server = await TestOutbound.Server();
        server.Play("crunchbase", "errors-constructed.json");
        List<ProviderFailure> failures = [];

        for (var i = 0; i < 3; i++) failures.Add((await Crunchbase(server).Autocomplete("x")).Failure!);

        Assert.Equal([FailureKind.Unauthorised, FailureKind.NotFound, FailureKind.InvalidRequest],
            failures.Select(f => f.Kind));
        Assert.Equal(
            ["Unauthorized user_key", "Entity not found: organizations/nope", "Field not allowed: foo"],
            failures.Select(f => f.Said));
    }

    [Fact]
    public async Task DataForSEO_results_and_costs_are_read()
    {
        await using var server = await TestOutbound.Server();

        var page = (await DataForSeo(server).Search("test keyword")).Value;
        var ordered = (await DataForSeo(server).OrderCrawl("dataforseo.com")).Value;
        var crawl = (await DataForSeo(server).Crawl(ordered.TaskId!)).Value;
        server.Play("dataforseo", "serp-yahoo-empty.json");
        var empty = (await DataForSeo(server).Search("instagram")).Value;

        Assert.Equal(("test keyword", 1234567L), (page.Keyword, page.Total));
        Assert.Equal(("example.com", "https://example.com/test-page", 1),
            (page.Hits[0].Domain, page.Hits[0].Url, page.Hits[0].Rank));
        Assert.Contains("ai_overview", page.ItemKinds);
        Assert.Equal((true, "example.com", "wordpress", 10, 92.5),
            (crawl.IsFinished, crawl.Domain, crawl.Software, crawl.PageCount, crawl.Score));
        Assert.False(ordered.IsFinished);
        Assert.Empty(empty.Hits);
        Assert.Equal(0.006m, outbound.Budget.SpentToday("dataforseo"));
        Assert.StartsWith("[{", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataForSEO_errors_inside_success_are_seen()
    {
        await using var server = await TestOutbound.Server();
        List<ProviderFailure> failures = [];
        foreach (var code in new[] { 40501, 40100, 40200, 40202, 40400, 40602, 50000 })
        {
            using var fresh = new TestOutbound();
            server.Play("dataforseo", RecordedAnswer.Json(
                $$"""
                {"status_code":20000,"tasks":[{"id":"x","status_code":{{code}},
                "status_message":"Why.","result":null}]}
                """));
            failures.Add((await DataForSeo(server, fresh).Search("x")).Failure!);
        }

        Assert.Equal(
            [
                FailureKind.InvalidRequest, FailureKind.Unauthorised, FailureKind.QuotaExhausted,
                FailureKind.RateLimited,
                FailureKind.NotFound, FailureKind.Pending, FailureKind.Unavailable,
            ], failures.Select(failure => failure.Kind));
        Assert.All(failures, failure => Assert.Contains("Why.", failure.Said, StringComparison.Ordinal));
    }

    CrunchbaseClient Crunchbase(ProviderServer server) => new(
        new CrunchbaseOptions { BaseUrl = new(server.Url, "crunchbase/v4/data"), UserKey = "secret-key" },
        outbound.Http);

    DataForSeoClient DataForSeo(ProviderServer server, TestOutbound? other = null) => new(
        new DataForSeoOptions { BaseUrl = new(server.Url, "dataforseo/v3"), Login = "me",
            ApiPassword = "pass" },
        (other ?? outbound).Http);
}
