using System.Text;

namespace Overture.Mail.Inbound;

/// <summary>
/// A delivery report taken apart: what people read, what machines read, and the returned original.
/// </summary>
sealed class BounceParts
{
    const int MaxCharacters = 200_000;
    const int MaxParts = 40;
    const int MaxDepth = 8;

    readonly StringBuilder text = new();
    readonly StringBuilder html = new();
    readonly StringBuilder status = new();
    int parts;

    BounceParts()
    {
    }

    /// <summary>What people read, without the returned original.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The text behind the mark that opens a returned original; empty when there is none.</summary>
    public string OriginalText { get; private set; } = "";

    /// <summary>
    /// The returned original, or its headers; null when it was returned as text or not at all.
    /// </summary>
    public ReceivedEmail? Original { get; private set; }

    /// <summary>
    /// The field groups of the delivery status (RFC 3464), also where they stand in plain text.
    /// </summary>
    public List<Dictionary<string, string>> Fields { get; private set; } = [];

    /// <summary>True when a part of the type message/delivery-status is there.</summary>
    public bool HasStatusPart { get; private set; }

    public static BounceParts Of(ReceivedEmail mail)
    {
        var found = new BounceParts();
        found.Walk(mail.Root, 0);
        if (found.text.Length == 0 && found.html.Length > 0)
            found.text.Append(HtmlText.FromHtml(found.html.ToString()));
        if (found.text.Length == 0 && !found.HasStatusPart) found.text.Append(Clip(mail.Root.DecodeText()));
        found.Split(found.text.ToString().ReplaceLineEndings("\n"));
        return found;
    }

    void Walk(MimePart part, int depth)
    {
        if (++parts > MaxParts || depth > MaxDepth) return;
        if (part.Children.Count > 0)
        {
            foreach (var child in part.Children) Walk(child, depth + 1);
            return;
        }

        switch (part.MediaType)
        {
            case "message/delivery-status" or "message/global-delivery-status" or "message/xdelivery-status":
                HasStatusPart = true;
                status.Append(Clip(part.DecodeText())).Append("\n\n");
                break;
            case "message/rfc822" or "message/global" or "text/rfc822-headers" or "text/rfc822-header"
                or "message/rfc822-headers" or "message/global-headers":
                Original ??= part.Message;
                if (Original is null && OriginalText.Length == 0) OriginalText = Clip(part.DecodeText());
                break;
            case "text/html":
                html.Append(Clip(part.DecodeText())).Append('\n');
                break;
            default:
                if (IsText(part) && Original is null) text.Append(Clip(part.DecodeText())).Append("\n\n");
                break;
        }
    }

    static bool IsText(MimePart part) =>
        part.MediaType.StartsWith("text/", StringComparison.Ordinal) || part.IsMultipart;

    static string Clip(string value) => value.Length <= MaxCharacters ? value : value[..MaxCharacters];

    void Split(string whole)
    {
        var at = BounceMarks.OriginalAt(whole);
        Text = at < 0 ? whole : whole[..at];
        if (at >= 0 && OriginalText.Length == 0) OriginalText = whole[at..];
        Fields = ReportFields.Read(status.ToString());
        if (Fields.Count == 0 && Text.Contains("Final-Recipient:", StringComparison.OrdinalIgnoreCase))
            Fields.AddRange(ReportFields.Read(Text));
    }
}
