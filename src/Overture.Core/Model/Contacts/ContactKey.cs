namespace Overture.Core.Model;

/// <summary>
/// The forms under which two spellings of an address or a profile link are the same person.
/// </summary>
public static class ContactKey
{
    /// <summary>Lower case, without surrounding blanks; null for no address.</summary>
    public static string? ForEmail(string? email) =>
        string.IsNullOrWhiteSpace(email) ? null : Lower(email.Trim());

    /// <summary>As the database's lower() sees it: .NET alone leaves the dotted capital I as it is.</summary>
    public static string Lower(string text) =>
        text.ToLowerInvariant().Replace("\u0130", "i\u0307", StringComparison.Ordinal);

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
        if (parts is not ["in", var handle, ..]) return null;
        var plain = Uri.UnescapeDataString(handle).ToLowerInvariant();
        return plain.Any(char.IsControl) ? null : $"in/{plain}";
    }
}
