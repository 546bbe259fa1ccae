namespace Overture.Mail;

/// <summary>
/// Sorts the leaves of a message into text body, HTML body and attachments, as RFC 8621 section 4.1.4 lays
/// down
/// for JMAP. Detached signatures are left out of all three.
/// </summary>
sealed class BodyChoice
{
    const string Alternative = "multipart/alternative";

    public List<MimePart> Text { get; } = [];

    public List<MimePart> Html { get; } = [];

    public List<MimePart> Attachments { get; } = [];

    public static BodyChoice Of(MimePart root)
    {
        var choice = new BodyChoice();
        choice.Sort([root], "multipart/mixed", inText: true, inHtml: true, inAlternative: false);
        return choice;
    }

    void Sort(IReadOnlyList<MimePart> parts, string multipart, bool inText, bool inHtml, bool inAlternative)
    {
        var (textBefore, htmlBefore) = (Text.Count, Html.Count);
        for (var index = 0; index < parts.Count; index++)
        {
            var part = parts[index];
            if (multipart == "multipart/signed" && IsSignature(part)) continue;
            if (part.IsMultipart)
                SortChildren(part, inText, inHtml, inAlternative);
            else if (!IsInline(part, index, multipart))
                Attachments.Add(part);
            else if (multipart == Alternative)
                AddAlternative(part, inText, inHtml);
            else
                AddInline(part, ref inText, ref inHtml, inAlternative);
        }

        if (multipart != Alternative || !inText || !inHtml) return;
        if (Text.Count == textBefore && Html.Count > htmlBefore) Text.AddRange(Html[htmlBefore..]);
        else if (Html.Count == htmlBefore && Text.Count > textBefore) Html.AddRange(Text[textBefore..]);
    }

    void SortChildren(MimePart part, bool inText, bool inHtml, bool inAlternative) =>
        Sort(part.Children, part.MediaType, inText, inHtml, inAlternative || part.MediaType == Alternative);

    void AddAlternative(MimePart part, bool inText, bool inHtml)
    {
        switch (part.MediaType)
        {
            case "text/plain" when inText: Text.Add(part); break;
            case "text/html" when inHtml: Html.Add(part); break;
            case "text/plain" or "text/html": break;
            default: Attachments.Add(part); break;
        }
    }

    /// <summary>
    /// Inside one branch of an alternative, text belongs to the text body only and HTML to the HTML body.
    /// </summary>
    void AddInline(MimePart part, ref bool inText, ref bool inHtml, bool inAlternative)
    {
        if (inAlternative && part.MediaType == "text/plain") inHtml = false;
        if (inAlternative && part.MediaType == "text/html") inText = false;
        if (inText) Text.Add(part);
        if (inHtml) Html.Add(part);
        if (IsMedia(part)) Attachments.Add(part);
    }

    static bool IsInline(MimePart part, int index, string multipart)
    {
        if (part.IsAttachment || !(part.MediaType is "text/plain" or "text/html" || IsMedia(part)))
            return false;
        if (index == 0) return true;
        return multipart != "multipart/related" && (IsMedia(part) || part.FileName is null);
    }

    /// <summary>The detached signature of RFC 3156 and RFC 8551: not a file that somebody sent.</summary>
    static bool IsSignature(MimePart part) => part.MediaType
        is "application/pgp-signature" or "application/pkcs7-signature" or "application/x-pkcs7-signature";

    static bool IsMedia(MimePart part) =>
        part.MediaType.StartsWith("image/", StringComparison.Ordinal)
        || part.MediaType.StartsWith("audio/", StringComparison.Ordinal)
        || part.MediaType.StartsWith("video/", StringComparison.Ordinal);
}
