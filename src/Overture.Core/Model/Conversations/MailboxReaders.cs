using Overture.Core.Data;
using Overture.Mail;

namespace Overture.Core.Model;

/// <summary>What a person may do with the reading of mailboxes.</summary>
public sealed class MailboxReaders(Database database, SecretBox secrets, TimeProvider time)
{
    /// <summary>How far back the first look goes: answers to what was sent shortly before.</summary>
    static readonly TimeSpan LooksBack = TimeSpan.FromDays(14);

    static readonly string[] Securities = ["tls", "starttls", "none"];
    static readonly string[] Logins = ["password", "oauth"];

    public Task<MailboxReader?> Find(long workspaceId, long mailboxId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => MailboxReaderStore.Find(session, mailboxId, cancel), cancel);

    public Task<IReadOnlyList<MailboxReader>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => MailboxReaderStore.List(session, cancel), cancel);

    public Task<IReadOnlyList<FolderCursor>> Folders(
        long workspaceId, long mailboxId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => MailboxReaderStore.Folders(session, mailboxId, cancel), cancel);

    /// <summary>Begins to read a mailbox, or changes how it is read.</summary>
    public Task Put(long workspaceId, long mailboxId, MailboxReaderDraft draft, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var reader = Checked(draft, mailboxId) with { ReadsFrom = now - LooksBack };
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await MailboxStore.Find(session, mailboxId, cancel) is null)
                    throw RuleBroken.NotFound("mailbox", mailboxId);
                await MailboxReaderStore.Put(session, reader, now, cancel);
                if (!string.IsNullOrEmpty(draft.ImapSecret))
                    await MailboxReaderStore.SetSecret(
                        session, mailboxId, secrets.Seal(draft.ImapSecret, SecretPlaceOf(workspaceId, mailboxId)),
                        cancel);
                await session.Announce("mailboxes", mailboxId, cancel);
            },
            cancel);
    }

    public Task Pause(long workspaceId, long mailboxId, CancellationToken cancel) =>
        SetState(workspaceId, mailboxId, ReaderState.Paused, cancel);

    /// <summary>Takes a paused or broken reader back into service; it looks at once.</summary>
    public Task Resume(long workspaceId, long mailboxId, CancellationToken cancel) =>
        SetState(workspaceId, mailboxId, ReaderState.Listening, cancel);

    internal static SecretPlace SecretPlaceOf(long workspaceId, long mailboxId) =>
        new("mailbox_readers", "imap_secret", mailboxId.ToString(), workspaceId);

    Task SetState(long workspaceId, long mailboxId, ReaderState state, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await MailboxReaderStore.SetState(
                    session, mailboxId, state, null, time.GetUtcNow().UtcDateTime, cancel) == 0)
                    throw RuleBroken.NotFound("reader of mailbox", mailboxId);
                await session.Announce("mailboxes", mailboxId, cancel);
            },
            cancel);

    static MailboxReader Checked(MailboxReaderDraft draft, long mailboxId)
    {
        if (string.IsNullOrWhiteSpace(draft.ImapHost) || draft.ImapHost.Any(char.IsWhiteSpace))
            throw new RuleBroken("bad_imap_host", "Enter the IMAP server, such as imap.example.com.", "imap_host");
        if (draft.ImapPort is < 1 or > 65535)
            throw new RuleBroken("bad_port", "A port is a number from 1 to 65535.", "imap_port");
        if (!Securities.Contains(draft.ImapSecurity))
            throw new RuleBroken(
                "bad_security", $"Security is one of: {string.Join(", ", Securities)}.", "imap_security");
        if (!Logins.Contains(draft.ImapLogin))
            throw new RuleBroken("bad_login", $"Login is one of: {string.Join(", ", Logins)}.", "imap_login");
        foreach (var alias in draft.Aliases)
            if (!EmailAddress.TryParse(alias, out _, out var wrong))
                throw new RuleBroken("bad_address", $"'{alias}' is not an e-mail address: {wrong}", "aliases");
        return new MailboxReader
        {
            MailboxId = mailboxId, ImapHost = draft.ImapHost.Trim(), ImapPort = draft.ImapPort,
            ImapSecurity = draft.ImapSecurity, ImapUsername = Blank(draft.ImapUsername),
            ImapLogin = draft.ImapLogin, ImapCa = Blank(draft.ImapCa),
            Aliases = [.. draft.Aliases.Select(alias => ContactKey.ForEmail(alias)!).Distinct()],
        };
    }

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
