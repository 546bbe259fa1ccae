using System.Runtime.Versioning;

namespace Overture.Server.Tests.Startup;

[SupportedOSPlatform("linux")]
public sealed class SafeHeadersTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'; frame-src 'self'";

    const string Expected =
        $"""
        Cache-Control: no-store
        Content-Security-Policy: {ContentPolicy}
        Cross-Origin-Opener-Policy: same-origin
        Cross-Origin-Resource-Policy: same-origin
        Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
        Referrer-Policy: same-origin
        Vary: Sec-Fetch-Site, Origin
        X-Content-Type-Options: nosniff
        X-Frame-Options: DENY
        """;

    static readonly string[] Varying = ["Date", "Request-Id", "Transfer-Encoding", "Location",
        "blazor-enhanced-nav"];

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/api/v1/me")]
    [InlineData("/health/live")]
    public async Task Every_answer_carries_the_same_safe_headers(string path)
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.GetJson(path);

        Assert.Equal(Expected, string.Join('\n', answer.Headers
            .Where(header => !Varying.Contains(header.Key))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")));
    }

    [Fact]
    public async Task Each_answer_has_a_request_id_of_its_own_and_no_server_name()
    {
        using var visitor = app.Stranger();
        using var first = await visitor.GetJson("/health/live", ("Request-Id", "mine"));
        using var second = await visitor.GetJson("/health/live");

        var ids = new[] { first, second }.Select(answer =>
            answer.Headers.GetValues("Request-Id").Single()).ToList();
        Assert.All(ids, id => Assert.Matches("^req_[0-9a-f]{24}$", id));
        Assert.Equal(2, ids.Distinct().Count());
        Assert.False(first.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_page_has_no_inline_script_or_style()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.Get("/settings");
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Contains("<script src=\"/js/theme.js", html);
        Assert.DoesNotContain("<script>", html);
        Assert.DoesNotContain("<style", html);
        Assert.DoesNotContain(" style=\"", html);
        Assert.DoesNotContain("onclick", html);
    }

    [Fact]
    public async Task A_versioned_asset_is_kept_for_a_year()
    {
        using var visitor = app.Stranger();
        using var answer = await visitor.Get("/css/overture.css?v=1");

        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString().Replace(
            "max-age=31536000, immutable, public", "public, max-age=31536000, immutable"));
        Assert.Equal("text/css", answer.Content.Headers.ContentType!.MediaType);
    }
}
