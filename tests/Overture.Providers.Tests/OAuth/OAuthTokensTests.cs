using Overture.Providers.OAuth;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.OAuth;

public sealed class OAuthTokensTests : IAsyncLifetime
{
    readonly TestOutbound outbound = new();
    ProviderServer server = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await TestOutbound.Server();

    public async ValueTask DisposeAsync()
    {
        outbound.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_its_end()
    {
        server.Play("google", RecordedAnswer.Json("""{"access_token":"one","expires_in":3599}"""));
        using var tokens = Tokens();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => tokens.Token(Token)));
        outbound.Skipping.Advance(TimeSpan.FromMinutes(57));
        Assert.Equal("one", (await tokens.Token(Token)).Value.AccessToken);
        Assert.Single(server.Requests);

        server.Play("google", RecordedAnswer.Json("""{"access_token":"two"}"""));
        outbound.Skipping.Advance(TimeSpan.FromMinutes(2));

        var token = (await tokens.Token(Token)).Value;
        Assert.Equal("two", token.AccessToken);
        Assert.DoesNotContain("two", token.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            "grant_type=refresh_token&refresh_token=1%2F%2Frefresh&client_id=us&client_secret=the-secret",
            server.Requests[0].Body);
        Assert.Equal("application/x-www-form-urlencoded", server.Requests[0].Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_changed_refresh_token_is_stored_and_used()
    {
        server.Play("google", RecordedAnswer.Json(
            """{"access_token":"one","expires_in":1,"refresh_token":"next"}"""));
        List<string> stored = [];
        using var tokens = Tokens((changed, _) =>
        {
            stored.Add(changed);
            return ValueTask.CompletedTask;
        });

        await tokens.Token(Token);
        await tokens.Token(Token);

        Assert.Equal(["next"], stored);
        Assert.Contains("refresh_token=next&", server.Requests[1].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "invalid_grant", FailureKind.Unauthorised)]
    [InlineData(400, "interaction_required", FailureKind.Unauthorised)]
    [InlineData(401, "invalid_client", FailureKind.Forbidden)]
    [InlineData(400, "invalid_scope", FailureKind.InvalidRequest)]
    [InlineData(400, "temporarily_unavailable", FailureKind.Unavailable)]
    public async Task A_refusal_is_a_value(int code, string error, FailureKind expected)
    {
        server.Play("google", RecordedAnswer.Json(
            $$"""{"error":"{{error}}","error_description":"Token has been expired or revoked."}""")
            with { Code = code });
        using var tokens = Tokens();

        var result = await tokens.Token(Token);

        Assert.Equal(expected, result.Failure!.Kind);
        Assert.Contains(error, result.Failure.Said, StringComparison.Ordinal);
        Assert.Null(result.Raw);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"access_token":"a\r\nX-Evil: 1"}""")]
    [InlineData("<html></html>")]
    public async Task An_answer_without_a_token_is_malformed(string body)
    {
        server.Play("google", RecordedAnswer.Json(body));
        using var tokens = Tokens();

        Assert.Equal(FailureKind.Malformed, (await tokens.Token(Token)).Failure!.Kind);
    }

    [Fact]
    public async Task Nothing_is_asked_without_a_grant()
    {
        using var tokens = new OAuthTokens(
            new OAuthOptions { Provider = "google", TokenUrl = server.For("google"), ClientId = "us" },
            outbound.Http);

        Assert.Equal(FailureKind.NotConfigured, (await tokens.Token(Token)).Failure!.Kind);
        Assert.Empty(server.Requests);
    }

    OAuthTokens Tokens(Func<string, CancellationToken, ValueTask>? store = null) => new(
        new OAuthOptions
        {
            Provider = "google", TokenUrl = server.For("google"), ClientId = "us",
            ClientSecret = "the-secret", RefreshToken = "1//refresh",
        },
        outbound.Http, store);
}
