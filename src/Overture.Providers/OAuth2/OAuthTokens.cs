using System.Text;
using Overture.Providers.Outbound;

namespace Overture.Providers.OAuth2;

/// <summary>An access token; printing it shows nothing of it.</summary>
/// <param name="AccessToken">
/// Opens the API, SMTP (XOAUTH2) and IMAP until <paramref name="ExpiresAt"/>.
/// </param>
/// <param name="ExpiresAt">From then on it is refused.</param>
/// <param name="NewRefreshToken">
/// The refresh token to keep instead of the old one; null when the old one stays (RFC 6749 section 6).
/// </param>
public sealed record OAuthToken(string AccessToken, DateTimeOffset ExpiresAt, string? NewRefreshToken)
{
    /// <inheritdoc/>
    public override string ToString() => $"an access token until {ExpiresAt:O}";
}

/// <summary>
/// Renews access tokens by a refresh token (RFC 6749 section 6) and keeps the current one while it lasts.
/// Safe for many threads. An ended grant (invalid_grant) is the failure Unauthorised: nothing but the
/// person's new consent helps.
/// </summary>
/// <param name="options">The grant.</param>
/// <param name="outbound">The one way out.</param>
/// <param name="onNewRefreshToken">
/// Stores a changed refresh token before the access token is used; the old one may be dead already.
/// </param>
public sealed class OAuthTokens(
    OAuthOptions options, OutboundHttp outbound,
    Func<string, CancellationToken, ValueTask>? onNewRefreshToken = null)
    : IDisposable
{
    // Renewed this long before its end, so that no call starts with a token that dies on the way.
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    // RFC 6749 section 5.1 lets a service leave the lifetime out.
    const long UsualSeconds = 3600;
    const long LongestSeconds = 24 * 3600;

    readonly SemaphoreSlim gate = new(1);
    string? refreshToken = options.RefreshToken;
    OAuthToken? current;

    /// <summary>The current token, renewed when it is about to end.</summary>
    public async Task<ProviderResult<OAuthToken>> Token(CancellationToken cancellation = default)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (current is { } kept && kept.ExpiresAt - Margin > outbound.Time.GetUtcNow())
                return new ProviderResult<OAuthToken>(kept, null);
            return await Renew(cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Does not use this token again: the service has refused it before its time.</summary>
    public void Forget(OAuthToken token)
    {
        Interlocked.CompareExchange(ref current, null, token);
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    // The answer holds secrets, so it is not handed on as raw bytes.
    async Task<ProviderResult<OAuthToken>> Renew(CancellationToken cancellation)
    {
        if (options.Problems() is { Count: > 0 } problems)
            return new(new ProviderFailure(
                options.Provider, FailureKind.NotConfigured, string.Join(' ', problems)), null);
        var result = await outbound.Ask(options.Profile, Request(), Read, cancellation);
        if (!result.IsOk) return new(result.Failure!, null);
        var token = result.Value;
        if (token.NewRefreshToken is { } changed && changed != refreshToken)
        {
            if (onNewRefreshToken is not null) await onNewRefreshToken(changed, cancellation);
            refreshToken = changed;
        }

        current = token;
        return new(token, null);
    }

    ProviderRequest Request() => new("refresh_token", HttpMethod.Post, options.TokenUrl)
    {
        Body = Encoding.UTF8.GetBytes(ProviderCaller.Query(
            ("grant_type", "refresh_token"), ("refresh_token", refreshToken),
            ("client_id", options.ClientId), ("client_secret", options.ClientSecret),
            ("scope", options.Scope))[1..]),
        ContentType = "application/x-www-form-urlencoded",
        // Asking twice is harmless: the first answer, if it got lost, was one more valid token.
        IsRepeatable = true,
    };

    internal static OAuthToken Read(Answer answer)
    {
        var said = Loose.ParseObject(answer.Body);
        var token = said["access_token"].Text
            ?? throw new MalformedAnswerException("the answer has no access_token");
        if (token.Any(c => c is < '!' or > '~'))
            throw new MalformedAnswerException("the access_token holds characters no token has");
        var seconds = Math.Clamp(said["expires_in"].Whole ?? UsualSeconds, 0, LongestSeconds);
        return new OAuthToken(token, answer.At.AddSeconds(seconds), said["refresh_token"].Text);
    }
}
