using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Overture.Core.Model;
using Overture.Server.Api;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed partial class PagingTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Fact]
    public async Task The_link_leads_through_the_whole_list_and_keeps_the_question()
    {
        using var owner = app.SignedIn();
        for (var number = 0; number < 5; number++)
            using (var added = await owner.PostJson(
                "/api/v1/leads", $$"""{"full_name":"Ann & Co {{number}}","country":"AT"}""",
                ("Sec-Fetch-Site", "same-origin")))
                Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        var seen = new List<long>();
        for (var next = "/api/v1/leads?search=Ann%20%26%20Co&limit=2&has_email=false"; next is not null;)
        {
            using var page = await owner.GetJson(next);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            var body = (await JsonDocument.ParseAsync(await page.Content.ReadAsStreamAsync())).RootElement;
            seen.AddRange(
                body.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetInt64()));
            next = Next(page);
            Assert.Equal(body.GetProperty("next_cursor").GetString() is not null, next is not null);
            if (next is not null)
                Assert.StartsWith(
                    $"{app.Address}/api/v1/leads?search=Ann%20%26%20Co&limit=2&has_email=false&cursor=", next,
                    StringComparison.Ordinal);
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Theory]
    [InlineData("leads")]
    [InlineData("jobs")]
    [InlineData("companies")]
    [InlineData("inbox")]
    [InlineData("approvals")]
    [InlineData("../leads")]
    public async Task A_limit_out_of_range_is_refused_with_the_range(string list)
    {
        using var owner = app.SignedIn();
        foreach (var limit in new[] { "0", "-1", "101", "99999999999", "many", "" })
        {
            using var refused = await owner.GetJson($"/api/v1/{list}?limit={limit}");
            var problem = await refused.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("“limit” is a whole number from 1 to 100.", problem, StringComparison.Ordinal);
            Assert.Contains("\"pointer\":\"limit\"", problem, StringComparison.Ordinal);
        }

        foreach (var limit in new[] { "1", "100" })
        {
            using var taken = await owner.GetJson($"/api/v1/{list}?limit={limit}");
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }
    }

    [Fact]
    public async Task A_page_of_a_hundred_knows_of_the_hundred_and_first()
    {
        await app.Database.InInstance(
            session => session.Run(
                """
                insert into jobs (workspace_id, kind, state, parameters, created_by, created_at, run_at)
                select w.id, 'collect_synthetic', 'available', '{}', 'test', now(), now()
                from workspaces w, generate_series(1, 101)
                """,
                null, default),
            default);
        using var owner = app.SignedIn();

        using var page = await owner.GetJson("/api/v1/jobs?limit=100");
        var body = (await JsonDocument.ParseAsync(await page.Content.ReadAsStreamAsync())).RootElement;
        using var rest = await owner.GetJson(Next(page)!);
        var last = (await JsonDocument.ParseAsync(await rest.Content.ReadAsStreamAsync())).RootElement;

        Assert.Equal(100, body.GetProperty("data").GetArrayLength());
        Assert.True(body.GetProperty("has_more").GetBoolean());
        Assert.Equal(1, last.GetProperty("data").GetArrayLength());
        Assert.Null(Next(rest));
    }

    [Theory]
    [InlineData("campaigns/1/messages", "draft, approved, scheduled, sending, sent, failed, cancelled,")]
    [InlineData("enrollments", "active, paused, finished, completed, replied, company_replied,")]
    public async Task A_state_that_does_not_exist_is_refused_with_those_there_are(string list, string words)
    {
        using var owner = app.SignedIn();
        using var refused = await owner.GetJson($"/api/v1/{list}?state=zzz");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(words, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_state_and_reason_may_be_asked_for()
    {
        Assert.Empty(Enum.GetNames<MessageState>().Except(Enum.GetNames<MessageWord>()));
        Assert.Empty(Enum.GetNames<EnrollmentState>().Except(Enum.GetNames<EnrollmentWord>()));
        Assert.Empty(Enum.GetNames<FinishReason>().Except(Enum.GetNames<EnrollmentWord>()));
    }

    static string? Next(HttpResponseMessage page) =>
        page.Headers.TryGetValues("Link", out var links)
            ? LinkToNext().Match(links.Single()).Groups["address"].Value : null;

    [GeneratedRegex("^<(?<address>[^>]+)>; rel=\"next\"$", RegexOptions.NonBacktracking)]
    private static partial Regex LinkToNext();
}
