using System.Buffers.Binary;

namespace Overture.Mail;

/// <summary>
/// Turns a message into bytes ready for DKIM and SMTP (RFC 5322, RFC 2045 to 2049). The output is 7-bit
/// except where an internationalised address forces UTF-8 headers (RFC 6532), has CRLF line ends only, and
/// is a function of the message alone: the same message gives the same bytes. Dots are stuffed by SMTP, not
/// here.
/// </summary>
public static class MimeWriter
{
    const int FirstCapacity = 8192;

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
        headers.Addresses("From", email.From);
        if (email.ReplyTo is not null) headers.Addresses("Reply-To", email.ReplyTo);
        headers.Addresses("To", [.. email.To]);
        if (email.Cc.Count > 0) headers.Addresses("Cc", [.. email.Cc]);
        headers.Unstructured("Subject", email.Subject);
        headers.Tokens("Message-ID", email.MessageId);
        if (email.InReplyTo is not null) headers.Tokens("In-Reply-To", email.InReplyTo);
        if (email.References.Count > 0) headers.Tokens("References", [.. email.References]);
        if (email.ListUnsubscribe is { } unsubscribe) WriteUnsubscribe(headers, unsubscribe);
        foreach (var header in email.ExtraHeaders) headers.Unstructured(header.Name, header.Value);
        headers.Plain("MIME-Version: 1.0"u8);
    }

    static void WriteUnsubscribe(MimeHeaders headers, ListUnsubscribe unsubscribe)
    {
        var https = unsubscribe.Https is { } page ? ListUnsubscribe.Text(page) : null;
        var mailto = unsubscribe.MailTo is { } address ? ListUnsubscribe.Text(address) : null;
        if (https is not null && mailto is not null)
            headers.Tokens("List-Unsubscribe", $"<{https}>,", $"<{mailto}>");
        else headers.Tokens("List-Unsubscribe", $"<{https ?? mailto}>");
        if (unsubscribe is { OneClick: true, Https: not null })
            headers.Plain("List-Unsubscribe-Post: List-Unsubscribe=One-Click"u8);
    }

    static void WriteBody(ByteBuilder output, MimeHeaders headers, OutgoingEmail email, Boundaries boundaries)
    {
        if (email.HtmlBody is null)
        {
            WriteText(output, headers, "Content-Type: text/plain"u8, email.TextBody);
            return;
        }

        var alternative = boundaries.Next("alternative");
        OpenMultipart(output, headers, "multipart/alternative", alternative);
        Delimit(output, alternative);
        WriteText(output, headers, "Content-Type: text/plain"u8, email.TextBody);
        Delimit(output, alternative);
        if (email.InlineImages.Count == 0)
        {
            WriteText(output, headers, "Content-Type: text/html"u8, email.HtmlBody);
        }
        else
        {
            var related = boundaries.Next("related");
            OpenMultipart(output, headers, "multipart/related; type=\"text/html\"", related);
            Delimit(output, related);
            WriteText(output, headers, "Content-Type: text/html"u8, email.HtmlBody);
            foreach (var image in email.InlineImages)
            {
                Delimit(output, related);
                WritePart(output, headers, image, "inline");
            }

            Close(output, related);
        }

        Close(output, alternative);
    }

    static void WriteText(ByteBuilder output, MimeHeaders headers, ReadOnlySpan<byte> type, string text)
    {
        output.Append(type);
        var start = output.Length;
        headers.Plain("; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n"u8);
        if (MimeEncodings.TryAppendSevenBit(output, text)) return;

        // The rare text takes a second, slower look.
        output.Truncate(start);
        var transfer = MimeEncodings.Choose(text, mayFlow: type.EndsWith("plain"u8));
        headers.Plain(transfer switch
        {
            TextTransfer.QuotedPrintable =>
                "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"u8,
            TextTransfer.Base64 => "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"u8,
            _ => "; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: 7bit\r\n"u8,
        });
        MimeEncodings.Append(output, text, transfer);
    }

    static void WritePart(ByteBuilder output, MimeHeaders headers, EmailPart part, string disposition)
    {
        if (part.FileName.Length > 0)
            headers.WithParameter("Content-Type", part.ContentType, "name", part.FileName);
        else headers.Tokens("Content-Type", part.ContentType);
        headers.Plain("Content-Transfer-Encoding: base64"u8);
        if (part.FileName.Length > 0)
            headers.WithParameter("Content-Disposition", disposition, "filename", part.FileName);
        else headers.Tokens("Content-Disposition", disposition);
        if (part.ContentId is { } id) headers.Tokens("Content-ID", $"<{id}>");
        output.Append("\r\n"u8);
        MimeEncodings.AppendBase64(output, part.Content.Span);
    }

    static void OpenMultipart(ByteBuilder output, MimeHeaders headers, string type, string boundary)
    {
        headers.Multipart(type, boundary);
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
        // FNV-1a, 64 bits: the boundary need only differ between messages that are nested in each other.
        const ulong OffsetBasis = 14695981039346656037;
        const ulong Prime = 1099511628211;

        readonly string seed = Hash(messageId);

        public string Next(string purpose) => string.Concat("=_", purpose, "_", seed);

        static string Hash(string text)
        {
            var hash = OffsetBasis;
            foreach (var c in text) hash = (hash ^ c) * Prime;
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, hash);
            return Convert.ToHexStringLower(bytes);
        }
    }
}
