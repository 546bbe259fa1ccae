using Overture.Providers.Outbound;

namespace Overture.Providers.OAuth;

/// <summary>One grant of one person to us: where and with what its access tokens are renewed.</summary>
public sealed record OAuthOptions
{
    /// <summary>The short name in failures and cost lists ("google", "microsoft").</summary>
    public required string Provider { get; init; }

    /// <summary>The token endpoint.</summary>
    public required Uri TokenUrl { get; init; }

    /// <summary>Our registration at the service.</summary>
    public string? ClientId { get; init; }

    /// <summary>The registration's secret; null for a public client (RFC 6749 section 2.1).</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What the person's consent left us with.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The rights asked for, blank between them; null keeps those of the consent.</summary>
    public string? Scope { get; init; }

    /// <summary>Google's token endpoint, for Gmail over its API, SMTP and IMAP.</summary>
    public static Uri Google { get; } = new("https://oauth2.googleapis.com/token");

    /// <summary>Microsoft's token endpoint for work, school and personal mailboxes.</summary>
    public static Uri Microsoft { get; } =
        new("https://login.microsoftonline.com/common/oauth2/v2.0/token");

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
        new OptionProblems(Provider).Url(nameof(TokenUrl), TokenUrl)
            .Secret(nameof(ClientId), ClientId).Secret(nameof(RefreshToken), RefreshToken).All;

    internal ProviderProfile Profile => new(Provider, [])
    {
        Judge = OAuthVerdict.Of(Provider),
        MaxBodyBytes = 64 * 1024,
    };
}
