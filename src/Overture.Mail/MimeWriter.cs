using System.Security.Cryptography;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Turns a message into bytes ready for DKIM and SMTP (RFC 5322, RFC 2045 to 2049). The output is 7-bit
/// except where an internationalised address forces UTF-8 headers (RFC 6532), has CRLF line ends only, and is a
/// function of the message alone: the same message gives the same bytes. Dots are stuffed by SMTP, not here.
/// </summary>
public static class MimeWriter
{
    const int FirstCapacity = 8192;
    const int BoundaryHashBytes = 12;

    /// <summary>
    /// Writes the message. Throws <see cref="HeaderInjectionException"/> when a field holds CR, LF or NUL and
    /// <see cref="ArgumentException"/> naming the field when it cannot become a correct header.
    /// </summary>
    public static byte[] Write(OutgoingEmail email)
    {
        OutgoingEmailRules.Check(email);
        using var output = new ByteBuilder(FirstCapacity);
        var headers = new MimeHeaders(output);
        WriteHeaders(headers, email);
        var boundaries = new Boundaries(email.MessageId);
        if (email.Attachments.Count == 0)
        {
            WriteBody(output, headers, email, boundaries);
            return output.ToArray();
        }

        var mixed = boundaries.Next("mixed");
        OpenMultipart(output, headers, "multipart/mixed", mixed);
        Delimit(output, mixed);
        WriteBody(output, headers, email, boundaries);
        foreach (var part in email.Attachments)
        {
            Delimit(output, mixed);
            WritePart(output, headers, part, "attachment");
        }

        Close(output, mixed);
        return output.ToArray();
    }

    static void WriteHeaders(MimeHeaders headers, OutgoingEmail email)
    {
        headers.Date(email.Date);
        headers.Addresses("From", [email.From]);
        if (email.ReplyTo is not null) headers.Addresses("Reply-To", [email.ReplyTo]);
        headers.Addresses("To", email.To);
        if (email.Cc.Count > 0) headers.Addresses("Cc", email.Cc);
        headers.Unstructured("Subject", email.Subject);
        headers.Tokens("Message-ID", [email.MessageId]);
        if (email.InReplyTo is not null) headers.Tokens("In-Reply-To", [email.InReplyTo]);
        if (email.References.Count > 0) headers.Tokens("References", email.References);
        if (email.ListUnsubscribe is { } unsubscribe) WriteUnsubscribe(headers, unsubscribe);
        foreach (var header in email.ExtraHeaders) headers.Unstructured(header.Name, header.Value);
        headers.Plain("MIME-Version: 1.0"u8);
    }

    static void WriteUnsubscribe(MimeHeaders headers, ListUnsubscribe unsubscribe)
    {
        List<string> ways = [];
        if (unsubscribe.Https is { } https) ways.Add($"<{https.AbsoluteUri}>");
        if (unsubscribe.MailTo is { } mailto) ways.Add($"<{mailto.AbsoluteUri}>");
        if (ways.Count == 2) ways[0] += ",";
        headers.Tokens("List-Unsubscribe", ways);
        if (unsubscribe is { OneClick: true, Https: not null })
            headers.Plain("List-Unsubscribe-Post: List-Unsubscribe=One-Click"u8);
    }

    static void WriteBody(ByteBuilder output, MimeHeaders headers, OutgoingEmail email, Boundaries boundaries)
    {
        if (email.HtmlBody is null)
        {
            WriteText(output, headers, "plain", email.TextBody);
            return;
        }

        var alternative = boundaries.Next("alternative");
        OpenMultipart(output, headers, "multipart/alternative", alternative);
        Delimit(output, alternative);
        WriteText(output, headers, "plain", email.TextBody);
        Delimit(output, alternative);
        if (email.InlineImages.Count == 0)
        {
            WriteText(output, headers, "html", email.HtmlBody);
        }
        else
        {
            var related = boundaries.Next("related");
            OpenMultipart(output, headers, "multipart/related; type=\"text/html\"", related);
            Delimit(output, related);
            WriteText(output, headers, "html", email.HtmlBody);
            foreach (var image in email.InlineImages)
            {
                Delimit(output, related);
                WritePart(output, headers, image, "inline");
            }

            Close(output, related);
        }

        Close(output, alternative);
    }

    static void WriteText(ByteBuilder output, MimeHeaders headers, string subtype, string text)
    {
        var transfer = MimeEncodings.Choose(text, mayFlow: subtype == "plain");
        output.Append("Content-Type: text/"u8);
        output.Append(subtype);
        output.Append("; charset=utf-8"u8);
        if (transfer == TextTransfer.Flowed) output.Append("; format=flowed"u8);
        output.Append("\r\n"u8);
        headers.Plain(transfer switch
        {
            TextTransfer.QuotedPrintable => "Content-Transfer-Encoding: quoted-printable\r\n"u8,
            TextTransfer.Base64 => "Content-Transfer-Encoding: base64\r\n"u8,
            _ => "Content-Transfer-Encoding: 7bit\r\n"u8,
        });
        MimeEncodings.Append(output, text, transfer);
    }

    static void WritePart(ByteBuilder output, MimeHeaders headers, EmailPart part, string disposition)
    {
        if (part.FileName.Length > 0) headers.WithParameter("Content-Type", part.ContentType, "name", part.FileName);
        else headers.Tokens("Content-Type", [part.ContentType]);
        headers.Plain("Content-Transfer-Encoding: base64"u8);
        if (part.FileName.Length > 0)
            headers.WithParameter("Content-Disposition", disposition, "filename", part.FileName);
        else headers.Tokens("Content-Disposition", [disposition]);
        if (part.ContentId is { } id) headers.Tokens("Content-ID", [$"<{id}>"]);
        output.Append("\r\n"u8);
        MimeEncodings.AppendBase64(output, part.Content.Span);
    }

    static void OpenMultipart(ByteBuilder output, MimeHeaders headers, string type, string boundary)
    {
        headers.Tokens("Content-Type", [type + ";", $"boundary=\"{boundary}\""]);
        output.Append("\r\n"u8);
    }

    static void Delimit(ByteBuilder output, string boundary)
    {
        output.Append("--"u8);
        output.Append(boundary);
        output.Append("\r\n"u8);
    }

    static void Close(ByteBuilder output, string boundary)
    {
        output.Append("--"u8);
        output.Append(boundary);
        output.Append("--\r\n"u8);
    }

    // "=_" cannot occur in quoted-printable or base64, and 7-bit text holding "--=_" is never sent as 7-bit
    // (MimeEncodings.Choose): no content can contain a delimiter line.
    sealed class Boundaries(string messageId)
    {
        string? seed;

        public string Next(string purpose)
        {
            seed ??= Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, BoundaryHashBytes));
            return $"=_{purpose}_{seed}";
        }
    }
}
