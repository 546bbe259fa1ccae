using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// What this installation is to the outside: its public address and the key behind its tokens.
/// </summary>
public sealed record SendingIdentity(Uri PublicUrl, byte[] InstanceKey);

/// <summary>Turns a composed message into the exact bytes of an email.</summary>
public static class EmailBuilder
{
    public const string ReferenceHeader = "X-Overture-Ref";

    public static byte[] Build(
        Message message, Mailbox mailbox, string toName,
        IReadOnlyList<(string MessageId, string Subject)> thread, Uri unsubscribe, DateTimeOffset date,
        Func<string, string>? html = null)
    {
        var isFollowUp = thread.Count > 0;
        var text = WithFooter(message.Body, mailbox, unsubscribe);
        return MimeWriter.Write(new OutgoingEmail
        {
            From = Address(mailbox.Address, mailbox.FromName),
            To = [Address(message.ToAddress ?? "", toName)],
            Subject = message.Subject,
            TextBody = text,
            HtmlBody = html?.Invoke(text),
            MessageId = message.MessageId,
            InReplyTo = isFollowUp ? thread[^1].MessageId : null,
            References = [.. thread.Select(sent => sent.MessageId)],
            Date = date,
            ListUnsubscribe = ListUnsubscribeFor(unsubscribe, mailbox),
            ExtraHeaders = [new EmailHeader(ReferenceHeader, message.ReferenceToken)],
        });
    }

    public static Uri UnsubscribeLink(SendingIdentity identity, string unsubscribeToken) =>
        new(identity.PublicUrl, $"/u/{unsubscribeToken}");

    /// <summary>
    /// One click needs https (RFC 8058); an installation without it asks for a mail instead.
    /// </summary>
    static ListUnsubscribe ListUnsubscribeFor(Uri link, Mailbox mailbox) =>
        link.Scheme == Uri.UriSchemeHttps || link.IsLoopback
            ? new ListUnsubscribe(link)
            : new ListUnsubscribe(
                null, new Uri($"mailto:{mailbox.Address}?subject=unsubscribe"), OneClick: false);

    static EmailAddress Address(string address, string name) =>
        EmailAddress.TryParse(address, out var parsed, out var reason)
            ? parsed.Named(name.Length > 0 ? name : null)
            : throw new RuleBroken("bad_address", $"'{address}' is not an e-mail address: {reason}", "email");

    static string WithFooter(string body, Mailbox mailbox, Uri unsubscribe)
    {
        var postal = mailbox.PostalAddress.Length > 0 ? mailbox.PostalAddress + "\n" : "";
        return $"{body}\n\n-- \n{postal}Not for you? Unsubscribe: {unsubscribe}\n";
    }
}
