using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class CollectCrmTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HubSpots_companies_and_contacts_come_over_by_pages_and_once()
    {
        await using var server = await ProviderServer.Start(Path.GetTempPath());
        server.Responder = HubSpot;
        await using var test = await Connected(server, "hubspot", "access_token");
        var first = await Collect(test, "hubspot");
        Assert.Equal((2, 3, 3, 1), (first.Companies, first.Contacts, first.Leads, first.Unusable));
        Assert.Equal("cto@one.example", await test.Ask<string>(
            "select email from contacts where title = 'CTO' and full_name = 'Ann Lee'"));
        Assert.Equal("one.example", await test.Ask<string>(
            """
            select c.domain from contacts p join companies c on c.id = p.company_id
            where p.full_name = 'Ann Lee'
            """));
        var second = await Collect(test, "hubspot");
        Assert.Equal((0, 0, 0, 3), (second.Companies, second.Contacts, second.Leads, second.KnownLeads));
        Assert.Equal(4, await test.Ask<long>("select count(*) from raw_records where provider = 'hubspot'"));
    }

    [Fact]
    public async Task Lemlists_unsubscribes_are_suppressed_before_its_leads_come()
    {
        await using var server = await ProviderServer.Start(Path.GetTempPath());
        server.Responder = Lemlist;
        await using var test = await Connected(server, "lemlist", "api_key");
        var summary = await Collect(test, "lemlist");
        Assert.Equal((1, 2), (summary.Suppressions, summary.Leads));
        Assert.Equal("gone@one.example", await test.Ask<string>("select value from suppressions"));
        Assert.Equal("Ann Lee", await test.Ask<string>(
            "select full_name from contacts where email = 'ann@one.example'"));
    }

    [Fact]
    public async Task What_is_not_connected_is_said_so()
    {
        await using var test = await TestWorkspace.Create();
        var job = await RunJob(test, "hubspot");
        Assert.Equal(JobState.Discarded, job.State);
        Assert.Contains("not connected", job.Error, StringComparison.Ordinal);
    }

    static async Task<TestWorkspace> Connected(ProviderServer server, string provider, string field)
    {
        var test = await TestWorkspace.Create(new HastyTime(), providers: server.Url);
        await test.Get<Integrations>().Connect(
            test.Id, provider, new Dictionary<string, string?> { [field] = "x" }, null, "test", Cancel);
        return test;
    }

    static async Task<CollectCrm.Summary> Collect(TestWorkspace test, string provider)
    {
        var job = await RunJob(test, provider);
        Assert.True(job.State == JobState.Completed, job.Error);
        return JsonSerializer.Deserialize<CollectCrm.Summary>(job.Result!, JobJson.Options)!;
    }

    static async Task<Job> RunJob(TestWorkspace test, string provider)
    {
        var id = await test.Get<JobQueue>().Enqueue(
            test.Id, CollectCrm.Name, new CollectCrm.Args(provider), "test", Cancel);
        using var worker = new JobWorker(
            test.Database, test.Get<IEnumerable<IJobKind>>(), test.Time, NullLogger<JobWorker>.Instance);
        return (await worker.RunOnly(test.Node, test.Id, id, Cancel))!;
    }

    static RecordedAnswer? HubSpot(SeenRequest request)
    {
        var isSecond = request.Query.Contains("after=2", StringComparison.Ordinal);
        if (request.Path.EndsWith("/companies", StringComparison.Ordinal))
            return Page(isSecond ? null : "2", Object("c" + isSecond, isSecond
                ? new { name = "Two", domain = "two.example" }
                : new { name = "One", domain = "one.example" }));
        if (!request.Path.EndsWith("/contacts", StringComparison.Ordinal)) return null;
        return isSecond
            ? Page(null, Object(
                "3", new { email = "eve@two.example", firstname = "Eve", lastname = "Fox", company = "Two" }),
                Object("4", new { lifecyclestage = "lead" }))
            : Page("2",
                Object("1", new
                {
                    email = "cto@one.example", firstname = "Ann", lastname = "Lee", jobtitle = "CTO",
                    company = "One", website = "one.example",
                }),
                Object("2", new { email = "bob@one.example", firstname = "Bob" }));
    }

    static RecordedAnswer? Lemlist(SeenRequest request)
    {
        if (request.Path.Contains("/unsubscribes", StringComparison.Ordinal))
            return Json(new[] { new { _id = "u1", value = "gone@one.example", source = "manual" } });
        if (request.Path.Contains("/leads/", StringComparison.Ordinal))
            return Json(
                new[] { new { _id = "l1", state = "contacted" }, new { _id = "l2", state = "contacted" } });
        if (request.Path.EndsWith("/leads", StringComparison.Ordinal))
            return request.Query.Contains("id=l1", StringComparison.Ordinal)
                ? Json(
                    new[] { new { _id = "l1", email = "ann@one.example", firstName = "Ann", lastName = "Lee",
                        companyName = "One" } })
                : Json(
                    new[] { new { _id = "l2", email = "bob@two.example", firstName = "Bob", lastName = "Fox",
                        companyName = "Two" } });
        return request.Path.EndsWith("/campaigns", StringComparison.Ordinal)
            ? Json(
                new { campaigns = new[] { new { _id = "k1", name = "Spring", status = "running" } },
                    pagination = new { totalPage = 1, currentPage = 1 } })
            : null;
    }

    static object Object(string id, object properties) => new { id, properties };

    static RecordedAnswer Page(string? after, params object[] results) => Json(after is null
        ? new { results }
        : new { results, paging = new { next = new { after } } });

    static RecordedAnswer Json(object body) => RecordedAnswer.Json(JsonSerializer.Serialize(body));
}
