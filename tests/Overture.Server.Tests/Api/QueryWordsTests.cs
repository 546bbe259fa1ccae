using System.Net;
using System.Runtime.Versioning;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed class QueryWordsTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Theory]
    [InlineData("leads?state=new")]
    [InlineData("leads?state=New&sort=score&reached=ENRICHED")]
    [InlineData("jobs?state=AVAILABLE")]
    public async Task A_word_may_be_written_in_any_case(string query)
    {
        using var owner = app.SignedIn();
        using var answer = await owner.GetJson($"/api/v1/{query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("state=open")]
    [InlineData("state=0")]
    [InlineData("state=")]
    [InlineData("state=new,ranked")]
    public async Task Another_word_is_refused_with_those_there_are(string query)
    {
        using var owner = app.SignedIn();
        using var answer = await owner.GetJson($"/api/v1/leads?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "is one of: new, enriched, ranked, accepted, rejected, enrolled, closed.",
            await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_written_as_in_every_answer()
    {
        using var owner = app.SignedIn();
        using var added = await owner.PostJson(
            "/api/v1/leads", """{"full_name":"Ada Example"}""", ("Sec-Fetch-Site", "same-origin"));
        using var answer = await owner.GetJson("/api/v1/leads?min_score=101");
        Assert.Contains("\"data\":[]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "leads?staet=new", "takes no “staet” here; it takes search, state,")]
    [InlineData("DELETE", "leads?state=new", "takes no “state” here; it takes dry_run.")]
    [InlineData("POST", "campaigns/1/test?dry_run=true", "takes no “dry_run” here; it takes nothing.")]
    public async Task A_name_that_means_nothing_is_refused_and_nothing_done(
        string method, string path, string sentence)
    {
        using var owner = app.SignedIn();
        using var answer = await owner.Send(
            new HttpMethod(method), $"/api/v1/{path}", null, ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leads?search=%00")]
    [InlineData("leads/export?industry=%00")]
    public async Task A_text_that_cannot_be_looked_for_is_refused(string query)
    {
        using var owner = app.SignedIn();
        using var answer = await owner.GetJson($"/api/v1/{query}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }
}
