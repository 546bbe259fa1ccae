using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The HTML beside the text of a message whose campaign tracks opens or clicks. Its links carry a token, and
/// the address they lead to stands in the database: nobody can make our host lead elsewhere. The tokens
/// follow from the instance key and the message, so that writing it again gives the same bytes.
/// </summary>
static partial class TrackedBody
{
    const int TokenBytes = 20;
    const int MostLinks = 50;

    /// <summary>Null when the campaign tracks nothing: the message is plain text then.</summary>
    public static async Task<Func<string, string>?> For(
        Session session, SendingIdentity identity, Message message, CampaignTracking tracking,
        CancellationToken cancel)
    {
        if (tracking.IsOff) return null;
        var links = tracking.Clicks
            ? Address().Matches(message.Body).Select(match => Trimmed(match.Value))
                .Where(url => Uri.TryCreate(url, UriKind.Absolute, out _)).Distinct().Take(MostLinks).ToList()
            : [];
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, url) in links.Index())
        {
            tokens[url] = Token(identity, $"click|{message.ReferenceToken}|{index}|{url}");
            await TrackingStore.KeepLink(session, HashOf(tokens[url]), message.Id, url, cancel);
        }

        var pixel = tracking.Opens ? Token(identity, $"open|{message.ReferenceToken}") : null;
        if (pixel is not null) await TrackingStore.KeepLink(session, HashOf(pixel), message.Id, null, cancel);
        return text => Html(text, tokens, pixel, identity.PublicUrl);
    }

    /// <summary>What the database keeps of a token.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    static string Html(string text, Dictionary<string, string> tokens, string? pixel, Uri host)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><body><div style=\"white-space:pre-wrap\">");
        var at = 0;
        foreach (Match match in Address().Matches(text))
        {
            var url = Trimmed(match.Value);
            html.Append(WebUtility.HtmlEncode(text[at..match.Index]));
            var target = tokens.TryGetValue(url, out var token) ? new Uri(host, $"/c/{token}").ToString() : url;
            html.Append("<a href=\"").Append(WebUtility.HtmlEncode(target)).Append("\">")
                .Append(WebUtility.HtmlEncode(url)).Append("</a>");
            at = match.Index + url.Length;
        }

        html.Append(WebUtility.HtmlEncode(text[at..])).Append("</div>");
        if (pixel is not null)
            html.Append("<img src=\"").Append(new Uri(host, $"/o/{pixel}"))
                .Append("\" width=\"1\" height=\"1\" alt=\"\">");
        return html.Append("</body></html>").ToString();
    }

    // A sentence ends after an address more often than an address ends with its mark.
    static string Trimmed(string url) => url.TrimEnd('.', ',', ';', ':', '!', '?', ')', ']', '\'', '"');

    static string Token(SendingIdentity identity, string purpose) => Convert.ToHexStringLower(
        HMACSHA256.HashData(identity.InstanceKey, Encoding.UTF8.GetBytes(purpose)).AsSpan(0, TokenBytes));

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
