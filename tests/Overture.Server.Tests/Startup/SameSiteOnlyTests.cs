using System.Net;
using System.Runtime.Versioning;

namespace Overture.Server.Tests.Startup;

[SupportedOSPlatform("linux")]
public sealed class SameSiteOnlyTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    const string Stop = """{"reason":"a test"}""";

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "{here}", HttpStatusCode.OK)]
    [InlineData("Origin", "{here}.attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Referer", "{here}/settings", HttpStatusCode.OK)]
    [InlineData("Referer", "https://attacker.example/{here}", HttpStatusCode.Forbidden)]
    [InlineData("X-Nothing", "at all", HttpStatusCode.Forbidden)]
    public async Task A_write_with_a_cookie_must_come_from_here(
        string header, string value, HttpStatusCode expected)
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.PostJson(
            "/api/v1/workspace/stop", Stop, (header, value.Replace("{here}", app.Address)));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Fetch_metadata_wins_over_a_friendly_origin()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.PostJson(
            "/api/v1/workspace/stop", Stop, ("Sec-Fetch-Site", "cross-site"), ("Origin", app.Address));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_key_header_no_cookie_is_looked_at()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.PostJson(
            "/api/v1/workspace/stop", Stop, ("Authorization", "Bearer nonsense"),
            ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_content_type_does_not_reach_a_json_endpoint()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.Send(
            HttpMethod.Post, "/api/v1/workspace/stop", new StringContent(Stop, null, "text/plain"),
            ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a token")]
    public async Task A_form_without_its_token_is_refused_though_it_comes_from_here(string token)
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.PostForm(
            "/sending/stop", ("back", "/settings"), ("__RequestVerificationToken", token));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_with_its_token_is_taken_and_leads_back_to_a_path_of_ours_only()
    {
        using var visitor = app.SignedIn();
        var token = await visitor.FormToken("/settings");
        using var back = await visitor.PostForm(
            "/sending/stop", ("back", "/settings"), ("__RequestVerificationToken", token));
        using var away = await visitor.PostForm(
            "/sending/resume", ("back", "//attacker.example"), ("__RequestVerificationToken", token));

        Assert.Equal("/settings", back.Headers.Location!.ToString());
        Assert.Equal("/", away.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_token_of_one_person_does_not_serve_a_stranger()
    {
        using var visitor = app.SignedIn();
        using var stranger = app.Stranger();
        var token = await stranger.FormToken("/login");
        using var answer = await visitor.PostForm("/sending/stop", ("__RequestVerificationToken", token));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
