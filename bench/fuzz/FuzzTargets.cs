using System.Text;
using Overture.Mail;
using Overture.Mail.Inbound;

namespace Overture.Fuzz;

/// <summary>
/// A parser of outside bytes: what it is called, where its seeds lie below the data folder, how it is run.
/// </summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Corpora">Folders with seed files; a star stands for any part of the last segment.</param>
/// <param name="Parse">
/// Runs the parser over everything that hostile input can reach; it must not throw.
/// </param>
sealed record FuzzTarget(string Name, string[] Corpora, Action<byte[]> Parse);

/// <summary>The table of all parsers that read what strangers send.</summary>
static class FuzzTargets
{
    public static readonly FuzzTarget[] All =
    [
        new("mime", ["email/mime-*/files", "email/bounce-*/files", "email/autoreply/files"], ReadWhole),
        new("html", ["email/reply/files", "email/mime-*/files"], ReadHtml),
        new("headers", ["email/mime-*/files", "email/bounce-sisimai/files"], ReadHeaderValues),
        new("inbound", ["email/bounce-*/files", "email/autoreply/files", "email/reply/files"], ReadInbound),
        new("reply", ["email/reply/files"], ReadReply),
    ];

    static void ReadWhole(byte[] input)
    {
        var email = MimeReader.Read(input);
        _ = (email.Subject, email.From, email.Sender, email.ReplyTo, email.To, email.Cc, email.Date);
        _ = (email.MessageId, email.InReplyTo, email.References);
        _ = (email.Text, email.Html, email.TextIsFromHtml);
        foreach (var file in email.Attachments)
            _ = (file.Name, file.Type, file.Size, file.IsInline, file.ContentId);
        foreach (var leaf in email.Leaves())
            _ = (leaf.DecodeText(), leaf.Message?.Text, leaf.Message?.Subject);
        foreach (var field in email.Headers) _ = (field.Name, field.Value);
    }

    static void ReadHtml(byte[] input)
    {
        var html = Charsets.Decode(input, charset: null);
        _ = HtmlText.FromHtml(html);
        _ = SafeHtml.Sanitise(html, id => "data:image/png;base64," + id.Length);
    }

    static void ReadInbound(byte[] input)
    {
        var email = MimeReader.Read(input);
        _ = InboundReader.Classify(email);
        _ = Threading.Keys(email, new OwnMailbox("ann@example.com", [], "go.example.com"));
    }

    static void ReadReply(byte[] input)
    {
        var text = Charsets.Decode(input, charset: null);
        _ = VisibleReply.From(text);
        _ = VisibleReply.FromHtml(text);
    }

    static void ReadHeaderValues(byte[] input)
    {
        var value = Encoding.Latin1.GetString(input, 0, Math.Min(input.Length, 64 * 1024));
        _ = EncodedWords.Decode(value);
        _ = MailboxAddress.ParseList(value);
        _ = MimeParameters.Parse(value).All.Count;
        foreach (var line in value.Split('\n')) _ = MailDate.Parse(line);
    }
}
