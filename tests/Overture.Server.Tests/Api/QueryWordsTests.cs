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
}
