using System.Text;

namespace Overture.Mail.Inbound;

/// <summary>
/// Turns an HTML reply into text, leaving out the elements mail programs keep the original in. One pass over the
/// tags without a document tree, so depth and size of hostile HTML do not matter.
/// </summary>
sealed class ReplyHtml
{
    const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>Elements with one of these classes hold a quoted original or a signature.</summary>
    static readonly string[] QuoteClasses =
    [
        "gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote", "gmail_signature",
        "moz-signature",
    ];

    /// <summary>From the element with one of these identifiers on, all is the quoted original.</summary>
    static readonly string[] QuoteIds = ["divrplyfwdmsg", "appendonsend", "stopspelling"];

    readonly StringBuilder kept = new();
    readonly StringBuilder undecided = new();
    string skipped = "";
    int depth;
    bool mayBeForward;

    ReplyHtml()
    {
    }

    /// <summary>The text of the HTML without its quotes.</summary>
    public static string ToText(string html)
    {
        var reply = new ReplyHtml();
        reply.Read(html.AsSpan(0, Math.Min(html.Length, MaxCharacters)));
        return HtmlText.FromHtml(reply.kept.ToString());
    }

    void Read(ReadOnlySpan<char> html)
    {
        var tags = new HtmlTags(html);
        while (tags.Next(out var text, out var tag))
        {
            if (depth == 0) kept.Append(text);
            else if (mayBeForward) Decide(text);
            if (tag.Name is "" or "!") continue;
            if (!tag.Closing && tag.Name is "script" or "style" or "title")
            {
                tags.SkipElement(tag.Name);
                continue;
            }

            if (!tag.Closing && depth == 0 && StartsOriginal(tag)) return;
            if (depth > 0) Skip(tag);
            else if (!tag.Closing && IsQuote(tag)) Enter(tag);
            else Keep(kept, tag);
        }
    }

    void Enter(HtmlTag tag)
    {
        (skipped, depth) = (tag.Name, 1);
        mayBeForward = tag.Attribute("class")?.Contains("gmail_quote", StringComparison.Ordinal) ?? false;
        undecided.Clear();
        if (mayBeForward) Keep(undecided, tag);
    }

    void Skip(HtmlTag tag)
    {
        if (mayBeForward) Keep(undecided, tag);
        if (tag.Name == skipped) depth += tag.Closing ? -1 : 1;
    }

    // The same element holds quotes and forwarded messages; the first words tell which.
    void Decide(ReadOnlySpan<char> text)
    {
        var words = text.Trim(" \t\r\n-\u00a0");
        undecided.Append(text);
        if (words.IsEmpty) return;
        mayBeForward = false;
        foreach (var forwarded in ReplyWords.Forwarded)
        {
            if (!words.StartsWith(forwarded, StringComparison.OrdinalIgnoreCase)) continue;
            kept.Append(undecided);
            depth = 0;
            return;
        }
    }

    static bool StartsOriginal(HtmlTag tag) =>
        tag.Attribute("id")?.ToLowerInvariant() is { } id && QuoteIds.Contains(id);

    static bool IsQuote(HtmlTag tag)
    {
        if (tag.Name == "blockquote") return true;
        if (tag.Attributes.IsEmpty) return false;
        if (tag.Attribute("data-signatureblock") is not null) return true;
        return tag.Attribute("class") is { } names
            && Array.Exists(QuoteClasses, q => names.Contains(q, StringComparison.Ordinal));
    }

    static void Keep(StringBuilder target, HtmlTag tag) =>
        target.Append(tag.Closing ? "</" : "<").Append(tag.Name).Append(tag.Attributes).Append('>');
}
