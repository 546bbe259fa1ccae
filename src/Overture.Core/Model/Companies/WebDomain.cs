using Overture.Mail.Dns;

namespace Overture.Core.Model;

/// <summary>The domain that identifies a company.</summary>
public static class WebDomain
{
    /// <summary>
    /// Hosts where many companies have a page of their own; such a host identifies none of them.
    /// </summary>
    static readonly HashSet<string> Shared = new(StringComparer.Ordinal)
    {
        "linkedin.com", "facebook.com", "twitter.com", "x.com", "instagram.com", "youtube.com",
        "crunchbase.com", "angel.co", "github.com", "notion.site", "google.com", "apple.com", "medium.com",
        "linktr.ee", "wixsite.com",
    };

    /// <summary>
    /// The registrable domain of a web address or host; null for none, and for hosts shared by many.
    /// </summary>
    public static string? Of(string? website)
    {
        if (string.IsNullOrWhiteSpace(website)) return null;
        var text = website.Trim();
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.HostNameType != UriHostNameType.Dns)
            return null;
        var domain = PublicSuffix.RegistrableDomain(uri.IdnHost.ToLowerInvariant());
        return domain is null || Shared.Contains(domain) ? null : domain;
    }
}
