using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed class CampaignsApiTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Fact]
    public async Task An_audience_is_told_as_it_was_given()
    {
        using var owner = app.SignedIn();
        using var made = await owner.PostJson(
            "/api/v1/campaigns", """{"name":"Spring","audience":{"state":"ranked","min_score":60}}""",
            ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var detail = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement;
        var audience = detail.GetProperty("audience");
        Assert.Equal("ranked", audience.GetProperty("state").GetString());
        Assert.Equal(60, audience.GetProperty("min_score").GetInt32());
        Assert.False(audience.TryGetProperty("is_empty", out _));
        Assert.False(detail.GetProperty("campaign").TryGetProperty("audience", out _));
    }
}
