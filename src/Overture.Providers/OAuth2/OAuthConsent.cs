using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Overture.Providers.Outbound;

namespace Overture.Providers.OAuth2;

/// <summary>What a person is asked to consent to, and where their answer goes.</summary>
public sealed record OAuthConsentOptions
{
    /// <summary>The short name in failures ("google").</summary>
    public required string Provider { get; init; }

    /// <summary>Where the person consents.</summary>
    public required Uri AuthoriseUrl { get; init; }

    /// <summary>Where the code becomes a grant.</summary>
    public required Uri TokenUrl { get; init; }

    /// <summary>Where the person comes back to; registered at the service, letter for letter.</summary>
    public required Uri RedirectUrl { get; init; }

    /// <summary>Our registration at the service.</summary>
    public required string ClientId { get; init; }

    /// <summary>The registration's secret; null for a public client.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The rights asked for, blank between them.</summary>
    public required string Scope { get; init; }

    /// <summary>Where a person consents at Google.</summary>
    public static Uri GoogleConsent { get; } = new("https://accounts.google.com/o/oauth2/v2/auth");

    internal ProviderProfile Profile => new(Provider, [])
    {
        Judge = OAuthVerdict.Of(Provider),
        MaxBodyBytes = 64 * 1024,
    };
}

/// <summary>
/// Asks a person for a grant: the authorization code flow (RFC 6749 section 4.1) with a proof that whoever
/// brings the code is who asked for it (PKCE, RFC 7636).
/// </summary>
/// <param name="options">What is asked for.</param>
/// <param name="outbound">The one way out.</param>
public sealed class OAuthConsent(OAuthConsentOptions options, OutboundHttp outbound)
{
    /// <summary>
    /// The page on which the person consents. A grant that lasts is asked for, also of somebody who consented
    /// before.
    /// </summary>
    /// <param name="state">Comes back unchanged; known to nobody else.</param>
    /// <param name="verifier">43 to 128 characters that nobody can guess; only their digest is shown.</param>
    /// <param name="account">The address that the person is expected to choose.</param>
    public Uri Page(string state, string verifier, string? account = null) => new(
        options.AuthoriseUrl + ProviderCaller.Query(
            ("response_type", "code"), ("client_id", options.ClientId),
            ("redirect_uri", options.RedirectUrl.AbsoluteUri), ("scope", options.Scope), ("state", state),
            ("code_challenge", Challenge(verifier)), ("code_challenge_method", "S256"),
            ("access_type", "offline"), ("prompt", "consent"), ("login_hint", account)));

    /// <summary>
    /// Turns the code into a grant, once. Unauthorised: the code is used, too old, or not for this verifier.
    /// </summary>
    public async Task<ProviderResult<OAuthToken>> Exchange(
        string code, string verifier, CancellationToken cancellation = default)
    {
        var request = new ProviderRequest("authorization_code", HttpMethod.Post, options.TokenUrl)
        {
            Body = Encoding.UTF8.GetBytes(ProviderCaller.Query(
                ("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier),
                ("redirect_uri", options.RedirectUrl.AbsoluteUri), ("client_id", options.ClientId),
                ("client_secret", options.ClientSecret))[1..]),
            ContentType = "application/x-www-form-urlencoded",
        };
        // The answer holds secrets, so it is not handed on as raw bytes.
        var result = await outbound.Ask(options.Profile, request, OAuthTokens.Read, cancellation);
        return result.IsOk ? new(result.Value, null) : new(result.Failure!, null);
    }

    static string Challenge(string verifier) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
