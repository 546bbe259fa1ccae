using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class DiscoverLeadsTests : IAsyncLifetime
{
    const int Everybody = 230;
    readonly HastyTime time = new();
    ProviderServer server = null!;
    TestWorkspace test = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ProviderServer.Start(Path.GetTempPath());
        server.Responder = request => MaskedPeople.Answer(request, Everybody);
        test = await TestWorkspace.Create(time, providers: server.Url);
        await test.Get<Integrations>().Connect(
            test.Id, "apollo", new Dictionary<string, string?> { ["api_key"] = "x" }, null, "test", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await test.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_preview_shows_ten_and_says_what_a_run_would_find_and_cost()
    {
        var id = await Create("titles: [cto]", most: 150);
        var estimate = Assert.Single(await test.Get<DiscoverLeads>().Preview(test.Id, id, Cancel));
        Assert.Equal(("apollo", (long)Everybody, 0m, 1m, "credits"), (
            estimate.Source, estimate.Matches, estimate.CostOfRun, estimate.CostPerLead, estimate.Unit));
        var (rows, counts) = await test.Get<Discoveries>().Proposals(test.Id, id, null, Cancel);
        Assert.Equal((10, 10), (rows.Count, (int)counts["proposed"]));
        Assert.All(rows, row => Assert.True(row.IsMasked));
        // Looking twice asks once.
        var asked = server.Requests.Count;
        await test.Get<DiscoverLeads>().Preview(test.Id, id, Cancel);
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public async Task A_run_goes_through_the_pages_up_to_the_limit_and_proposes_nobody_twice()
    {
        var id = await Create("titles: [cto]", most: 150);
        var first = await Discover(id);
        Assert.Equal((150, 0), (first.Proposed, first.Problems.Count));
        Assert.Equal(150, await test.Ask<long>("select count(*) from proposals"));
        time.Advance(TimeSpan.FromDays(2));
        await test.Get<Discoveries>().Update(test.Id, id, Draft("titles: [cto]", 1000), Cancel);
        var second = await Discover(id);
        Assert.Equal(Everybody - 150, second.Proposed);
        Assert.Equal(Everybody, await test.Ask<long>("select count(*) from proposals"));
        Assert.Equal(0, await test.Ask<long>("select count(*) from leads"));
    }

    [Fact]
    public async Task Approved_people_are_revealed_once_and_become_leads_and_the_rest_does_not()
    {
        var id = await Create("titles: [cto]", most: 20);
        await Discover(id);
        var (rows, _) = await test.Get<Discoveries>().Proposals(test.Id, id, null, Cancel);
        var chosen = rows.Take(3).Select(row => row.Id).ToList();
        Assert.Equal(3, await test.Get<Discoveries>().Decide(test.Id, id, chosen, true, Cancel));
        var taken = await Take(id);
        Assert.Equal((3, 3), (taken.Taken, taken.Leads));
        Assert.Equal(3, server.CountOf("/apollo/api/v1/people/match"));
        Assert.Equal(3, await test.Ask<long>(
            "select count(*) from contacts where last_name = 'Whole' and email like '%@client.example'"));
        Assert.Equal(0, (await Take(id)).Taken);
        Assert.Equal(3, server.CountOf("/apollo/api/v1/people/match"));
        await test.Get<Discoveries>().Decide(test.Id, id, null, false, Cancel);
        Assert.Equal("dismissed 17, taken 3", await test.States("proposals"));
    }

    [Fact]
    public async Task Who_fits_the_rules_better_stands_first()
    {
        var id = await Create("titles: [cto]\nseniorities: [c_level]\ncountries: [Germany]", most: 20);
        await Discover(id);
        var (rows, _) = await test.Get<Discoveries>().Proposals(test.Id, id, null, Cancel);
        Assert.Equal(
            rows.OrderByDescending(row => row.Fit).Select(row => row.Id), rows.Select(row => row.Id));
        Assert.True(rows[0].Fit > rows[^1].Fit);
        Assert.Equal("CTO", rows[0].Content.Title);
    }

    [Fact]
    public async Task What_is_scheduled_is_searched_again_on_its_day()
    {
        var id = await test.Get<Discoveries>().Create(
            test.Id, Draft("titles: [cto]", 20) with { EveryDays = 7 }, "test", Cancel);
        var start = test.Get<StartDueDiscoveries>();
        Assert.Equal(1, await start.Run(Cancel));
        Assert.Equal(0, await start.Run(Cancel));
        time.Advance(TimeSpan.FromDays(7));
        await Discover(id);
        Assert.Equal(1, await start.Run(Cancel));
    }

    [Fact]
    public async Task A_spent_budget_ends_the_run_with_its_reason_and_keeps_what_was_found()
    {
        await test.Get<Integrations>().Change(test.Id, "apollo", true, 0, Cancel);
        var id = await Create("titles: [cto]\nindustries: [software]", most: 20);
        var summary = await Discover(id);
        Assert.Equal(0, summary.Proposed);
        Assert.Contains("daily budget", Assert.Single(summary.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_whose_answer_is_empty_or_lost_does_not_end_the_others()
    {
        await test.Get<Integrations>().Connect(
            test.Id, "dataforseo",
            new Dictionary<string, string?> { ["login"] = "me", ["api_password"] = "x" }, null, "test",
            Cancel);
        server.Responder = Web;
        var id = await test.Get<Discoveries>().Create(
            test.Id,
            new DiscoveryDraft(
                "Bakers", "searches: [one, empty, lost, two]\ncountries: [Austria]", ["dataforseo"], 100),
            "test", Cancel);
        var summary = await Discover(id);
        Assert.Equal(2, summary.Proposed);
        Assert.Contains("the answer was lost", Assert.Single(summary.Problems), StringComparison.Ordinal);
        // Nothing that was paid, or may have been, is asked again.
        var again = await Discover(id);
        Assert.Equal((0, 4), (again.Proposed, server.Requests.Count));
    }

    [Fact]
    public async Task Categories_are_searched_in_every_place_and_their_domains_weighed()
    {
        await ConnectWeb();
        server.Responder = WebQueue(0);
        var id = await CreateWeb("categories: [bakery, dentist]\nplaces: [Vienna, Graz]\nauthority: true");
        var estimate = Assert.Single(await test.Get<DiscoverLeads>().Preview(test.Id, id, Cancel));
        Assert.Equal(4 * (0.002m + 0.0203m), estimate.CostOfRun);
        var summary = await Discover(id);
        Assert.Equal((3, 0), (summary.Proposed, summary.Problems.Count));
        Assert.Equal(
            ["bakery in Vienna", "bakery in Graz", "dentist in Vienna", "dentist in Graz"],
            Searched("/live/advanced"));
        await test.Get<Discoveries>().Decide(test.Id, id, null, true, Cancel);
        await Take(id);
        Assert.Equal("bakery 19, bakery 21, dentist 20, dentist 22", await test.Ask<string>(
            "select string_agg(industry || ' ' || f.value, ', ' order by industry, f.value::text) "
            + "from companies c join facts f on f.company_id = c.id and f.field = 'domain_authority'"));
    }

    [Fact]
    public async Task Queued_searches_are_ordered_once_and_waited_for()
    {
        await ConnectWeb();
        server.Responder = WebQueue(2);
        var id = await CreateWeb("searches: [one, two, refused]\ncountries: [Austria]\nqueued: true");
        var summary = await Discover(id);
        Assert.Equal((2, 0), (summary.Proposed, summary.Problems.Count));
        Assert.Equal(["one in Austria", "two in Austria", "refused in Austria"], Searched("/task_post"));
        Assert.Equal(1, server.CountOf("/dataforseo/v3/serp/google/organic/task_post"));
        Assert.Empty(Searched("/live/advanced"));
        // What was ordered and fetched is not paid for again on the same day.
        var asked = server.Requests.Count;
        Assert.Equal((0, asked), ((await Discover(id)).Proposed, server.Requests.Count));
    }

    [Theory]
    [InlineData("titles: [", "bad_rules")]
    [InlineData("shoe_size: 43", "bad_rules")]
    [InlineData("seniorities: [boss]", "bad_rules")]
    [InlineData("a: &a [x]\ntitles: *a", "bad_rules")]
    [InlineData("employees_from: 10\nemployees_to: 5", "bad_rules")]
    [InlineData("", "empty_rules")]
    public async Task Rules_that_cannot_be_meant_are_refused_with_their_reason(string rules, string code)
    {
        var refused = await Assert.ThrowsAsync<RuleBroken>(() => Create(rules, 10));
        Assert.Equal((code, "rules"), (refused.Code, refused.Pointer));
    }

    Task ConnectWeb() => test.Get<Integrations>().Connect(
        test.Id, "dataforseo", new Dictionary<string, string?> { ["login"] = "me", ["api_password"] = "x" },
        null, "test", Cancel);

    Task<long> CreateWeb(string rules) => test.Get<Discoveries>().Create(
        test.Id, new DiscoveryDraft("Web", rules, ["dataforseo"], 100), "test", Cancel);

    List<string> Searched(string path) =>
    [
        .. server.Requests.Where(request => request.Path.EndsWith(path, StringComparison.Ordinal))
            .SelectMany(request => JsonDocument.Parse(request.Body).RootElement.EnumerateArray())
            .Select(task => $"{task.GetProperty("keyword")} in {task.GetProperty("location_name")}"),
    ];

    // Each task is in the queue for so many questions; domains weigh as much as their names are long.
    static Func<SeenRequest, RecordedAnswer?> WebQueue(int questions)
    {
        var asked = new Dictionary<string, int>();
        object Result(string words) => new
        {
            status_code = 20000, result = new[] { new { items = new[] { new
            {
                type = "organic", domain = $"{words}.example", title = words,
            } } } },
        };
        object One(JsonElement task)
        {
            var words =
                $"{task.GetProperty("keyword")}-{task.GetProperty("location_name")}".ToLowerInvariant();
            return words.StartsWith("refused", StringComparison.Ordinal)
                ? new { id = words, status_code = 40501, status_message = "Invalid Field.", data = task }
                : new { id = words, status_code = 20100, status_message = "Task Created.", data = task };
        }

        return request =>
        {
            if (!request.Path.Contains("dataforseo", StringComparison.Ordinal)) return null;
            object tasks;
            if (request.Path.Contains("/task_get/", StringComparison.Ordinal))
            {
                var id = request.Path.Split('/')[^1];
                asked[id] = asked.GetValueOrDefault(id) + 1;
                tasks = new[] { asked[id] > questions ? Result(id) : new { id, status_code = 40602 } };
            }
            else
            {
                var body = JsonDocument.Parse(request.Body).RootElement;
                tasks = request.Path.EndsWith("/task_post", StringComparison.Ordinal)
                    ? body.EnumerateArray().Select(One).ToArray()
                    : request.Path.EndsWith("/bulk_ranks/live", StringComparison.Ordinal)
                    ? new[] { new { status_code = 20000, result = new[] { new { items = body[0]
                        .GetProperty("targets").EnumerateArray().Select(target => new
                        {
                            target = target.GetString(), rank = target.GetString()!.Length,
                        }).ToArray() } } } }
                    : new[] { Result(
                        $"{body[0].GetProperty("keyword")}-{body[0].GetProperty("location_name")}"
                        .ToLowerInvariant()) };
            }

            return RecordedAnswer.Json(JsonSerializer.Serialize(
                new { status_code = 20000, cost = 0.002, tasks }));
        };
    }

    static DiscoveryDraft Draft(string rules, int most) => new("CTOs", rules, ["apollo"], most);

    Task<long> Create(string rules, int most) =>
        test.Get<Discoveries>().Create(test.Id, Draft(rules, most), "test", Cancel);

    Task<DiscoverLeads.Summary> Discover(long id) =>
        RunJob<DiscoverLeads.Summary>(DiscoverLeads.Name, new DiscoverLeads.Args(id));

    Task<TakeProposals.Summary> Take(long id) =>
        RunJob<TakeProposals.Summary>(TakeProposals.Name, new TakeProposals.Args(id));

    async Task<T> RunJob<T>(string kind, object args)
    {
        var id = await test.Get<JobQueue>().Enqueue(test.Id, kind, args, "test", Cancel);
        using var worker = new JobWorker(
            test.Database, test.Get<IEnumerable<IJobKind>>(), test.Time, NullLogger<JobWorker>.Instance);
        var job = (await worker.RunOnly(test.Node, test.Id, id, Cancel))!;
        Assert.True(job.State == JobState.Completed, job.Error);
        return JsonSerializer.Deserialize<T>(job.Result!, JobJson.Options)!;
    }

    static RecordedAnswer? Web(SeenRequest request)
    {
        var task = JsonDocument.Parse(request.Body).RootElement[0];
        Assert.Equal("Austria", task.GetProperty("location_name").GetString());
        var words = task.GetProperty("keyword").GetString()!;
        if (words == "lost") return RecordedAnswer.Json("{");
        object[] items = words == "empty" ? [] :
        [
            new { type = "organic", domain = $"{words}.example", title = words,
                url = $"https://{words}.example/" },
        ];
        return RecordedAnswer.Json(JsonSerializer.Serialize(new
        {
            status_code = 20000, cost = 0.002,
            tasks = new[] { new { status_code = 20000, result = new[] { new { keyword = words, items } } } },
        }));
    }
}
