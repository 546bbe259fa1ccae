using Overture.Providers.Outbound;
using Overture.Providers.SecEdgar;
using Overture.Testing;

namespace Overture.Providers.Tests.SecEdgar;

public sealed class SecEdgarClientTests : IDisposable
{
    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Fact]
    public async Task The_recorded_day_is_collected_with_true_counts()
    {
        await using var server = await TestOutbound.Server();
        var progress = new CollectionProgress();

        var items = await Collect(server, new(2020, 3, 18), new(2020, 3, 18), progress);

        Assert.Equal(176, progress.Rows);
        Assert.Equal(progress.Rows, progress.Listed + progress.Duplicates);
        Assert.Equal(progress.Listed, items.Count);
        Assert.Equal(progress.Listed, progress.Parsed + progress.Missing + progress.Failed);
        Assert.Equal(0, progress.Failed);
        Assert.Null(progress.StoppedBy);
        Assert.Equal(items.Count, items.Select(item => item.Listed.Accession).Distinct().Count());
    }

    [Fact]
    public async Task Filings_at_hand_come_with_their_bytes_and_a_second_run_fetches_nothing()
    {
        await using var server = await TestOutbound.Server();
        var progress = new CollectionProgress();

        var items = await Collect(server, new(2023, 3, 11), new(2023, 3, 14), progress);

        var item = Assert.Single(items);
        Assert.Equal("0001968399-23-000002", item.Listed.Accession);
        Assert.Contains("<edgarSubmission>", System.Text.Encoding.UTF8.GetString(item.Raw!.Body),
            StringComparison.Ordinal);
        Assert.EndsWith("/1968399/000196839923000002/primary_doc.xml", item.Raw.Address.AbsolutePath,
            StringComparison.Ordinal);
        Assert.Equal(3, progress.DaysWithoutIndex);

        var again = new CollectionProgress();
        var known = items.Select(found => found.Listed.Accession).ToHashSet();
        Assert.Empty(await Collect(server, new(2023, 3, 11), new(2023, 3, 14), again, known));
        Assert.Equal((1, 1, 0), (again.Listed, again.Known, again.Fetched));
    }

    [Fact]
    public async Task A_whole_quarter_needs_one_index()
    {
        await using var server = await TestOutbound.Server();
        server.Fault("/Archives/edgar/data/", ProviderFault.Empty);
        var progress = new CollectionProgress();
        var client = Client(server);

        var index = await client.QuarterIndex(2024, 3, TestContext.Current.CancellationToken);
        server.Forget();
        await foreach (var _ in new FormDCollector(client).Collect(
            new(2024, 7, 1), new(2024, 9, 30), index.Value.Rows.Select(row => row.Accession).ToHashSet(),
            progress))
        {
        }

        Assert.Single(server.Requests);
        Assert.Equal(progress.Listed, progress.Known);
        Assert.True(progress.Listed > 1000, $"{progress.Listed} filings");
    }

    [Fact]
    public async Task A_missing_document_falls_back_to_the_submission_text()
    {
        await using var server = await TestOutbound.Server();
        var listed = new ListedFiling(
            "0000919574-09-006093", "D", new(2009, 3, 16), [new ListedIssuer(1456986, "")], 1);

        var filing = await Client(server).Filing(listed, TestContext.Current.CancellationToken);

        Assert.Equal("X0301", filing.Value.SchemaVersion);
        Assert.EndsWith(".txt", filing.Raw!.Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("403-undeclared-tool.html", FailureKind.Forbidden, 1)]
    [InlineData("403-rate-threshold.html", FailureKind.RateLimited, 1)]
    [InlineData("404-nosuchkey.xml", FailureKind.NotFound, 2)]
    public async Task Refusals_are_told_apart_whatever_their_code(string page, FailureKind kind, int requests)
    {
        await using var server = await TestOutbound.Server();
        var body = await File.ReadAllBytesAsync(TestOutbound.Data("providers/sec-edgar/constructed/" + page));
        foreach (var code in new[] { 200, 403, 404, 429 })
        {
            using var fresh = new TestOutbound();
            server.Forget();
            server.Play("Archives", new RecordedAnswer(code, "text/html", body));

            var index = await Client(server, fresh)
                .DailyIndex(new(2024, 1, 2), TestContext.Current.CancellationToken);

            Assert.Equal(kind, index.Failure!.Kind);
            Assert.Equal(requests, server.Requests.Count);
        }
    }

    [Fact]
    public async Task A_block_by_the_SEC_ends_the_collection_and_is_kept_to()
    {
        await using var server = await TestOutbound.Server();
        var body = await File.ReadAllBytesAsync(
            TestOutbound.Data("providers/sec-edgar/constructed/403-rate-threshold.html"));
        server.Play("Archives", new RecordedAnswer(403, "text/html", body));
        var progress = new CollectionProgress();

        await Collect(server, new(2024, 1, 1), new(2024, 1, 15), progress);
        await Collect(server, new(2024, 1, 1), new(2024, 1, 15), progress);

        Assert.Equal(FailureKind.RateLimited, progress.StoppedBy!.Kind);
        Assert.True(progress.StoppedBy.RetryAfter > TimeSpan.FromMinutes(10));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_declared_agent_is_sent_and_required()
    {
        await using var server = await TestOutbound.Server();

        await Client(server).Test(TestContext.Current.CancellationToken);

        Assert.Equal("Acme admin@acme.example", server.Requests[0].Headers["User-Agent"]);
        Assert.All(["", "Mozilla/5.0", "Acme", "@"], agent =>
            Assert.Single(new SecEdgarOptions { UserAgent = agent }.Problems()));
        Assert.Equal(2, new SecEdgarOptions { UserAgent = "", CallsPerSecond = 9 }.Problems().Count);
    }

    [Fact]
    public async Task The_server_never_sees_more_than_eight_requests_in_a_second()
    {
        await using var server = await TestOutbound.Server();
        using var real = new TestOutbound(TimeProvider.System);
        var client = Client(server, real);

        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => client.Test(TestContext.Current.CancellationToken)));

        Assert.Equal(20, server.Requests.Count);
        Assert.InRange(server.HighestRatePerSecond, 1, 8);
    }

    [Fact]
    public async Task Submissions_feed_and_search_are_read()
    {
        await using var server = await TestOutbound.Server();
        var client = Client(server);

        var apple = await client.Submissions(320193, TestContext.Current.CancellationToken);
        var older = await client.OlderSubmissions(
            apple.Value.OlderPages[0], TestContext.Current.CancellationToken);
        var notion = await client.Submissions(1781814, TestContext.Current.CancellationToken);
        var unknown = await client.Submissions(9, TestContext.Current.CancellationToken);
        var latest = await client.Latest(0, TestContext.Current.CancellationToken);
        var hits = await client.Search("x", new(2024, 1, 1), new(2024, 12, 31), 0,
            TestContext.Current.CancellationToken);

        Assert.Equal("Apple Inc.", apple.Value.Name);
        Assert.True(older.Value.Count > 900, $"{older.Value.Count} older filings");
        Assert.Equal("primary_doc.xml", notion.Value.Filings[0].Document);
        Assert.Equal("021-344001", notion.Value.Filings[1].FileNumber);
        Assert.Equal(FailureKind.NotFound, unknown.Failure!.Kind);
        Assert.All(latest.Value, filing =>
            Assert.True(filing is { Form: "D" or "D/A", Cik: > 0, FiledOn: not null }));
        Assert.Equal("Stonepeak Infrastructure Credit Fund II Rated Note Feeder LP", latest.Value[0].Name);
        Assert.Equal((658, true), (hits.Value.Total, hits.Value.IsTotalExact));
        Assert.Equal(["06b", "3C", "3C.7"], hits.Value.Hits[0].Items);
    }

    [Fact]
    public void The_older_shape_of_search_answers_is_read()
    {
        var hits = FullTextSearch.Read(
            File.ReadAllBytes(TestOutbound.Data("providers/sec-edgar/efts/search-index-2021-37d955.json")));

        Assert.Equal(6, hits.Total);
        Assert.All(hits.Hits, hit => Assert.Equal("10-K", hit.RootForm));
    }

    SecEdgarClient Client(ProviderServer server, TestOutbound? other = null) => new(
        new SecEdgarOptions
        {
            ArchivesBaseUrl = server.Url, DataBaseUrl = server.Url, SearchBaseUrl = server.Url,
            UserAgent = "Acme admin@acme.example",
        }, (other ?? outbound).Http);

    async Task<List<CollectedFiling>> Collect(
        ProviderServer server, DateOnly from, DateOnly to, CollectionProgress progress,
        HashSet<string>? known = null)
    {
        List<CollectedFiling> items = [];
        await foreach (var item in new FormDCollector(Client(server)).Collect(
            from, to, known ?? [], progress, TestContext.Current.CancellationToken))
            items.Add(item);
        return items;
    }
}
