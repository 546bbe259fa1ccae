using System.Runtime.Versioning;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Providers.SecEdgar;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class CollectSecEdgarTests : IDisposable
{
    const string NoData = "outside test data is absent";

    readonly string folder = Directory.CreateTempSubdirectory("overture-edgar-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string? Data => SharedData.PathOf("providers");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Two_nodes_together_stay_below_what_the_sec_allows()
    {
        const int Enough = 70;
        Assert.SkipWhen(Data is null, NoData);
        await using var server = await ProviderServer.Start(Data);
        await using var test = await TestWorkspace.Create(TimeProvider.System, server.Url);
        await using var other = await TestWorkspace.Join(
            test.ConnectionString, await test.Get<Workspaces>().Add("Other", "UTC", Cancel),
            TimeProvider.System, server.Url);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var day = new DateOnly(2020, 3, 18);
        Task[] nodes =
        [
            .. new[] { test, other }.Select(async node =>
            {
                var client = await node.Get<ProviderClients>().SecEdgar(node.Id, enough.Token);
                var collector = new FormDCollector(client);
                await foreach (var _ in collector.Collect(
                    day, day, new HashSet<string>(), new CollectionProgress(), enough.Token))
                    if (server.Requests.Count >= Enough) await enough.CancelAsync();
            }),
        ];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(nodes));
        var rate = server.HighestRatePerSecond;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{server.Requests.Count} requests of two nodes, at most {rate} within a second");
        Assert.InRange(rate, 5, 8);
    }

    [Theory]
    [InlineData("20200318", "2020-03-18")]
    [InlineData("20221003", "2022-10-03")]
    public async Task A_complete_index_is_read_exactly(string name, string day)
    {
        Assert.SkipWhen(Data is null, NoData);
        var file = Path.Combine(Data, "sec-edgar", "index", $"form.{name}.idx");
        Assert.SkipUnless(File.Exists(file), NoData);
        var rows = File.ReadLines(file).SkipWhile(line => !line.StartsWith("-----", StringComparison.Ordinal))
            .Skip(1).Where(line => line.Length > 0).ToList();
        var expected = rows.Where(line => line.StartsWith("D ", StringComparison.Ordinal)
            || line.StartsWith("D/A ", StringComparison.Ordinal)).ToList();
        await using var server = await ProviderServer.Start(Data);
        await using var test = await TestWorkspace.Create(TimeProvider.System, server.Url);
        var client = await test.Get<ProviderClients>().SecEdgar(test.Id, Cancel);
        var started = TimeProvider.System.GetTimestamp();
        var index = await client.DailyIndex(DateOnly.Parse(day), Cancel);
        var took = TimeProvider.System.GetElapsedTime(started);
        Assert.True(index.IsOk, index.Failure?.Sentence);
        Assert.Equal(expected.Count, index.Value.Rows.Count);
        Assert.Empty(index.Value.Malformed);
        var listed = FilingIndex.Distinct(index.Value.Rows).ToList();
        Assert.Equal(
            expected.Select(line => line.TrimEnd().Split('/')[^1]).Distinct().Count(), listed.Count);
        Assert.Equal(expected.Count, listed.Sum(filing => filing.ListingCount));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {rows.Count} rows, {expected.Count} of Form D, {listed.Count} filings, "
            + $"{rows.Count / took.TotalSeconds:N0} rows/s");
    }

    [Fact]
    public async Task A_real_day_of_which_hardly_a_filing_is_at_hand_is_summed_up_truly()
    {
        Assert.SkipWhen(Data is null, NoData);
        await using var server = await ProviderServer.Start(Data);
        await using var test = await TestWorkspace.Create(new HastyTime(), server.Url);
        var listed = File.ReadLines(Path.Combine(Data, "sec-edgar", "index", "form.20200318.idx"))
            .Where(line => line.StartsWith("D ", StringComparison.Ordinal)
                || line.StartsWith("D/A ", StringComparison.Ordinal))
            .Select(line => line.TrimEnd().Split('/')[^1]).ToList();
        var summary = await Collect(test, "2020-03-18", "2020-03-18");
        Assert.Equal(176, listed.Count);
        Assert.Equal(listed.Count, summary.Rows);
        Assert.Equal(listed.Distinct().Count(), summary.Listed);
        Assert.Equal(listed.Count - summary.Listed, summary.Duplicates);
        await IsTrue(test, summary);
    }

    [Fact]
    public async Task Filings_of_a_real_day_become_companies_people_and_leads_once()
    {
        Assert.SkipWhen(Data is null, NoData);
        await using var server = await ProviderServer.Start(Data);
        await using var test = await TestWorkspace.Create(new HastyTime(), server.Url);
        var first = await Collect(test, "2024-04-17", "2024-04-17");
        Assert.Equal((46, 2, 44), (first.Listed, first.Parsed, first.Missing));
        await IsTrue(test, first);
        Assert.Equal(0, await test.Ask<long>("select count(*) from contacts where coalesce(title, '') = ''"));
        var before = await Everything(test);
        var second = await Collect(test, "2024-04-17", "2024-04-17");
        Assert.Equal((2, 0, 44), (second.Known, second.Parsed, second.Missing));
        Assert.Equal((0, 0, 0), (second.Companies, second.Contacts, second.Leads));
        Assert.Equal(before, await Everything(test));
    }

    [Fact]
    public async Task Every_filing_at_hand_gives_what_an_independent_count_finds_and_its_bytes_are_kept()
    {
        Assert.SkipWhen(Data is null, NoData);
        var files = Directory.GetFiles(Path.Combine(Data, "sec-edgar", "form-d-reconstructed"), "*.xml");
        await using var server = await Serve(files);
        await using var test = await TestWorkspace.Create(new HastyTime(), server.Url);
        var summary = await Collect(test, "2024-01-01", "2024-12-31");
        Assert.Equal((files.Length, 0, 0), (summary.Parsed, summary.Missing, summary.Failed));
        var issuers = files.Select(file => XDocument.Load(file).Root!.Element("primaryIssuer")!).ToList();
        Assert.Equal(
            issuers.Select(issuer => long.Parse(issuer.Element("cik")!.Value)).Order().Distinct(),
            (await test.List<string>("select cik from companies")).Select(long.Parse).Order());
        await IsTrue(test, summary);
        var kept = await test.List<(string Accession, byte[] Content)>(
            "select external_id, content from raw_records");
        Assert.Equal(files.Length, kept.Count);
        var byName = files.ToDictionary(file => Path.GetFileNameWithoutExtension(file));
        foreach (var (accession, content) in kept)
            Assert.Equal(await File.ReadAllBytesAsync(byName[accession], Cancel), content);
    }

    [Fact]
    public async Task An_amendment_changes_the_company_instead_of_making_another()
    {
        Assert.SkipWhen(Data is null, NoData);
        var file = Directory.GetFiles(Path.Combine(Data, "sec-edgar", "form-d-reconstructed"),
            "*.xml").Order().First();
        var amendment = XDocument.Load(file);
        amendment.Root!.Element("submissionType")!.Value = "D/A";
        amendment.Descendants("totalAmountSold").Single().Value = "98765432";
        amendment.Descendants("yearOfInc").Descendants("value").Single().Value = "20";
        amendment.Descendants("signatureDate").First().Value = "2024-12-30";
        var second = Path.Combine(folder, "0009999999-24-000001.xml");
        amendment.Save(second);
        await using var server = await Serve([file, second]);
        await using var test = await TestWorkspace.Create(new HastyTime(), server.Url);
        var summary = await Collect(test, "2024-01-01", "2024-12-31");
        Assert.Equal((2, 1), (summary.Parsed, summary.Companies));
        Assert.Equal(summary.Leads, summary.KnownLeads);
        Assert.Equal(98765432m, await test.Ask<decimal>("select raised_usd from companies"));
        Assert.Equal(2, await test.Ask<long>("select count(*) from raw_records"));
        await IsTrue(test, summary);
    }

    public static TheoryData<string, string> BrokenFilings => new()
    {
        { "<?xml version=\"1.0\"?><edgarSubmission><schemaVersion>X0708</schemaVersion><primaryIss", "cut" },
        { "<!DOCTYPE html><html><title>Form D</title><body>rendered</body></html>", "page" },
        { "", "empty" },
    };

    [Theory]
    [MemberData(nameof(BrokenFilings))]
    public async Task A_broken_filing_is_one_clear_sentence_and_the_others_come(string body, string name)
    {
        Assert.SkipWhen(Data is null, NoData);
        var files = Directory.GetFiles(Path.Combine(Data, "sec-edgar", "form-d-reconstructed"),
            "*.xml").Order().Take(2).ToList();
        await using var server = await Serve(files);
        await using var test = await TestWorkspace.Create(new HastyTime(), server.Url);
        // The server lists what it has when it is first asked; only then the document breaks.
        await Collect(test, "2023-01-01", "2023-01-01");
        var name0 = Path.GetFileName(files[0]);
        var served = Directory.GetFiles(folder, name0, SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(served, body, Cancel);
        var summary = await Collect(test, "2024-01-01", "2024-12-31");
        Assert.True(summary.Failed == 1 && summary.Parsed == 1, $"{name}: {summary}");
        var problem = Assert.Single(summary.Problems);
        Assert.StartsWith(Path.GetFileNameWithoutExtension(files[0]), problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem, StringComparison.Ordinal);
        Assert.Equal(1, await test.Ask<long>("select count(*) from companies"));
        // Mended, the same call takes only what was missing.
        File.Copy(files[0], served, overwrite: true);
        var second = await Collect(test, "2024-01-01", "2024-12-31");
        Assert.Equal((1, 1), (second.Known, second.Parsed));
    }

    [Theory]
    [InlineData("403-undeclared-tool.html", "User-Agent")]
    [InlineData("403-rate-threshold.html", "Rate Threshold")]
    public async Task A_refusal_stops_the_collection_with_its_reason_and_loses_nothing(string page,
        string said)
    {
        Assert.SkipWhen(Data is null, NoData);
        await using var server = await ProviderServer.Start(Data);
        var body = await File.ReadAllBytesAsync(Path.Combine(Data, "sec-edgar", "constructed", page), Cancel);
        server.Play("Archives", new RecordedAnswer(403, "text/html", body));
        await using var test = await TestWorkspace.Create(new HastyTime(), server.Url);
        var job = await RunJob(test, "2024-04-17", "2024-04-17");
        Assert.Equal(JobState.Discarded, job.State);
        Assert.Contains(said, job.Error, StringComparison.Ordinal);
        await using var healthy = await ProviderServer.Start(Data);
        await using var again = await TestWorkspace.Join(test.ConnectionString, test.Id, new HastyTime(),
            healthy.Url);
        await again.Get<JobQueue>().Retry(test.Id, job.Id, Cancel);
        using var worker = Worker(again);
        var second = await worker.RunOnly(again.Node, test.Id, job.Id, Cancel);
        Assert.Equal(JobState.Completed, second!.State);
        Assert.Equal(2, SummaryOf(second).Parsed);
    }

    [Fact]
    public async Task A_wrong_range_is_refused_at_once()
    {
        await using var test = await TestWorkspace.Create();
        var job = await RunJob(test, "2024-04-17", "2024-04-16");
        Assert.Equal((JobState.Discarded, 1), (job.State, job.Attempt));
        Assert.Contains("2024-04-16", job.Error, StringComparison.Ordinal);
    }

    // Every number in the summary against what lies in the tables.
    static async Task IsTrue(TestWorkspace test, CollectSecEdgar.Summary summary)
    {
        Assert.Equal(summary.Listed, summary.Known + summary.Parsed + summary.Missing + summary.Failed);
        Assert.Equal(summary.Companies, await test.Ask<long>("select count(*) from companies"));
        Assert.Equal(summary.Contacts, await test.Ask<long>("select count(*) from contacts"));
        Assert.Equal(summary.Leads, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(summary.Parsed, await test.Ask<long>("select count(*) from raw_records"));
    }

    static Task<string> Everything(TestWorkspace test) => test.Ask<string>(
        """
        select (select string_agg(c::text, ';' order by id) from companies c)
            || (select string_agg(c::text, ';' order by id) from contacts c)
            || (select string_agg(l::text, ';' order by id) from leads l)
            || (select count(*) from facts) || (select count(*) from raw_records)
        """);

    static async Task<CollectSecEdgar.Summary> Collect(TestWorkspace test, string from, string to)
    {
        var job = await RunJob(test, from, to);
        Assert.True(job.State == JobState.Completed, job.Error);
        return SummaryOf(job);
    }

    static async Task<Job> RunJob(TestWorkspace test, string from, string to)
    {
        var args = new CollectSecEdgar.Args(DateOnly.Parse(from), DateOnly.Parse(to));
        var id = await test.Get<JobQueue>().Enqueue(test.Id, CollectSecEdgar.Name, args, "test", Cancel);
        using var worker = Worker(test);
        return (await worker.RunOnly(test.Node, test.Id, id, Cancel))!;
    }

    // The job's own waits end at once too; the worker's heart beats in real time.
    static JobWorker Worker(TestWorkspace test) => new(
        test.Database, test.Get<IEnumerable<IJobKind>>(), test.Time, NullLogger<JobWorker>.Instance);

    static CollectSecEdgar.Summary SummaryOf(Job job) =>
        JsonSerializer.Deserialize<CollectSecEdgar.Summary>(job.Result!, JobJson.Options)!;

    // A server that has these filings and no list of others.
    async Task<ProviderServer> Serve(IEnumerable<string> files)
    {
        var place = Directory.CreateDirectory(
            Path.Combine(folder, Path.GetRandomFileName(), "sec-edgar", "form-d-reconstructed")).FullName;
        foreach (var file in files) File.Copy(file, Path.Combine(place, Path.GetFileName(file)));
        return await ProviderServer.Start(Path.GetFullPath(Path.Combine(place, "..", "..")));
    }
}
