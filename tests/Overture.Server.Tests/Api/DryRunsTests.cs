using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed class DryRunsTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    const long Workspace = 1;

    [Fact]
    public async Task A_dry_run_tells_how_many_and_changes_nothing()
    {
        var leads = await Ranked("Ann", "Ben", "Cem");
        var (draft, running) = (await Campaign("Draft", false), await Campaign("Running", true));
        var list = await Send("POST", "lists", """{"name":"Both"}""");
        var full = await Send("POST", "lists", """{"name":"Full"}""");
        var ids = $$"""{"ids":[{{leads[0]}},{{leads[1]}}]}""";
        await Send("POST", $"lists/{Number(full, "id")}/add", ids);
        var (sample, last) = await Waiting(running);

        await Dry("POST", $"lists/{Number(list, "id")}/add", ids, 2);
        await Dry("POST", $"lists/{Number(full, "id")}/remove", ids, 2);
        await Dry("POST", "leads/suppress", ids, 2);
        await Dry("POST", $"campaigns/{draft}/start", "", 3);
        await Dry("POST", $"campaigns/{draft}/start", "", 1, "&pilot=1");
        await Dry("POST", $"campaigns/{draft}/launch", "{}", 3);
        await Dry("POST", "approvals/approve-all",
            $$"""{"campaign_id":{{running}},"step_id":null,"up_to_id":{{last}},"seen":[{{sample}}]}""", 3);
        await Run("delete from enrollments");
        await Dry("DELETE", "leads", null, 3);

        Assert.Equal(2, Number(await Send("POST", $"lists/{Number(list, "id")}/add", ids), "count"));
        Assert.Equal(3, Number(await Send("DELETE", "leads?dry_run=false", null), "count"));
    }

    [Fact]
    public async Task Proposals_are_dismissed_on_trial()
    {
        await Run(
            """
            with made as (
                insert into discoveries (workspace_id, name, rules, sources, most_per_run, created_by,
                    created_at, updated_at)
                values (1, 'Tried', '', '{apollo}', 10, 'test', now(), now()) returning id)
            insert into proposals (workspace_id, discovery_id, source, external_id, found, state, found_at)
            select 1, id, 'apollo', number::text, '{}', 'proposed', now()
            from made, generate_series(1, 4) number
            """);
        await Dry("POST", "discoveries/1/dismiss", "{}", 4);
    }

    [Fact]
    public async Task A_dry_run_is_refused_as_the_act_would_be()
    {
        var made = await Send("POST", "campaigns", """{"name":"No mailbox"}""");
        var id = made.GetProperty("campaign").GetProperty("id").GetInt64();

        using var refused = await Ask("POST", $"campaigns/{id}/start?dry_run=true", "");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains(
            "launch_blocked", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lists/1/add?dry_run=perhaps", HttpStatusCode.BadRequest)]
    [InlineData("pipeline/run?dry_run=true", HttpStatusCode.UnprocessableEntity)]
    public async Task What_cannot_be_tried_is_not_done_instead(string path, HttpStatusCode expected)
    {
        var before = await DatabaseContent.Of(app.Database);
        using var refused = await Ask("POST", path, """{"ids":[1]}""");
        Assert.Equal(expected, refused.StatusCode);
        Assert.Equal(before, await DatabaseContent.Of(app.Database));
    }

    [Fact]
    public async Task A_program_needs_no_key_to_try()
    {
        var key = (await Send("POST", "keys", """{"name":"test","scopes":["write"]}""")).GetProperty("text");
        using var program = app.Stranger();
        using var tried = await program.PostJson(
            "/api/v1/campaigns/4711/start?dry_run=true", "", ("Authorization", $"Bearer {key}"));
        Assert.Equal(HttpStatusCode.NotFound, tried.StatusCode);
    }

    async Task Dry(string method, string path, string? body, long expected, string query = "")
    {
        var before = await DatabaseContent.Of(app.Database);
        var told = await Send(method, $"{path}?dry_run=true{query}", body);
        var after = await DatabaseContent.Of(app.Database);

        Assert.Equal((path, expected), (path, Number(told, "would_affect")));
        Assert.True(told.EnumerateObject().Count() > 1, "The answer has the shape of the act's.");
        Assert.Equal(before, after);
    }

    async Task<IReadOnlyList<long>> Ranked(params string[] names)
    {
        foreach (var name in names)
            await app.Services.GetRequiredService<AddLead>().Run(
                Workspace,
                new Contact { FullName = $"{name} Example", Email = $"{name}@client.example" },
                new Company { Name = $"Client {name}", Website = $"{name}.example" }, default);
        await using var node = await Node.Join(app.Database, "test", TimeProvider.System, default);
        while (await app.Services.GetRequiredService<EnrichLeads>().RunBatch(
            Workspace, node.Id, default) > 0) { }
        while (await app.Services.GetRequiredService<RankLeads>().RunBatch(Workspace, default) > 0) { }
        var page = await Send("GET", "leads", null);
        return [.. page.GetProperty("data").EnumerateArray().Select(row => Number(row, "id"))];
    }

    async Task<long> Campaign(string name, bool starts)
    {
        var box = await app.Services.GetRequiredService<Mailboxes>().Create(
            Workspace, new MailboxDraft { Address = $"{name}@overture.example", FromName = "Ada" }, default);
        var id = await app.Services.GetRequiredService<Campaigns>().Create(
            Workspace,
            new CampaignDraft
            {
                Name = name, MailboxId = box, ApprovesEach = true, NewPerDayLimit = null,
                AllowsOverlap = true, Audience = new LeadFilter { Search = "Example" },
                Steps = [new StepDraft { Variants = [new VariantDraft("For {{company}}", "Hello.")] }],
            },
            default);
        if (!starts) return id;
        await app.Services.GetRequiredService<LaunchCampaign>().Start(Workspace, id, null, default);
        while (await app.Services.GetRequiredService<EnrollAudience>().RunBatch(Workspace, default) > 0) { }
        while (await app.Services.GetRequiredService<ComposeMessages>().RunBatch(Workspace, default) > 0) { }
        return id;
    }

    async Task<(string Sample, long Last)> Waiting(long campaign)
    {
        var rows = (await Send("GET", $"approvals?campaign={campaign}", null)).GetProperty("data")
            .EnumerateArray().ToList();
        return (
            string.Join(',', rows.Select(row =>
                $$"""{"id":{{Number(row, "id")}},"hash":"{{row.GetProperty("hash")}}"}""")),
            rows.Max(row => Number(row, "id")));
    }

    Task Run(string sql) => app.Database.InInstance(session => session.Run(sql, null, default), default);

    async Task<JsonElement> Send(string method, string path, string? body)
    {
        using var answer = await Ask(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    async Task<HttpResponseMessage> Ask(string method, string path, string? body)
    {
        using var owner = app.SignedIn();
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await owner.Send(
            new HttpMethod(method), $"/api/v1/{path}", content, ("Sec-Fetch-Site", "same-origin"));
    }

    static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();
}
