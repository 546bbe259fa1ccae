using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed class EntityTagsTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Theory]
    [InlineData("workspace")]
    [InlineData("ranking")]
    [InlineData("holidays")]
    [InlineData("segments")]
    [InlineData("integrations/hunter")]
    [InlineData("integrations/waterfall")]
    public async Task What_is_read_and_changed_has_a_tag_that_stays_while_it_does(string path)
    {
        var (first, again) = (await Send("GET", path), await Send("GET", path));

        Assert.Equal(HttpStatusCode.OK, first.Code);
        Assert.Matches("^\"[0-9a-f]{32}\"$", first.Tag);
        Assert.Equal(first.Tag, again.Tag);
    }

    [Theory]
    [InlineData("leads")]
    [InlineData("jobs")]
    [InlineData("me")]
    public async Task A_page_of_a_list_or_what_nobody_changes_has_none(string path) =>
        Assert.Null((await Send("GET", path)).Tag);

    [Fact]
    public async Task A_change_of_what_has_changed_since_is_refused_and_not_made()
    {
        var path = await NewList("Spring");
        var seen = (await Send("GET", path)).Tag!;
        var changed = await Send("PATCH", path, """{"name":"Summer"}""", seen);

        var late = await Send("PATCH", path, """{"name":"Winter"}""", seen);

        Assert.Equal(HttpStatusCode.OK, changed.Code);
        Assert.NotEqual(seen, changed.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Code);
        Assert.Contains("changed_meanwhile", late.Text, StringComparison.Ordinal);
        var now = await Send("GET", path);
        Assert.Contains("Summer", now.Text, StringComparison.Ordinal);
        Assert.Equal(changed.Tag, now.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send("DELETE", path, null, seen)).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await Send("DELETE", path, null, now.Tag)).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await Send("DELETE", path, null, now.Tag)).Code);
    }

    [Fact]
    public async Task Who_asks_for_no_match_changes_what_is_there()
    {
        var path = await NewList("Careless");
        Assert.Equal(HttpStatusCode.OK, (await Send("PATCH", path, """{"name":"More careless"}""")).Code);
        Assert.Equal(HttpStatusCode.OK, (await Send("PATCH", path, """{"name":"Any"}""", "*")).Code);
    }

    [Fact]
    public async Task One_of_many_that_saw_the_same_may_change_it()
    {
        const int many = 5;
        var path = await NewList("Contested");
        var seen = (await Send("GET", path)).Tag;
        Task<Answer>[] asked;
        await using (var held = await app.Database.OpenInstance(default))
        {
            await held.Run("select from lists where name = 'Contested' for update", null, default);
            asked = [.. Enumerable.Range(0, many).Select(
                number => Send("PATCH", path, $$"""{"name":"Contested by {{number}}"}""", seen))];
            while (await Waiting() < many) Assert.DoesNotContain(asked, one => one.IsCompleted);
        }

        var answers = await Task.WhenAll(asked);

        Assert.Single(answers, answer => answer.Code == HttpStatusCode.OK);
        Assert.Equal(many - 1, answers.Count(answer => answer.Code == HttpStatusCode.PreconditionFailed));
    }

    [Theory]
    [InlineData("DELETE", "leads")]
    [InlineData("DELETE", "views/1")]
    [InlineData("POST", "workspace/stop")]
    public async Task Where_there_is_no_tag_a_match_is_refused_rather_than_ignored(string method, string path)
    {
        var answer = await Send(method, path, null, "\"0\"");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Code);
        Assert.Contains("if_match_not_possible", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unquoted", HttpStatusCode.BadRequest)]
    [InlineData("\"other\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"other\", \"another\"", HttpStatusCode.PreconditionFailed)]
    public async Task A_tag_is_written_as_it_was_given(string tag, HttpStatusCode expected)
    {
        var path = await NewList($"Written {tag}".Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal(expected, (await Send("PATCH", path, """{"name":"X"}""", tag)).Code);
    }

    async Task<string> NewList(string name)
    {
        var made = await Send("POST", "lists", $$"""{"name":"{{name}}"}""");
        return $"lists/{JsonDocument.Parse(made.Text).RootElement.GetProperty("id").GetInt64()}";
    }

    Task<long> Waiting() => app.Database.InInstance(
        session => session.One<long>(
            """
            select count(distinct pid) from pg_locks where not granted and pid in
                (select pid from pg_stat_activity where datname = current_database())
            """,
            null, default), default);

    async Task<Answer> Send(string method, string path, string? body = null, string? match = null)
    {
        using var owner = app.SignedIn();
        var headers = new List<(string, string)> { ("Sec-Fetch-Site", "same-origin") };
        if (match is not null) headers.Add(("If-Match", match));
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await owner.Send(
            new HttpMethod(method), $"/api/v1/{path}", content, [.. headers]);
        return new Answer(
            answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.ETag?.Tag);
    }

    sealed record Answer(HttpStatusCode Code, string Text, string? Tag);
}
