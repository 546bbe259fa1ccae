using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Server.Api;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed class IdempotencyKeysTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    const string Jobs = "/api/v1/jobs/collect-synthetic";
    const string Body = """{"count":1,"seed":1}""";

    [Fact]
    public async Task Sent_again_it_does_nothing_and_gets_the_first_answer()
    {
        var before = await JobCount();
        var first = await Post(Jobs, Body, "once");
        var again = await Post(Jobs, Body, "once");

        Assert.Equal((HttpStatusCode.Accepted, false), (first.Code, first.IsReplayed));
        Assert.Equal((HttpStatusCode.Accepted, true), (again.Code, again.IsReplayed));
        Assert.Equal((first.Text, first.Location), (again.Text, again.Location));
        Assert.NotNull(again.Location);
        Assert.Equal(before + 1, await JobCount());
        await Post(Jobs, Body, null);
        await Post(Jobs, Body, "twice");
        Assert.Equal(before + 3, await JobCount());
    }

    [Fact]
    public async Task Fifty_at_once_have_one_effect()
    {
        var before = await JobCount();
        await using var held = await app.Database.OpenInstance(default);
        await held.Run("lock table jobs in exclusive mode", null, default);

        var answers = new List<Answer>();
        await foreach (var done in Task.WhenEach(
            Enumerable.Range(0, 50).Select(_ => Post(Jobs, Body, "fifty")).ToList()))
        {
            answers.Add(await done);
            if (answers.Count == 49) await held.Commit(default);
        }

        Assert.Equal(before + 1, await JobCount());
        Assert.All(answers.SkipLast(1), answer => Assert.Equal(
            (HttpStatusCode.Conflict, "1"), (answer.Code, answer.RetryAfter)));
        Assert.Equal((HttpStatusCode.Accepted, false), (answers[^1].Code, answers[^1].IsReplayed));
        Assert.True((await Post(Jobs, Body, "fifty")).IsReplayed);
    }

    [Fact]
    public async Task Of_two_processes_one_gets_the_turn()
    {
        await using var here = Process();
        await using var there = Process();
        var key = new RequestKey(1, "user 1", "two processes");

        var turns = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(number => (number % 2 == 0 ? here : there).Begin(key)));

        Assert.Single(turns, turn => turn.Node is not null);
    }

    [Theory]
    [InlineData(Jobs, """{"count":1,"seed":2}""")]
    [InlineData("/api/v1/jobs/enrich-leads", Body)]
    public async Task Another_request_under_the_same_key_is_refused(string path, string body)
    {
        var key = $"other {path} {body}".Replace('"', '_');
        await Post(Jobs, Body, key);
        var before = await JobCount();

        var other = await Post(path, body, key);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Code);
        Assert.Contains("idempotency_key_reused", other.Text, StringComparison.Ordinal);
        Assert.Equal(before, await JobCount());
    }

    [Fact]
    public async Task What_another_process_is_at_is_waited_for_until_that_process_dies()
    {
        var caller = await CallerOf(await Key("write"));
        var other = Process();
        Assert.NotNull((await other.Begin(new RequestKey(1, caller.Name, "held"))).Node);

        var meanwhile = await Post(Jobs, Body, "held", caller.Key);
        await other.DisposeAsync();
        var after = await Post(Jobs, Body, "held", caller.Key);

        Assert.Equal(HttpStatusCode.Conflict, meanwhile.Code);
        Assert.Contains("request_in_flight", meanwhile.Text, StringComparison.Ordinal);
        Assert.Equal("1", meanwhile.RetryAfter);
        Assert.Equal((HttpStatusCode.Accepted, false), (after.Code, after.IsReplayed));
    }

    [Fact]
    public async Task A_failure_of_ours_is_not_kept()
    {
        await Run("alter table lists rename to lists_away");
        var failed = await Post("/api/v1/lists", """{"name":"Later"}""", "failing");
        await Run("alter table lists_away rename to lists");
        var retried = await Post("/api/v1/lists", """{"name":"Later"}""", "failing");

        Assert.Equal(HttpStatusCode.InternalServerError, failed.Code);
        Assert.Equal((HttpStatusCode.Created, false), (retried.Code, retried.IsReplayed));
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        var refused = await Post("/api/v1/campaigns/4711/duplicate", "", "refused");
        var again = await Post("/api/v1/campaigns/4711/duplicate", "", "refused");

        Assert.Equal((HttpStatusCode.NotFound, false), (refused.Code, refused.IsReplayed));
        Assert.Equal((HttpStatusCode.NotFound, true), (again.Code, again.IsReplayed));
        Assert.Equal(refused.Text, again.Text);
        Assert.Contains("not_found", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_caller_has_keys_of_its_own()
    {
        var (one, other) = (await Key("write"), await Key("write"));
        var before = await JobCount();

        Assert.False((await Post(Jobs, Body, "shared", one)).IsReplayed);
        Assert.False((await Post(Jobs, Body, "shared", other)).IsReplayed);
        Assert.False((await Post(Jobs, Body, "shared")).IsReplayed);
        Assert.Equal(before + 3, await JobCount());
    }

    [Fact]
    public async Task After_a_day_a_key_is_forgotten()
    {
        await Post(Jobs, Body, "old");
        await Post(Jobs, Body, "young");
        await ADayGoesBy("old");
        Assert.False((await Post(Jobs, Body, "old")).IsReplayed);
        await ADayGoesBy("old");

        await app.Services.GetRequiredService<KeptAnswers>().Forget(default);

        Assert.Equal(0, await Count("kept_answers where key_hash = sha256('old')"));
        Assert.True((await Post(Jobs, Body, "young")).IsReplayed);
    }

    [Fact]
    public async Task A_program_names_whatever_sends_and_a_browser_need_not()
    {
        var program = await Post("/api/v1/workspace/resume", "", null, await Key("write"));
        var browser = await Post("/api/v1/workspace/resume", "", null);
        var named = await Post("/api/v1/workspace/resume", "", "resume", await Key("write"));

        Assert.Equal(HttpStatusCode.BadRequest, program.Code);
        Assert.Contains("idempotency_key_missing", program.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, browser.Code);
        Assert.Equal(HttpStatusCode.OK, named.Code);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(256, HttpStatusCode.Accepted)]
    [InlineData(257, HttpStatusCode.BadRequest)]
    public async Task A_key_has_1_to_256_characters(int length, HttpStatusCode expected) =>
        Assert.Equal(expected, (await Post(Jobs, Body, new string('k', length))).Code);

    [Fact]
    public async Task A_secret_in_an_answer_is_kept_sealed()
    {
        const string wanted = """{"name":"sealed","scopes":["read"]}""";
        var made = await Post("/api/v1/keys", wanted, "secret");
        var again = await Post("/api/v1/keys", wanted, "secret");
        var text = JsonDocument.Parse(made.Text).RootElement.GetProperty("text").GetString()!;

        Assert.Equal((true, made.Text), (again.IsReplayed, again.Text));
        var kept = await app.Database.InInstance(
            session => session.One<byte[]>(
                "select body from kept_answers where key_hash = sha256('secret')", null, default), default);
        Assert.Equal(-1, kept.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task Who_gives_up_waiting_finds_the_answer_when_it_asks_again()
    {
        var before = await JobCount();
        await using (var held = await app.Database.OpenInstance(default))
        {
            await held.Run("lock table jobs in exclusive mode", null, default);
            using var impatient = new CancellationTokenSource();
            var asked = Post(Jobs, Body, "impatient", cancel: impatient.Token);
            while (await Count("pg_locks where relation = 'jobs'::regclass and not granted") == 0)
                Assert.False(asked.IsCompleted);
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        var again = await Post(Jobs, Body, "impatient");
        while (again.Code == HttpStatusCode.Conflict) again = await Post(Jobs, Body, "impatient");

        Assert.Equal((HttpStatusCode.Accepted, true), (again.Code, again.IsReplayed));
        Assert.Equal(before + 1, await JobCount());
    }

    [Fact]
    public async Task A_large_upload_is_told_from_another_without_being_kept()
    {
        var rows = new StringBuilder("email,name\n");
        for (var row = 0; row < 200_000; row++) rows.Append(row).Append("@client.example,Ann\n");
        var file = rows.ToString();

        var first = await Post("/api/v1/imports", file, "upload", type: "text/csv");
        var again = await Post("/api/v1/imports", file, "upload", type: "text/csv");
        var other = await Post("/api/v1/imports", file + "x@client.example,X\n", "upload", type: "text/csv");

        Assert.Equal(HttpStatusCode.Created, first.Code);
        Assert.Equal((true, first.Text), (again.IsReplayed, again.Text));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Code);
        Assert.Equal(1, await Count("imports"));
    }

    [Fact]
    public async Task After_an_erasure_no_answer_is_kept()
    {
        const string ann = """{"full_name":"Ann Erased","email":"ann.erased@client.example"}""";
        await Post("/api/v1/leads", ann, "ann");
        var erased = await Post(
            "/api/v1/people/erase", """{"email":"ann.erased@client.example"}""", "erase");
        Assert.True(erased.Code == HttpStatusCode.OK, erased.Text);

        var again = await Post("/api/v1/leads", ann, "ann");

        Assert.Equal(HttpStatusCode.Conflict, again.Code);
        Assert.Contains("answer_not_kept", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_post_says_whether_it_sends()
    {
        var posts = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(one => one.Metadata.GetMetadata<HttpMethodMetadata>() is { } verbs
                && verbs.HttpMethods.Contains("POST"))
            .Select(one => one.RoutePattern.RawText!.TrimEnd('/'))
            .Select(path => path.Replace(":long", "", StringComparison.Ordinal))
            .Where(path => path.StartsWith(PostEffects.Root, StringComparison.Ordinal));

        Assert.Equal(PostEffects.All.Keys.Order(), posts.Order());
        Assert.Equal(PostEffect.Sends, PostEffects.Of("/api/v1/campaigns/{id}/something-new"));
    }

    Task ADayGoesBy(string key) => Run(
        $"update kept_answers set begun_at = begun_at - interval '25h' where key_hash = sha256('{key}')");

    KeptAnswers Process() => new(
        app.Database, new SecretBox(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes)), TimeProvider.System);

    async Task<string> Key(string scope)
    {
        var made = await Post("/api/v1/keys", $$"""{"name":"test","scopes":["{{scope}}"]}""", null);
        return JsonDocument.Parse(made.Text).RootElement.GetProperty("text").GetString()!;
    }

    async Task<(string Name, string Key)> CallerOf(string key)
    {
        var id = await app.Database.InInstance(
            session => session.One<long>("select max(id) from api_keys", null, default), default);
        return ($"key {id}", key);
    }

    Task<long> JobCount() => Count("jobs");

    Task<long> Count(string what) => app.Database.InInstance(
        session => session.One<long>($"select count(*) from {what}", null, default), default);

    Task Run(string sql) =>
        app.Database.InInstance(session => session.Run(sql, null, default), default);

    async Task<Answer> Post(
        string path, string body, string? key, string? apiKey = null, string type = "application/json",
        CancellationToken cancel = default)
    {
        using var visitor = apiKey is null ? app.SignedIn() : app.Stranger();
        var headers = new List<(string, string)> { ("Sec-Fetch-Site", "same-origin") };
        if (key is not null) headers.Add(("Idempotency-Key", key));
        if (apiKey is not null) headers.Add(("Authorization", $"Bearer {apiKey}"));
        using var content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, type);
        using var answer = await visitor.Send(HttpMethod.Post, path, content, cancel, [.. headers]);
        return new Answer(
            answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel),
            answer.Headers.Contains("Idempotent-Replayed"), answer.Headers.Location?.ToString(),
            answer.Headers.RetryAfter?.ToString());
    }

    sealed record Answer(
        HttpStatusCode Code, string Text, bool IsReplayed, string? Location, string? RetryAfter);
}
