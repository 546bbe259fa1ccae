using System.Net;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// A message as it was received. Everything is decoded on first use; nothing throws on malformed mail.
/// </summary>
public sealed class ReceivedEmail
{
    readonly MimeLimits limits;
    BodyChoice? body;
    string? text;
    string? html;
    bool bodyRead;
    IReadOnlyList<ReceivedAttachment>? attachments;

    internal ReceivedEmail(ReadOnlyMemory<byte> source, MimePart root, MimeLimits limits)
    {
        Source = source;
        Root = root;
        this.limits = limits;
    }

    /// <summary>The bytes of the message.</summary>
    public ReadOnlyMemory<byte> Source { get; }

    /// <summary>The MIME tree (RFC 2045); the headers of the message are those of its root.</summary>
    public MimePart Root { get; }

    /// <summary>The header fields in their order.</summary>
    public IReadOnlyList<HeaderField> Headers => Root.Headers;

    /// <summary>
    /// The decoded value of the first field of this name; null when absent. Case does not matter.
    /// </summary>
    public string? Header(string name) => Root.Header(name);

    /// <summary>The decoded values of all fields of this name in their order.</summary>
    public IEnumerable<string> HeaderValues(string name)
    {
        foreach (var field in Headers)
            if (field.Is(name)) yield return field.Value;
    }

    /// <summary>The decoded subject; null when the field is absent.</summary>
    public string? Subject => Header("Subject");

    /// <summary>The authors (RFC 5322 section 3.6.2).</summary>
    public IReadOnlyList<MailboxAddress> From => Addresses("From");

    /// <summary>Who sent it for the authors; null when the field is absent.</summary>
    public MailboxAddress? Sender => Addresses("Sender") is [var sender, ..] ? sender : null;

    /// <summary>Where replies shall go; empty when the field is absent.</summary>
    public IReadOnlyList<MailboxAddress> ReplyTo => Addresses("Reply-To");

    /// <summary>The recipients named in To.</summary>
    public IReadOnlyList<MailboxAddress> To => Addresses("To");

    /// <summary>The recipients named in Cc.</summary>
    public IReadOnlyList<MailboxAddress> Cc => Addresses("Cc");

    /// <summary>The first Date that can be read (RFC 5322 section 3.6.1); null when there is none.</summary>
    public DateTimeOffset? Date
    {
        get
        {
            foreach (var header in Headers)
                if (header.Is("Date") && MailDate.Parse(header.RawValue) is { } date) return date;
            return null;
        }
    }

    /// <summary>
    /// The Message-ID without angle brackets; null when there is none (RFC 5322 section 3.6.4).
    /// </summary>
    public string? MessageId => MessageIds.First(Root.Field("Message-ID")?.RawValue);

    /// <summary>The identifiers of In-Reply-To without angle brackets.</summary>
    public IReadOnlyList<string> InReplyTo => MessageIds.All(Root.Field("In-Reply-To")?.RawValue);

    /// <summary>The identifiers of References without angle brackets, oldest first.</summary>
    public IReadOnlyList<string> References => MessageIds.All(Root.Field("References")?.RawValue);

    /// <summary>
    /// The body as text with \n line ends: the text parts, joined; where only HTML was sent, its text. Null
    /// when
    /// the message has neither.
    /// </summary>
    public string? Text
    {
        get
        {
            ReadBody();
            return text;
        }
    }

    /// <summary>Whether <see cref="Text"/> was made from HTML because no text part was sent.</summary>
    public bool TextIsFromHtml => Body.Text.Exists(IsHtml) && !Body.Text.Exists(IsPlain);

    /// <summary>
    /// The body as HTML with \n line ends, not yet safe to show (see <see cref="SafeHtml"/>). Null when no
    /// HTML
    /// part was sent. Text parts between HTML parts are included, escaped.
    /// </summary>
    public string? Html
    {
        get
        {
            ReadBody();
            return html;
        }
    }

    /// <summary>All parts that are not the body, and the pictures of the body.</summary>
    public IReadOnlyList<ReceivedAttachment> Attachments =>
        attachments ??= [.. Body.Attachments.Select(part => new ReceivedAttachment(part))];

    /// <summary>
    /// Every part without children, depth first; enclosed messages are leaves and not entered.
    /// </summary>
    public IEnumerable<MimePart> Leaves()
    {
        var open = new Stack<MimePart>([Root]);
        while (open.TryPop(out var part))
        {
            if (part.Children.Count == 0) yield return part;
            for (var child = part.Children.Count - 1; child >= 0; child--) open.Push(part.Children[child]);
        }
    }

    BodyChoice Body => body ??= BodyChoice.Of(Root);

    /// <summary>
    /// RFC 5322 allows each address field once; where To or Cc stand several times, all of them count and
    /// nobody is
    /// named twice, while a second author is not believed.
    /// </summary>
    IReadOnlyList<MailboxAddress> Addresses(string name)
    {
        IReadOnlyList<MailboxAddress> all = [];
        foreach (var field in Headers)
        {
            if (!field.Is(name)) continue;
            var addresses = MailboxAddress.ParseList(field.RawValue);
            all = all.Count == 0 ? addresses : [.. all.Union(addresses)];
            if (all.Count > 0 && name is not ("To" or "Cc")) break;
        }

        return all;
    }

    void ReadBody()
    {
        if (bodyRead) return;
        bodyRead = true;
        var left = limits.BodyBytes;
        if (Body.Text.Exists(IsPlain)) text = Join(Body.Text.ConvertAll(part => AsText(part, ref left)));
        left = limits.BodyBytes;
        if (Body.Html.Exists(IsHtml)) html = Join(Body.Html.ConvertAll(part => AsHtml(part, ref left)));
        if (text is null && html is not null && Body.Text.Exists(IsHtml)) text = HtmlText.FromHtml(html);
    }

    static string? AsText(MimePart part, ref int left)
    {
        if (IsPlain(part)) return Read(part, ref left);
        return IsHtml(part) ? HtmlText.FromHtml(Read(part, ref left)) : null;
    }

    static string? AsHtml(MimePart part, ref int left)
    {
        if (IsHtml(part)) return Read(part, ref left);
        return IsPlain(part) ? $"<pre>{WebUtility.HtmlEncode(Read(part, ref left))}</pre>" : null;
    }

    static string Read(MimePart part, ref int left)
    {
        var bytes = Math.Min(left, part.Content.Length);
        left -= bytes;
        return part.DecodeText(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    static string Join(IEnumerable<string?> pieces)
    {
        var joined = new StringBuilder();
        var first = true;
        foreach (var piece in pieces)
        {
            if (piece is null) continue;
            if (!first) joined.Append('\n');
            joined.Append(piece);
            first = false;
        }

        return joined.ToString();
    }

    static bool IsPlain(MimePart part) => part.MediaType == "text/plain";

    static bool IsHtml(MimePart part) => part.MediaType == "text/html";
}
