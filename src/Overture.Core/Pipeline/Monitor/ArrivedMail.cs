using System.Security.Cryptography;
using System.Text;
using Overture.Core.Model;
using Overture.Mail;
using Overture.Mail.Inbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// The bytes of a message and where they lay: all that a way of reading mail has to hand over, be it IMAP or
/// a provider's own interface.
/// </summary>
public sealed record ReceivedCopy(
    string Folder, long UidValidity, long Uid, DateTime ReceivedAt, byte[] Bytes, long Size, bool IsCut);

/// <summary>A message that arrived, read and classified, before anything is known of what it answers.</summary>
sealed record ArrivedMail(
    ReceivedCopy Copy, Mailbox Mailbox, OwnMailbox Own, ReceivedEmail Email, InboundReading Reading,
    byte[] Identity)
{
    public string? From => Author?.Address is { Length: > 0 } address ? ContactKey.ForEmail(address) : null;

    public string? FromName => Author?.Name;

    public string Subject => Email.Subject?.Trim() is { Length: > 0 } subject ? subject : "(no subject)";

    /// <summary>What its writer wrote now, without quotes and signature.</summary>
    public string Words { get; } = VisibleWords(Email);

    MailboxAddress? Author => Email.From is [var first, ..] ? first : Email.Sender;

    public static ArrivedMail Read(ReceivedCopy copy, Mailbox mailbox, MailboxReader reader, string host)
    {
        var email = MimeReader.Read(copy.Bytes);
        return new ArrivedMail(
            copy, mailbox, new OwnMailbox(mailbox.Address, reader.Aliases, host), email,
            InboundReader.Classify(email), IdentityOf(email, copy.Size));
    }

    /// <summary>
    /// What makes it the same wherever it lies. The id alone is not enough: a stranger who guesses one could
    /// hide the message that bears it.
    /// </summary>
    static byte[] IdentityOf(ReceivedEmail email, long size)
    {
        var from = email.From is [var first, ..] ? first.Address : "";
        var facts = $"{email.MessageId}\n{email.Header("Date")}\n{from}\n{email.Subject}\n"
            + (email.MessageId is null ? size : 0);
        return SHA256.HashData(Encoding.UTF8.GetBytes(facts));
    }

    static string VisibleWords(ReceivedEmail email) =>
        email.Text is not { } text ? ""
        : email is { TextIsFromHtml: true, Html: { } html } ? VisibleReply.FromHtml(html)
        : VisibleReply.From(text);
}
