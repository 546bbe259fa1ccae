using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Providers;
using Overture.Ranking;
using Overture.Testing;
using PersonFacts = Overture.Providers.PersonFacts;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class FindExecutivesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_title_says_who_leads_and_who_only_serves_a_leader()
    {
        string[] titles =
        [
            "Executive Assistant to the CEO", "Director of Sales", "Chief Technology Officer",
            "Founder & CEO", "Office of the CTO", "Former CEO", "Geschäftsführerin",
            "Assistentin der Geschäftsführung", "PDG", "VP Engineering", "Chief of Staff",
            "Amministratore Delegato",
        ];
        var chosen = FindExecutives.Choose(
            titles.Select(title => new PersonFacts { FullName = title, Title = title }), Seniority.CLevel,
            10);
        Assert.Equal(
            ["Founder & CEO", "Chief Technology Officer", "Geschäftsführerin", "PDG",
                "Amministratore Delegato"],
            chosen.Select(person => person.Title));
    }

    [Fact]
    public async Task Executives_become_leads_whose_addresses_are_checked_and_no_domain_is_paid_twice()
    {
        await using var server = await ProviderServer.Start(Path.GetTempPath());
        server.Responder = Hunter;
        await using var test = await TestWorkspace.Create(new HastyTime(), providers: server.Url);
        await test.Get<Integrations>().Connect(
            test.Id, "hunter", new Dictionary<string, string?> { ["api_key"] = "x" }, null, "test", Cancel);
        for (var number = 1; number <= 3; number++) await AddCompany(test, $"client{number}.example");
        var summary = await Find(test);
        Assert.Equal((3, 3, 6), (summary.Companies, summary.WithExecutives, summary.Leads));
        Assert.Equal(
            ["Chief Executive Officer", "CTO"],
            (await test.List<string>("select distinct title from contacts")).Order());
        while (await test.Get<EnrichLeads>().RunBatch(test.Id, test.Node.Id, Cancel) > 0) { }
        Assert.Equal(6, await test.Ask<long>(
            "select count(*) from facts where field = 'address_check' and value ->> 'state' = 'valid'"));
        // They are known now, so nothing is left to look for.
        Assert.Equal(0, (await Find(test)).Companies);
        Assert.Equal(3, server.CountOf("/hunter/v2/domain-search"));
    }

    static Task AddCompany(TestWorkspace test, string domain) => test.Database.InWorkspace(
        test.Id,
        session => test.Get<Intake>().Take(
            session,
            new CollectedLead
            {
                Source = "test", Company = new Company { Name = domain, Domain = domain, Website = domain },
            },
            DuplicateRule.FillBlanks, Cancel),
        Cancel);

    static async Task<FindExecutives.Summary> Find(TestWorkspace test)
    {
        var id = await test.Get<JobQueue>().Enqueue(
            test.Id, FindExecutives.Name, new FindExecutives.Args(), "test", Cancel);
        using var worker = new JobWorker(
            test.Database, test.Get<IEnumerable<IJobKind>>(), test.Time, NullLogger<JobWorker>.Instance);
        var job = (await worker.RunOnly(test.Node, test.Id, id, Cancel))!;
        Assert.True(job.State == JobState.Completed, job.Error);
        return JsonSerializer.Deserialize<FindExecutives.Summary>(job.Result!, JobJson.Options)!;
    }

    static RecordedAnswer? Hunter(SeenRequest request)
    {
        var query = System.Web.HttpUtility.ParseQueryString(request.Query);
        if (request.Path.EndsWith("/email-verifier", StringComparison.Ordinal))
            return RecordedAnswer.Json(JsonSerializer.Serialize(
                new { data = new { email = query["email"], status = "valid", score = 95 } }));
        if (!request.Path.EndsWith("/domain-search", StringComparison.Ordinal)) return null;
        var domain = query["domain"]!;
        object Person(string first, string title) => new
        {
            value = $"{first}@{domain}", type = "personal", confidence = 92, first_name = first,
            last_name = "Lee", position = title, verification = new { status = (string?)null },
        };
        return RecordedAnswer.Json(JsonSerializer.Serialize(new
        {
            data = new
            {
                domain, organization = domain,
                emails = new[]
                {
                    Person("ann", "Executive Assistant to the CEO"), Person("bob", "CTO"),
                    Person("cyd", "Director of Sales"), Person("dan", "Chief Executive Officer"),
                },
            },
            meta = new { results = 4, limit = 10, offset = 0 },
        }));
    }
}
