using System.Buffers;

namespace Overture.Mail;

/// <summary>
/// Everything a message says, before it becomes bytes (<see cref="MimeWriter"/>). Identity and time are
/// given by the caller, so that writing it again gives the same bytes. No field may hold CR, LF or NUL: the
/// writer throws
/// <see cref="HeaderInjectionException"/> naming the field.
/// </summary>
public sealed record OutgoingEmail
{
    /// <summary>The author (RFC 5322 section 3.6.2).</summary>
    public required EmailAddress From { get; init; }

    /// <summary>Where answers go when not to <see cref="From"/>.</summary>
    public EmailAddress? ReplyTo { get; init; }

    /// <summary>The main recipients; at least one.</summary>
    public required IReadOnlyList<EmailAddress> To { get; init; }

    /// <summary>Recipients of a copy.</summary>
    public IReadOnlyList<EmailAddress> Cc { get; init; } = [];

    /// <summary>The subject as Unicode text.</summary>
    public required string Subject { get; init; }

    /// <summary>The plain text; line ends of any kind.</summary>
    public required string TextBody { get; init; }

    /// <summary>The same in HTML; null sends plain text only.</summary>
    public string? HtmlBody { get; init; }

    /// <summary>The message identifier with its angle brackets (RFC 5322 section 3.6.4).</summary>
    public required string MessageId { get; init; }

    /// <summary>The identifier of the message this one answers, with angle brackets.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>The identifiers of the thread, oldest first, with angle brackets.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The time of writing; its offset is kept.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>How the recipient gets off the list (RFC 2369, RFC 8058).</summary>
    public ListUnsubscribe? ListUnsubscribe { get; init; }

    /// <summary>Own headers such as X-Overture-Ref, in order; values are Unicode text.</summary>
    public IReadOnlyList<EmailHeader> ExtraHeaders { get; init; } = [];

    /// <summary>Files attached to the message.</summary>
    public IReadOnlyList<EmailPart> Attachments { get; init; } = [];

    /// <summary>Images the HTML shows by "cid:"; each needs a <see cref="EmailPart.ContentId"/>.</summary>
    public IReadOnlyList<EmailPart> InlineImages { get; init; } = [];
}

/// <summary>
/// One header of our own. The name is printable ASCII without a colon (RFC 5322 section 2.2).
/// </summary>
public sealed record EmailHeader(string Name, string Value);

/// <summary>
/// The ways off the list: one https address (RFC 8058 needs it for one click), a mailto address, or both.
/// </summary>
public sealed record ListUnsubscribe(Uri? Https, Uri? MailTo = null, bool OneClick = true)
{
    static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#@!$&'()*+;=%");

    /// <summary>
    /// The address as it stands in the header: as it was given when it is in ASCII already, which nearly
    /// all are, for escaping an address costs more than the rest of the header.
    /// </summary>
    internal static string Text(Uri address) =>
        address.OriginalString.AsSpan().ContainsAnyExcept(Plain)
            ? address.AbsoluteUri
            : address.OriginalString;
}

/// <summary>
/// A file that travels with the message. <see cref="ContentId"/> is without angle brackets.
/// </summary>
public sealed record EmailPart(
    string FileName,
    string ContentType,
    ReadOnlyMemory<byte> Content,
    string? ContentId = null);

/// <summary>A field of the message would have broken out of its header line; nothing was written.</summary>
public sealed class HeaderInjectionException(string field)
    : Exception($"{field} contains a line break or a NUL character. Remove it; nothing was written.")
{
    /// <summary>The field that was refused, for instance Subject.</summary>
    public string Field { get; } = field;
}
