using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Overture.Server.Tests.Startup;

[SupportedOSPlatform("linux")]
public sealed class TroubleAnswersTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Theory]
    [InlineData("{", 400, "malformed_json")]
    [InlineData("""{"reason":"a","reson":"b"}""", 400, "malformed_json")]
    [InlineData("""{"reason":"a","reason":"b"}""", 400, "malformed_json")]
    [InlineData("""{"Reason":"a"}""", 400, "malformed_json")]
    [InlineData("""{"reason":7}""", 400, "malformed_json")]
    [InlineData("""{"reason":null}""", 400, "malformed_json")]
    [InlineData("{}", 400, "malformed_json")]
    [InlineData("""{"reason":" "}""", 422, "reason_missing")]
    public async Task A_bad_body_is_refused_with_its_reason(string body, int expected, string code)
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.PostJson(
            "/api/v1/workspace/stop", body, ("Sec-Fetch-Site", "same-origin"));

        var problem = await Problem(answer);
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.DoesNotContain("System.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/api/v1/nothing-here", 404, "not_found")]
    [InlineData("/no-such-page", 404, "not_found")]
    public async Task An_unknown_address_is_a_problem_document_for_programs(
        string path, int expected, string code)
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.GetJson(path);

        var problem = await Problem(answer);
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal(expected, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(path, problem.GetProperty("instance").GetString());
        Assert.Equal(
            answer.Headers.GetValues("Request-Id").Single(), problem.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task It_is_a_page_for_people()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.Get("/no-such-page");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("There is nothing at this address.", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_time_zone_names_the_field()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.Send(
            HttpMethod.Patch, "/api/v1/workspace",
            new StringContent("""{"time_zone":"Mars/Olympus"}""", null, "application/json"),
            ("Sec-Fetch-Site", "same-origin"));

        var error = (await Problem(answer)).GetProperty("errors")[0];
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("time_zone", error.GetProperty("pointer").GetString());
        Assert.Contains("Mars/Olympus", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_body_beyond_a_mebibyte_is_refused()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.PostJson(
            "/api/v1/workspace/stop", $$"""{"reason":"{{new string('a', 1_100_000)}}"}""",
            ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    static async Task<JsonElement> Problem(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
