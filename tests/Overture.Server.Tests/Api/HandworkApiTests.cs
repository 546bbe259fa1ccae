using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Tests.Api;

/// <summary>What only people decide, over REST.</summary>
[SupportedOSPlatform("linux")]
public sealed class HandworkApiTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    const long Workspace = 1;
    static readonly (string, string) Same = ("Sec-Fetch-Site", "same-origin");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_is_listed_snoozed_and_done()
    {
        using var visitor = app.SignedIn();
        await Written("Tasks", approves: false, StepKind.LinkedIn);
        var tasks = await Rows(visitor, "/api/v1/tasks");
        var (first, second) = (Id(tasks[0]), Id(tasks[1]));
        var later = TimeProvider.System.GetUtcNow().AddDays(9).ToString(
            "yyyy-MM-dd", CultureInfo.InvariantCulture);
        await Ok(await visitor.PostJson($"/api/v1/tasks/{first}/snooze?until={later}", "{}", Same));
        Assert.Contains(await Rows(visitor, "/api/v1/tasks?sort=later"), one => Id(one) == first);
        await Ok(await visitor.PostJson($"/api/v1/tasks/{second}/done", "{}", Same));
        Assert.Contains(await Rows(visitor, "/api/v1/tasks?sort=done"), one => Id(one) == second);
        await Ok(await visitor.PostJson($"/api/v1/tasks/{first}/dismiss", "{}", Same));
        var counts = await Ok(await visitor.GetJson("/api/v1/tasks/counts"));
        Assert.Equal(1, counts.GetProperty("dismissed").GetInt32());
        using var again = await visitor.PostJson($"/api/v1/tasks/{second}/done", "{}", Same);
        Assert.False(again.IsSuccessStatusCode);
        using var wrong = await visitor.GetJson("/api/v1/tasks?sort=nonsense");
        Assert.Equal("bad_sort", await Code(wrong));
    }

    [Fact]
    public async Task An_approval_needs_the_text_that_was_read_and_can_be_refused()
    {
        using var visitor = app.SignedIn();
        var campaign = await Written("Approvals", approves: true, StepKind.Email);
        var waiting = await Rows(visitor, $"/api/v1/approvals?campaign={campaign}");
        Assert.Equal(2, waiting.Count);
        var (first, second) = (Id(waiting[0]), Id(waiting[1]));
        using var stale = await visitor.PostJson(
            $"/api/v1/approvals/{first}/approve", """{"hash":"00"}""", Same);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.StatusCode);
        var hash = waiting[0].GetProperty("hash").GetString();
        await Ok(await visitor.PostJson(
            $"/api/v1/approvals/{first}/approve", $$"""{"hash":"{{hash}}"}""", Same));
        Assert.Contains(await Rows(visitor, "/api/v1/approvals/approved"), one => Id(one) == first);
        await Ok(await visitor.PostJson($"/api/v1/approvals/{first}/undo", "{}", Same));
        await Ok(await visitor.PostJson(
            $"/api/v1/approvals/{second}/reject", """{"reason":"Too loud"}""", Same));
        var left = await Rows(visitor, $"/api/v1/approvals?campaign={campaign}");
        Assert.Equal(first, Id(Assert.Single(left)));
    }

    [Fact]
    public async Task An_uncertain_message_is_listed_with_its_evidence_and_settled_once()
    {
        using var visitor = app.SignedIn();
        await Written("Uncertain", approves: false, StepKind.Email);
        await Do(
            """
            update send_intents set state = 'uncertain', reason = 'No answer' where state = 'planned';
            insert into send_attempts (workspace_id, intent_id, fence, owner, mailbox_id, transport, state,
                recipient_domain, stage, submitted_at, finished_at)
            select workspace_id, id, 1, 1, mailbox_id, 'smtp', 'uncertain', 'client.example', 'dot',
                now(), now()
            from send_intents where state = 'uncertain';
            """);
        var open = (await Ok(await visitor.GetJson("/api/v1/messages/uncertain"))).EnumerateArray().ToList();
        Assert.Equal(2, open.Count);
        var id = Id(open[0]);
        using var vague = await visitor.PostJson(
            $"/api/v1/messages/{id}/settle", """{"verdict":"perhaps"}""", Same);
        Assert.Equal(HttpStatusCode.BadRequest, vague.StatusCode);
        using var settled = await visitor.PostJson(
            $"/api/v1/messages/{id}/settle", """{"verdict":"arrived"}""", Same);
        Assert.Equal(HttpStatusCode.NoContent, settled.StatusCode);
        var evidence = await Ok(await visitor.GetJson($"/api/v1/messages/{id}/evidence"));
        Assert.Equal("person", evidence[0].GetProperty("source").GetString());
        using var again = await visitor.PostJson(
            $"/api/v1/messages/{id}/settle", """{"verdict":"leave"}""", Same);
        Assert.Equal("message_not_uncertain", await Code(again));

        // Whoever has left the sequence is not sent it again, and the answer says why and what to do.
        var other = Id(open[1]);
        await Do(
            """
            update enrollments set state = 'finished', finish_reason = 'replied', finished_at = now(),
                due_at = null, next_step_id = null
            where state <> 'finished'
            """);
        using var refused = await visitor.PostJson(
            $"/api/v1/messages/{other}/settle", """{"verdict":"send_again"}""", Same);
        var words = await refused.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("enrollment_finished", words, StringComparison.Ordinal);
        Assert.Contains("They have replied", words, StringComparison.Ordinal);
        using var left = await visitor.PostJson(
            $"/api/v1/messages/{other}/settle", """{"verdict":"leave"}""", Same);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
    }

    [Fact]
    public async Task Holidays_are_added_shown_on_their_page_and_removed()
    {
        using var visitor = app.SignedIn();
        using var added = await visitor.PostJson(
            "/api/v1/holidays", """{"day":"2026-12-24","country":"Germany","name":"Heiligabend"}""", Same);
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);
        using var nowhere = await visitor.PostJson(
            "/api/v1/holidays", """{"day":"2026-12-24","country":"Atlantis","name":"Flood"}""", Same);
        Assert.Equal("bad_country", await Code(nowhere));
        using var form = await visitor.PostForm(
            "/holidays/add", ("__RequestVerificationToken", await visitor.FormToken("/holidays")),
            ("day", "2027-01-01"), ("country", ""), ("name", "New Year"));
        using var page = await visitor.Get("/holidays");
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("Heiligabend", html, StringComparison.Ordinal);
        Assert.Contains("New Year", html, StringComparison.Ordinal);
        using var removed = await visitor.Send(
            HttpMethod.Delete, "/api/v1/holidays/2026-12-24?country=DE", null, Same);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var again = await visitor.Send(
            HttpMethod.Delete, "/api/v1/holidays/2026-12-24?country=DE", null, Same);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        var left = Assert.Single(await Rows(visitor, "/api/v1/holidays"));
        Assert.Equal("New Year", left.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_start_is_refused_by_a_red_line_and_a_test_message_shows_the_first_email()
    {
        using var visitor = app.SignedIn();
        var made = await Ok(await visitor.PostJson(
            "/api/v1/campaigns",
            """{"name":"No mailbox","steps":[{"variants":[{"subject":"Hi","body":"Hello."}]}]}""",
            Same));
        var id = made.GetProperty("campaign").GetProperty("id").GetInt64();
        using var start = await visitor.PostJson($"/api/v1/campaigns/{id}/start", "{}", Same);
        Assert.Equal("launch_blocked", await Code(start));
        using var launch = await visitor.PostJson($"/api/v1/campaigns/{id}/launch", "{}", Same);
        Assert.Equal("launch_blocked", await Code(launch));

        var ready = await Written("With a test", approves: true, StepKind.Email);
        var test = await Ok(await visitor.PostJson(
            $"/api/v1/campaigns/{ready}/test", """{"to":"me@example.com"}""", Same));
        Assert.False(test.GetProperty("left").GetBoolean());
        Assert.Contains(
            "Subject: [Test] For", test.GetProperty("message").GetString(), StringComparison.Ordinal);
        using var page = await visitor.Get($"/campaigns/{ready}/review");
        Assert.Contains(
            $"/campaigns/{ready}/test", await page.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal);
    }

    /// <summary>A running campaign of one step over two new leads, written.</summary>
    async Task<long> Written(string name, bool approves, StepKind kind)
    {
        var services = app.Services;
        var key = name.Replace(' ', '-').ToLowerInvariant();
        var box = await services.GetRequiredService<Mailboxes>().Create(
            Workspace, new MailboxDraft { Address = $"{key}@overture.example", FromName = "Ada" }, Cancel);
        foreach (var person in new[] { "Ann", "Ben" })
            await services.GetRequiredService<AddLead>().Run(
                Workspace,
                new Contact { FullName = $"{person} {name}", Email = $"{person}.{key}@client.example" },
                new Company { Name = $"Client {name}", Website = $"{key}.example" }, Cancel);
        await using var node = await Node.Join(app.Database, "test", TimeProvider.System, Cancel);
        while (await services.GetRequiredService<EnrichLeads>().RunBatch(Workspace, node.Id, Cancel) > 0) { }
        while (await services.GetRequiredService<RankLeads>().RunBatch(Workspace, Cancel) > 0) { }
        var campaigns = services.GetRequiredService<Campaigns>();
        var id = await campaigns.Create(
            Workspace,
            new CampaignDraft
            {
                Name = name, MailboxId = box, ApprovesEach = approves, NewPerDayLimit = null,
                AllowsOverlap = true, Audience = new LeadFilter { Search = name },
                Steps =
                [
                    new StepDraft
                    {
                        Kind = kind,
                        Variants = [new VariantDraft(
                            kind == StepKind.Email ? "For {{company}}" : "", "Hello {{first_name}}.")],
                    },
                ],
            },
            Cancel);
        await services.GetRequiredService<LaunchCampaign>().Start(Workspace, id, null, Cancel);
        while (await services.GetRequiredService<EnrollAudience>().RunBatch(Workspace, Cancel) > 0) { }
        while (await services.GetRequiredService<ComposeMessages>().RunBatch(Workspace, Cancel) > 0) { }
        while (await services.GetRequiredService<PlanApproved>().RunBatch(Workspace, Cancel) > 0) { }
        return id;
    }

    async Task Do(string sql)
    {
        await using var session = await app.Database.OpenInstance(Cancel);
        await session.Run(sql, null, Cancel);
        await session.Commit(Cancel);
    }

    static long Id(JsonElement row) => row.GetProperty("id").GetInt64();

    static async Task<IReadOnlyList<JsonElement>> Rows(Visitor visitor, string path) =>
        [.. (await Ok(await visitor.GetJson(path))).GetProperty("data").EnumerateArray()];

    static async Task<string?> Code(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("code")
            .GetString();

    static async Task<JsonElement> Ok(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonDocument.Parse(text).RootElement;
        }
    }
}
