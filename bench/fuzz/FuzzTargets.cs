using System.Text;
using Overture.Mail;
using Overture.Mail.Dns;
using Overture.Mail.Inbound;

namespace Overture.Fuzz;

/// <summary>A parser of outside bytes and what it is fed with.</summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Corpora">
/// Folders with seed files below the data folder; a star stands for any part of a segment.
/// </param>
/// <param name="Parse">
/// Runs the parser over everything that hostile input can reach; it must not throw.
/// </param>
sealed record FuzzTarget(string Name, string[] Corpora, Action<byte[]> Parse)
{
    /// <summary>Seeds of our own, for formats that no corpus holds.</summary>
    public byte[][] Seeds { get; init; } = [];
}

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
        new("addresses", ["email/mime-*/files"], ReadAddresses) { Seeds = Texts("\"a\"@c.test", "<a@b>") },
        new("imap", ["email/mail-wire/files"], ReadImap) { Seeds = Texts("* 1 FETCH (BODY[] {3}\r\n)") },
        new("dkim", ["email/dkim-verify/files"], VerifySignatures),
        new("dns", [], ReadDnsReply) { Seeds = [.. DnsReplies.Select(Convert.FromHexString)] },
        new("records", [], ReadRecords) { Seeds = Texts(Records) },
    ];

    /// <summary>A TXT answer, an MX answer with compressed names, and a name that points at itself.</summary>
    static string[] DnsReplies =>
    [
        "000181800001000100000000076578616D706C6503636F6D0000100001"
            + "C00C001000010000003C000C0B763D73706631202D616C6C",
        "000281800001000200000000076578616D706C6503636F6D00000F0001C00C000F00010000003C0009000A046D61696CC00C"
            + "C00C000F00010000003C00040014C00C",
        "000381800001000100000000076578616D706C6503636F6D00000F0001C00C000F00010000003C0004000AC031",
    ];

    static string[] Records =>
    [
        "v=spf1 include:_spf.example.com a:%{d}/24 mx//64 ip4:192.0.2.0/24 exists:%{ir}.x ~all",
        "v=DMARC1; p=quarantine; sp=none; adkim=s; aspf=r; pct=20; rua=mailto:a@example.com!10m; fo=1:d:s",
        "v=DKIM1; k=rsa; h=sha256; t=y:s; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL0=",
    ];

    static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

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

    static void ReadHeaderValues(byte[] input)
    {
        var value = Encoding.Latin1.GetString(input, 0, Math.Min(input.Length, 64 * 1024));
        _ = EncodedWords.Decode(value);
        _ = MailboxAddress.ParseList(value);
        _ = MimeParameters.Parse(value).All.Count;
        foreach (var line in value.Split('\n')) _ = MailDate.Parse(line);
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

    static void ReadAddresses(byte[] input)
    {
        foreach (var line in Charsets.Decode(input, charset: null).Split('\n'))
            _ = EmailAddress.TryParse(line, out _, out _);
    }

    /// <summary>
    /// A refused line is the documented answer to rubbish; any other exception is a finding.
    /// </summary>
    static void ReadImap(byte[] input)
    {
        foreach (var range in input.AsSpan().Split((byte)'\n'))
        {
            try
            {
                _ = ImapParser.Parse(input[range], [input]);
            }
            catch (ImapSyntaxException)
            {
                continue;
            }
        }

        _ = ImapUtf7.Decode(Encoding.Latin1.GetString(input));
    }

    static void VerifySignatures(byte[] input) =>
        _ = DkimVerifier.Verify(input, DnsFile.Parse("{}")).GetAwaiter().GetResult();

    static void ReadDnsReply(byte[] input)
    {
        var query = DnsMessage.Query(1, "example.com", DnsType.Txt)!;
        if (!DnsMessage.Answers(input, query) && input.Length < 12) return;
        _ = DnsMessage.IsTruncated(input);
        foreach (var type in Enum.GetValues<DnsType>()) _ = DnsMessage.Read(input, "example.com", type);
    }

    static void ReadRecords(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input, 0, Math.Min(input.Length, 64 * 1024));
        if (SpfRecord.IsSpf(text)) _ = SpfRecord.Parse(text, out _);
        _ = DmarcRecord.Parse(text);
        _ = TagList.Parse(text);
        _ = PublicSuffix.RegistrableDomain(text);
    }
}
