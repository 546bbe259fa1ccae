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

    // Constructed from the documented contract; there is no recording of these.
    [Fact]
    public async Task DataForSEO_orders_searches_and_fetches_what_they_found()
    {
        await using var server = await TestOutbound.Server();
        server.Play("dataforseo", RecordedAnswer.Json(
            """
            {"status_code":20000,"cost":0.0012,"tasks_count":3,"tasks_error":1,"tasks":[
             {"id":"t-1","status_code":20100,"status_message":"Task Created.","cost":0.0006,
              "data":{"keyword":"bakery","location_name":"Vienna,Vienna,Austria"},"result":null},
             {"id":"t-2","status_code":40501,"status_message":"Invalid Field: 'location_name'.","cost":0,
              "data":{"keyword":"bakery","location_name":"Nowhere"},"result":null},
             {"id":"t-3","status_code":20100,"status_message":"Task Created.","cost":0.0006,
              "data":{"keyword":"dentist","location_code":2840},"result":null}]}
            """));
        var orders = (await DataForSeo(server).OrderSearches(
            [("bakery", "Vienna,Vienna,Austria"), ("bakery", "Nowhere"), ("dentist", null)])).Value;
        server.Play("dataforseo", RecordedAnswer.Json(
            """
            {"status_code":20000,"tasks":[{"id":"x","status_code":20000,"result":[
             {"id":"t-1","se":"google",
              "endpoint_advanced":"/v3/serp/google/organic/task_get/advanced/t-1"}]}]}
            """));
        var done = (await DataForSeo(server).DoneSearches()).Value;
        server.Play("dataforseo", RecordedAnswer.Json(
            """
            {"status_code":20000,"tasks":[
             {"id":"t-3","status_code":40602,"status_message":"Task In Queue."}]}
            """));
        var waiting = (await DataForSeo(server).OrderedSearch("t-3")).Failure!;
        server.Play("dataforseo", "serp-google-organic-live-advanced.json");
        var page = (await DataForSeo(server).OrderedSearch("t/1")).Value;

        Assert.Equal(
            [new OrderedSearch("t-1", "bakery", "Vienna,Vienna,Austria"),
            new OrderedSearch("t-3", "dentist", null)], orders);
        Assert.Equal("t-1", Assert.Single(done).TaskId);
        Assert.Equal((FailureKind.Pending, true), (waiting.Kind, waiting.IsTemporary));
        Assert.Equal("example.com", page.Hits[0].Domain);
        Assert.EndsWith("/task_get/advanced/t%2F1", server.Requests[^1].Path, StringComparison.Ordinal);
        Assert.Equal(0.0012m, outbound.Budget.SpentToday("dataforseo"));
    }

    [Fact]
    public async Task DataForSEO_ranks_places_and_instant_pages_are_read()
    {
        await using var server = await TestOutbound.Server();
        server.Play("dataforseo", RecordedAnswer.Json(
            """
            {"status_code":20000,"cost":0.02009,"tasks":[{"id":"r","status_code":20000,
             "result":[{"items_count":4,"items":[
              {"type":"backlinks_bulk_ranks","target":"WWW.Acme.example","rank":37},
              {"target":"none.example","rank":null},{"target":"odd.example","rank":4000},
              {"target":"zero.example","rank":"0"}]}]}]}
            """));
        var ranks = (await DataForSeo(server).Ranks(["acme.example", "none.example", "zero.example"])).Value;
        server.Play("dataforseo", RecordedAnswer.Json(
            """
            {"status_code":20000,"cost":0,"tasks":[{"id":"l","status_code":20000,"result":[
             {"location_code":1000998,"location_name":"Vienna,Vienna,Austria","country_iso_code":"AT",
              "location_type":"City"},{"location_code":1}]}]}
            """));
        var places = (await DataForSeo(server).Places("AT")).Value;
        server.Play("dataforseo", RecordedAnswer.Json(
            """
            {"status_code":20000,"cost":0.00025,"tasks":[
             {"id":"a","status_code":20000,"result":[{"items":[{"url":"https://a.example/","status_code":200,
              "resource_type":"html","meta":{"title":"A"},"onpage_score":91.5,
              "checks":{"no_title":false,"is_broken":true}}]}]},
             {"id":"b","status_code":40501,"status_message":"Invalid Field: 'url'.","result":null}]}
            """));
        var pages = (await DataForSeo(server).InstantPages(["https://a.example/", "nothing"])).Value;

        Assert.Equal([new DomainRank("acme.example", 37), new DomainRank("zero.example", 0)], ranks);
        Assert.Equal(new SearchPlace("Vienna,Vienna,Austria", "AT", "City"), Assert.Single(places));
        var seen = Assert.Single(pages);
        Assert.Equal(
            ("https://a.example/", 200, "A", 91.5), (seen.Url, seen.HttpCode, seen.Title, seen.Score));
        Assert.Equal("is_broken", Assert.Single(seen.FailedChecks));
        Assert.Equal(0.02034m, outbound.Budget.SpentToday("dataforseo"));
        Assert.Contains("\"rank_scale\":\"one_hundred\"", server.Requests[0].Body, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => DataForSeo(server).InstantPages([.. Enumerable.Repeat("https://a.example/", 21)]));
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
