using System.Buffers;

namespace Overture.Mail;

/// <summary>
/// What every field must satisfy before a byte is written. A line break or NUL anywhere is header injection;
/// anything else that cannot become a correct header is an <see cref="ArgumentException"/> naming the field.
/// </summary>
static class OutgoingEmailRules
{
    const int UriLimit = 900;
    const int IdentifierLimit = 900;

    static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\0");

    public static void Check(OutgoingEmail email)
    {
        CheckAddress(nameof(email.From), email.From);
        if (email.ReplyTo is not null) CheckAddress(nameof(email.ReplyTo), email.ReplyTo);
        if (email.To.Count == 0) throw new ArgumentException("To needs at least one address.");
        foreach (var address in email.To) CheckAddress(nameof(email.To), address);
        foreach (var address in email.Cc) CheckAddress(nameof(email.Cc), address);
        CheckLine(nameof(email.Subject), email.Subject);
        CheckIdentifier(nameof(email.MessageId), email.MessageId);
        if (email.InReplyTo is not null) CheckIdentifier(nameof(email.InReplyTo), email.InReplyTo);
        foreach (var reference in email.References) CheckIdentifier(nameof(email.References), reference);
        if (email.ListUnsubscribe is { } unsubscribe) CheckUnsubscribe(unsubscribe);
        foreach (var header in email.ExtraHeaders) CheckHeader(header);
        foreach (var part in email.Attachments) CheckPart(nameof(email.Attachments), part);
        foreach (var part in email.InlineImages) CheckPart(nameof(email.InlineImages), part);
        foreach (var image in email.InlineImages)
        {
            if (image.ContentId is null) throw new ArgumentException("InlineImages need a ContentId each.");
        }

        if (email.InlineImages.Count > 0 && email.HtmlBody is null)
            throw new ArgumentException("InlineImages need an HtmlBody that shows them.");
    }

    static void CheckLine(string field, string value)
    {
        if (value.AsSpan().ContainsAny(LineBreaks)) throw new HeaderInjectionException(field);
    }

    static void CheckAddress(string field, EmailAddress address)
    {
        CheckLine(field, address.AddrSpec);
        if (address.DisplayName is not null) CheckLine(field, address.DisplayName);
        if (address.Obstacle is { } obstacle) throw new ArgumentException($"{field}: {obstacle}");
    }

    static void CheckIdentifier(string field, string identifier)
    {
        CheckLine(field, identifier);
        var sound = identifier.Length is > 4 and < IdentifierLimit
            && identifier[0] == '<' && identifier[^1] == '>'
            && identifier.Contains('@')
            && !identifier.AsSpan(1, identifier.Length - 2).ContainsAny(' ', '<', '>')
            && !identifier.AsSpan().ContainsAnyExceptInRange('!', '~');
        if (!sound) throw new ArgumentException($"{field} must look like <left@right>; it is {identifier}.");
    }

    static void CheckUnsubscribe(ListUnsubscribe unsubscribe)
    {
        const string field = nameof(OutgoingEmail.ListUnsubscribe);
        // A link to this very computer, in a trial or a test, has no certificate and reaches nobody else.
        if (unsubscribe.Https is { } https && https.Scheme != Uri.UriSchemeHttps && !https.IsLoopback)
            throw new ArgumentException($"{field} must be an https address (RFC 8058 section 3.1).");
        if (unsubscribe.MailTo is { } mailto && mailto.Scheme != Uri.UriSchemeMailto)
            throw new ArgumentException($"{field} must be a mailto address.");
        if (unsubscribe.Https is null && unsubscribe.MailTo is null)
            throw new ArgumentException($"{field} needs an https or a mailto address.");
        CheckUri(field, unsubscribe.Https);
        CheckUri(field, unsubscribe.MailTo);
    }

    static void CheckUri(string field, Uri? uri)
    {
        if (uri is null) return;
        var text = ListUnsubscribe.Text(uri);
        CheckLine(field, text);
        if (text.AsSpan().ContainsAny('<', '>', ',') || text.Length > UriLimit)
            throw new ArgumentException($"{field}: an address is too long or contains < > or a comma.");
    }

    static void CheckHeader(EmailHeader header)
    {
        CheckLine(header.Name, header.Name);
        CheckLine(header.Name, header.Value);
        if (header.Name.Length is 0 or > 64 || header.Name.AsSpan().ContainsAnyExceptInRange('!', '~')
            || header.Name.Contains(':'))
            throw new ArgumentException($"{header.Name} is not a header name (RFC 5322 section 2.2).");
    }

    static void CheckPart(string field, EmailPart part)
    {
        CheckLine(field, part.FileName);
        CheckLine(field, part.ContentType);
        if (part.ContentId is { } id) CheckIdentifier($"{field} ContentId", $"<{id}>");
        var slash = part.ContentType.IndexOf('/');
        var sound = slash > 0 && slash < part.ContentType.Length - 1
            && part.ContentType.Count(c => c == '/') == 1
            && part.ContentType.All(c => EmailAddress.AtomCharacters.Contains(c) || c == '.');
        if (!sound) throw new ArgumentException($"{field}: {part.ContentType} is not a content type.");
        if (part.ContentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            || part.ContentType.StartsWith("message/", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"{field}: attach {part.ContentType} as application/octet-stream.");
    }
}
