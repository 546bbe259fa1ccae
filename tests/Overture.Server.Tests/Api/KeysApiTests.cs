using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Overture.Server.Startup;
using Overture.Testing;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed class KeysApiTests(KeysApiTests.LimitedApp app) : IClassFixture<KeysApiTests.LimitedApp>
{
    const int Limit = 12;

    [Fact]
    public async Task A_read_key_reads_and_is_refused_writing()
    {
        var key = await Create("read");
        using var program = app.Stranger();

        using var me = await program.GetJson("/api/v1/me", ("Authorization", $"Bearer {key.Text}"));
        using var byHeader = await program.GetJson("/api/v1/me", ("X-Api-Key", key.Text));
        using var write = await program.PostJson(
            "/api/v1/workspace/stop", """{"reason":"x"}""", ("Authorization", $"Bearer {key.Text}"));

        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        Assert.Equal(
            "viewer", (await me.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("role").GetString());
        Assert.Equal(HttpStatusCode.OK, byHeader.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
    }

    [Fact]
    public async Task A_write_key_stops_sending_without_any_csrf_header()
    {
        var key = await Create("write");
        using var program = app.Stranger();
        using var stop = await program.PostJson(
            "/api/v1/workspace/stop", """{"reason":"x"}""", ("Authorization", $"Bearer {key.Text}"));
        using var keys = await program.GetJson("/api/v1/keys", ("Authorization", $"Bearer {key.Text}"));

        Assert.Equal(HttpStatusCode.OK, stop.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, keys.StatusCode);
    }

    [Fact]
    public async Task A_revoked_mistyped_or_unknown_key_reads_the_same()
    {
        var key = await Create("read");
        using var owner = app.SignedIn();
        using var revoked = await owner.Send(
            HttpMethod.Delete, $"/api/v1/keys/{key.Id}", null, ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var program = app.Stranger();
        foreach (var text in new[] { key.Text, key.Text[..^1] + "x", "ovt_live_", "" })
        {
            using var answer = await program.GetJson("/api/v1/me", ("Authorization", $"Bearer {text}"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("key_refused", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Each_key_has_its_own_allowance()
    {
        var (spent, fresh) = (await Create("read"), await Create("read"));
        using var program = app.Stranger();
        for (var left = Limit - 1; left >= 0; left--)
        {
            using var answer = await program.GetJson("/api/v1/me", ("Authorization", $"Bearer {spent.Text}"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($"{left}", Header(answer, "X-RateLimit-Remaining"));
            Assert.Matches($"^\"default\";r={left};t=[1-9][0-9]*$", Header(answer, "RateLimit"));
            Assert.Equal($"\"default\";q={Limit};w=900", Header(answer, "RateLimit-Policy"));
        }

        using var refused = await program.GetJson("/api/v1/me", ("Authorization", $"Bearer {spent.Text}"));
        using var other = await program.GetJson("/api/v1/me", ("Authorization", $"Bearer {fresh.Text}"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var wait = refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.Equal($"\"default\";r=0;t={wait}", Header(refused, "RateLimit"));
        var resetsAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Header(refused, "X-RateLimit-Reset")));
        Assert.InRange((resetsAt - TimeProvider.System.GetUtcNow()).TotalSeconds, 0, 900);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            "https://iana.org/assignments/http-problem-types#quota-exceeded",
            problem.GetProperty("type").GetString());
        Assert.Equal("default", problem.GetProperty("violated-policies")[0].GetString());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal($"{Limit - 1}", Header(other, "X-RateLimit-Remaining"));
    }

    [Fact]
    public async Task A_refusal_tells_what_is_left_and_a_browser_has_no_allowance()
    {
        var key = await Create("read");
        using var program = app.Stranger();
        using var forbidden = await program.GetJson("/api/v1/keys", ("Authorization", $"Bearer {key.Text}"));
        using var owner = app.SignedIn();
        using var browser = await owner.GetJson("/api/v1/me");

        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal($"{Limit - 1}", Header(forbidden, "X-RateLimit-Remaining"));
        Assert.False(browser.Headers.Contains("RateLimit"));
    }

    [Fact]
    public void After_its_window_an_allowance_is_whole_again()
    {
        var time = new ManualTime();
        using var allowances = new KeyAllowances(2, TimeSpan.FromMinutes(15), time);
        var http = new DefaultHttpContext
        {
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(SignInSchemes.KeyClaim, "1")])),
        };
        bool May()
        {
            using var lease = allowances.AttemptAcquire(http);
            return lease.IsAcquired;
        }

        Assert.Equal((true, true, false), (May(), May(), May()));
        time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal((true, true, false), (May(), May(), May()));
    }

    static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    [Fact]
    public async Task The_list_never_shows_a_secret()
    {
        var key = await Create("read");
        using var owner = app.SignedIn();
        using var answer = await owner.GetJson("/api/v1/keys");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Contains(key.Text[9..17], text);
        Assert.DoesNotContain(key.Text[18..61], text);
        Assert.DoesNotContain("hash", text);
    }

    async Task<NewKey> Create(string scope)
    {
        using var owner = app.SignedIn();
        using var answer = await owner.PostJson(
            "/api/v1/keys", $$"""{"name":"test","scopes":["{{scope}}"]}""", (
                "Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new(made.GetProperty("id").GetInt64(), made.GetProperty("text").GetString()!);
    }

    sealed record NewKey(long Id, string Text);

    public sealed class LimitedApp : ClaimedApp
    {
        protected override int ApiRequestLimit => Limit;
    }
}
