using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class ReplayRawTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_again_what_was_just_read_changes_nothing()
    {
        await using var known = await KnownPeople.Start();
        await using var test = await Enriched(known);
        foreach (var provider in new[] { "hunter", "people_data_labs" })
        {
            var summary = await Replay(test, provider);
            Assert.True(summary.Payloads > 0);
            Assert.Equal((0, 0), (summary.Changed, summary.Unreadable));
            Assert.Equal(summary.Payloads, summary.Unchanged + summary.Unknown);
        }
    }

    [Fact]
    public async Task What_an_older_reader_missed_or_misread_is_told_and_written_on_demand()
    {
        await using var known = await KnownPeople.Start();
        await using var test = await Enriched(known);
        // As an older reader left it: one fact missing, one wrong, one that is not in the payload.
        await test.Do("delete from facts where provider = 'people_data_labs' and field = 'linkedin_url'");
        await test.Do("update facts set value = '\"clerk\"' where provider = 'people_data_labs' and field = 'title'");
        await test.Do(
            """
            insert into facts (workspace_id, contact_id, field, value, provider, confidence, observed_at,
                raw_record_id)
            select workspace_id, contact_id, 'shoe_size', '43', provider, 1, observed_at, raw_record_id
            from facts where provider = 'people_data_labs' and field = 'title'
            """);
        var told = await Replay(test, "people_data_labs");
        Assert.Equal((1, 1, 1, 1), (told.Changed, told.FactsAdded, told.FactsChanged, told.FactsRemoved));
        Assert.Contains(told.Changes, change => change is { Field: "title", Old: "\"clerk\"" });
        Assert.Equal("\"clerk\"", await Title(test));
        var written = await Replay(test, "people_data_labs", apply: true);
        Assert.Equal((true, 1), (written.IsApplied, written.Changed));
        Assert.Equal("\"chief technology officer\"", await Title(test));
        Assert.Equal(0, await test.Ask<long>("select count(*) from facts where field = 'shoe_size'"));
        Assert.Equal(0, (await Replay(test, "people_data_labs")).Changed);
        // All of it without a single call.
        Assert.Equal(known.Paid.Distinct().Count(), known.Paid.Count);
    }

    [Fact]
    public async Task A_payload_that_cannot_be_read_is_counted_and_its_facts_stay()
    {
        await using var known = await KnownPeople.Start();
        await using var test = await Enriched(known);
        var facts = await test.Ask<long>("select count(*) from facts");
        await test.Do("update raw_records set content = 'no json', sha256 = sha256('no json') where operation = 'person_enrich'");
        var summary = await Replay(test, "people_data_labs", apply: true);
        Assert.Equal((1, 0), (summary.Unreadable, summary.Changed));
        Assert.Equal(facts, await test.Ask<long>("select count(*) from facts"));
    }

    [Fact]
    public async Task Filings_are_read_again_like_all_others()
    {
        var data = SharedData.PathOf("providers");
        Assert.SkipWhen(data is null, "outside test data is absent");
        await using var server = await ProviderServer.Start(data);
        await using var test = await TestWorkspace.Create(new HastyTime(), server.Url);
        var day = new DateOnly(2024, 4, 17);
        await RunJob(test, CollectSecEdgar.Name, new CollectSecEdgar.Args(day, day));
        var same = await Replay(test, "sec_edgar");
        Assert.Equal((2, 0), (same.Unchanged, same.Changed));
        await test.Do("update facts set value = '1' where field = 'offering_usd'");
        await test.Do("delete from facts where field = 'entity_type'");
        var told = await Replay(test, "sec_edgar", apply: true);
        Assert.True(told.FactsAdded >= 1 && told.Changed >= 1, told.ToString());
        Assert.Equal(0, (await Replay(test, "sec_edgar")).Changed);
    }

    static async Task<TestWorkspace> Enriched(KnownPeople known)
    {
        var test = await TestWorkspace.Create(new HastyTime(), providers: known.Url);
        foreach (var provider in new[] { "hunter", "people_data_labs" })
            await test.Get<Integrations>().Connect(
                test.Id, provider, new Dictionary<string, string?> { ["api_key"] = "x" }, null, "test", Cancel);
        await test.Get<AddLead>().Run(
            test.Id, new Contact { FullName = "Ann Number", FirstName = "Ann", LastName = "Number" },
            new Company { Name = "Client", Website = "https://client.example" }, Cancel);
        while (await test.Get<EnrichLeads>().RunBatch(test.Id, test.Node.Id, Cancel) > 0) { }
        return test;
    }

    static Task<string> Title(TestWorkspace test) => test.Ask<string>(
        "select value::text from facts where provider = 'people_data_labs' and field = 'title'");

    static async Task<ReplayRaw.Summary> Replay(TestWorkspace test, string provider, bool apply = false)
    {
        var job = await RunJob(test, ReplayRaw.Name, new ReplayRaw.Args(provider, apply));
        return JsonSerializer.Deserialize<ReplayRaw.Summary>(job.Result!, JobJson.Options)!;
    }

    static async Task<Job> RunJob(TestWorkspace test, string kind, object args)
    {
        var id = await test.Get<JobQueue>().Enqueue(test.Id, kind, args, "test", Cancel);
        using var worker = new JobWorker(
            test.Database, test.Get<IEnumerable<IJobKind>>(), test.Time, NullLogger<JobWorker>.Instance);
        var job = (await worker.RunOnly(test.Node, test.Id, id, Cancel))!;
        Assert.True(job.State == JobState.Completed, job.Error);
        return job;
    }
}
