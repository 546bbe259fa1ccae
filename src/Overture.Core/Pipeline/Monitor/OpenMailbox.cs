using System.Security.Cryptography.X509Certificates;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// Opens the reading side of a mailbox with the settings kept for it: for scans, for the look into Sent
/// after an uncertain send, and for the connection test.
/// </summary>
public sealed class OpenMailbox(Database database, SecretBox secrets, TimeProvider time)
{
    /// <summary>Connects and logs in; null when nothing says that this mailbox is read so.</summary>
    /// <exception cref="ImapFailed">The connection or the login failed, with the reason in words.</exception>
    public async Task<ImapSession?> Connect(long workspaceId, long mailboxId, CancellationToken cancel)
    {
        var (mailbox, reader) = await database.InWorkspace(
            workspaceId,
            async session => (
                await MailboxStore.Find(session, mailboxId, cancel),
                await MailboxReaderStore.Find(session, mailboxId, cancel)),
            cancel);
        return mailbox is null || reader is not { Kind: ReaderKind.Imap }
            ? null : await Connect(mailbox, reader, cancel);
    }

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="ImapFailed">The connection or the login failed, with the reason in words.</exception>
    public Task<ImapSession> Connect(Mailbox mailbox, MailboxReader reader, CancellationToken cancel) =>
        ImapSession.Connect(
            new ImapServer(reader.ImapHost!, reader.ImapPort, reader.ImapSecurity switch
            {
                "starttls" => ImapSecurity.StartTls,
                "none" => ImapSecurity.None,
                _ => ImapSecurity.ImplicitTls,
            }),
            LoginFor(mailbox, reader),
            new ImapOptions
            {
                Time = time, TrustedAuthorities = Authorities(reader.ImapCa ?? mailbox.SmtpCa),
            },
            cancel);

    /// <summary>
    /// The folder in which the server keeps copies of what was sent; null when it names none.
    /// </summary>
    public static async Task<ImapFolder?> SentFolder(ImapSession session, CancellationToken cancel) =>
        (await session.ListFolders(cancel)).FirstOrDefault(folder =>
            folder is { Use: ImapFolderUse.Sent, CanOpen: true });

    ImapLogin LoginFor(Mailbox mailbox, MailboxReader reader)
    {
        var user = reader.ImapUsername ?? mailbox.SmtpUsername ?? mailbox.Address;
        var secret = reader.ImapSecret is { } own
            ? secrets.OpenText(own, MailboxReaders.SecretPlaceOf(reader.WorkspaceId, reader.MailboxId))
            : mailbox.SmtpPassword is { } shared
                ? secrets.OpenText(shared, SmtpTransport.PasswordPlace(mailbox))
                : throw new RuleBroken(
                    "mailbox_without_password",
                    $"{mailbox.Address} has no password for reading. Enter it on the mailbox's page.");
        return reader.ImapLogin == "oauth"
            ? new ImapLogin.OAuth(user, secret) : new ImapLogin.Password(user, secret);
    }

    static X509Certificate2Collection? Authorities(string? pem)
    {
        if (string.IsNullOrWhiteSpace(pem)) return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities;
    }
}
