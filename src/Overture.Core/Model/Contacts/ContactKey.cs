namespace Overture.Core.Model;

/// <summary>
/// The forms under which two spellings of an address or a profile link are the same person.
/// </summary>
public static class ContactKey
{
    /// <summary>Lower case, without surrounding blanks; null for no address.</summary>
    public static string? ForEmail(string? email) =>
        string.IsNullOrWhiteSpace(email) ? null : email.Trim().ToLowerInvariant();

    /// <summary>
    /// `in/handle`, whatever scheme, country host, slash or tracking parameter surrounds it.
    /// </summary>
    public static string? ForLinkedIn(string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return null;
        var text = url.Trim();
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) return null;
        if (uri.Host != "linkedin.com"
            && !uri.Host.EndsWith(".linkedin.com", StringComparison.OrdinalIgnoreCase))
            return null;
        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is ["in", var handle, ..]
            ? $"in/{Uri.UnescapeDataString(handle).ToLowerInvariant()}" : null;
    }
}
