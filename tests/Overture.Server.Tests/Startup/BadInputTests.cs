using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;

namespace Overture.Server.Tests.Startup;

/// <summary>
/// Each refusal says what was wrong, where, and what is wanted; none names a type of the code.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class BadInputTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    static readonly (string, string) FromHere = ("Sec-Fetch-Site", "same-origin");

    [Theory]
    [InlineData("leads", """{"title":"CEO"}""", "lacks a required field at line 1, position 16: full_name.")]
    [InlineData(
        "leads", """{"full_name":7}""",
        "in the field “full_name” at line 1, position 15: wanted is a text.")]
    [InlineData(
        "leads", """{"full_name":"A","mail":"a@x.example"}""",
        "; there are full_name, title, email, linkedin_url, ")]
    [InlineData("leads", "[]", "wanted is an object.")]
    [InlineData("leads", "", "A JSON body is needed here and there was none.")]
    [InlineData("leads", "null", "A JSON body is needed here and there was none.")]
    [InlineData("holidays", """{"day":"2026-13-01","name":"x"}""", "wanted is a day such as 2026-11-30.")]
    [InlineData(
        "leads/export", """{"ids":["a"]}""",
        "in the field “ids[0]” at line 1, position 12: wanted is a whole number.")]
    [InlineData(
        "leads/export", """{"filter":{"state":"open"}}""",
        "wanted is one of: new, enriched, ranked, accepted, ")]
    public async Task A_body_that_cannot_be_read_is_answered_with_what_is_wanted(
        string path, string body, string sentence)
    {
        using var owner = app.SignedIn();
        using var answer = await owner.PostJson($"/api/v1/{path}", body, FromHere);
        Assert.Contains(sentence, await Detail(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leads?list=many", "“list” is a whole number; “many” is not.")]
    [InlineData("leads?min_score=high", "“min_score” is a number; “high” is not.")]
    [InlineData("leads?has_email=perhaps", "“has_email” is true or false; “perhaps” is not.")]
    public async Task A_value_of_the_query_that_cannot_be_read_is_named(string query, string sentence)
    {
        using var owner = app.SignedIn();
        using var answer = await owner.GetJson($"/api/v1/{query}");
        Assert.Equal(sentence, await Detail(answer, HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Another_method_is_answered_with_those_there_are()
    {
        using var owner = app.SignedIn();
        using var answer = await owner.Send(HttpMethod.Put, "/api/v1/leads", null, FromHere);
        Assert.Equal(
            "This address does not take PUT; it takes DELETE, GET, POST.",
            await Detail(answer, HttpStatusCode.MethodNotAllowed));
        Assert.Contains("GET", answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Another_kind_of_body_is_answered_with_the_one_wanted()
    {
        using var owner = app.SignedIn();
        using var body = new StringContent("full_name=A", Encoding.UTF8, "text/plain");
        using var answer = await owner.Send(HttpMethod.Post, "/api/v1/leads", body, FromHere);
        Assert.Contains(
            "application/json", await Detail(answer, HttpStatusCode.UnsupportedMediaType),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"full_name":"A\u0000B"}""", HttpStatusCode.BadRequest, "such as U+0000")]
    [InlineData(
        """{"name":"x","mailbox_id":999}""", HttpStatusCode.UnprocessableEntity,
        "“mailbox_id” names something")]
    public async Task What_the_database_refuses_is_no_failure_of_ours(
        string body, HttpStatusCode expected, string sentence)
    {
        using var owner = app.SignedIn();
        var path = body.Contains("mailbox", StringComparison.Ordinal) ? "campaigns" : "leads";
        using var answer = await owner.PostJson($"/api/v1/{path}", body, FromHere);
        Assert.Contains(sentence, await Detail(answer, expected), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_too_long_to_keep_is_named()
    {
        using var owner = app.SignedIn();
        using var answer = await owner.PostJson(
            "/api/v1/leads", $$"""{"full_name":"{{new string('x', 20_000)}}"}""", FromHere);
        Assert.StartsWith(
            "“full_name” is longer", await Detail(answer, HttpStatusCode.UnprocessableEntity),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("localhost")]
    [InlineData("two%20words.example")]
    public async Task A_key_is_made_for_a_domain_only(string domain)
    {
        using var owner = app.SignedIn();
        using var body = new StringContent("""{"selector":"s1"}""", Encoding.UTF8, "application/json");
        using var answer = await owner.Send(HttpMethod.Put, $"/api/v1/domain-keys/{domain}", body, FromHere);
        Assert.EndsWith(
            "is no domain; give one such as example.com.",
            await Detail(answer, HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_evidence_about_a_message_that_does_not_exist()
    {
        using var owner = app.SignedIn();
        using var answer = await owner.GetJson("/api/v1/messages/999999/evidence");
        Assert.Contains("999999", await Detail(answer, HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    static async Task<string> Detail(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, text);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Overture.", text, StringComparison.Ordinal);
        return JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!;
    }
}
