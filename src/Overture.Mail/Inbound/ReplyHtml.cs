using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Overture.Mail.Inbound;

/// <summary>
/// Turns an HTML reply into text, leaving out the elements mail programs keep the original in.
/// </summary>
static class ReplyHtml
{
    const string Quotes =
        "blockquote, .gmail_quote, .yahoo_quoted, .protonmail_quote, .zmail_extra, .tutanota_quote, "
        + ".moz-forward-container ~ *, .gmail_signature, .moz-signature, [data-signatureblock], "
        + "style, script, title, head";

    const string Rules = "#divRplyFwdMsg, #appendonsend, hr#stopSpelling";

    static readonly HtmlParser Parser = new();

    /// <summary>
    /// The text of the HTML without its quotes; of the whole HTML when nothing else is left.
    /// </summary>
    public static string ToText(string html)
    {
        var document = Parser.ParseDocument(html);
        foreach (var element in document.QuerySelectorAll(Quotes).ToList())
        {
            if (!IsForward(element)) element.Remove();
        }

        foreach (var rule in document.QuerySelectorAll(Rules).ToList())
        {
            while (rule.NextSibling is { } after) after.Parent?.RemoveChild(after);
            rule.Remove();
        }

        var text = HtmlText.FromHtml(document.Body?.InnerHtml ?? "");
        return string.IsNullOrWhiteSpace(text) ? "" : text;
    }

    static bool IsForward(IElement element) =>
        element.ClassList.Contains("gmail_quote")
        && Array.Exists(ReplyWords.Forwarded, f =>
            element.TextContent.TrimStart(' ', '-', '\n', '\r')
                .StartsWith(f, StringComparison.OrdinalIgnoreCase));
}
