using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the reading of mailboxes: settings, leases and cursors.</summary>
static class MailboxReaderStore
{
    const string Columns =
        """
        workspace_id, mailbox_id, state, broken_reason, imap_host, imap_port, imap_security, imap_username,
        imap_secret, imap_login, imap_ca, aliases, reads_from, last_sync_at, last_mail_at, last_error,
        last_error_at, failure_count, next_look_at, fence, kind, history_id
        """;

    public static Task<MailboxReader?> Find(Session session, long mailboxId, CancellationToken cancel) =>
        session.Maybe<MailboxReader>(
            $"""
            select {Columns} from mailbox_readers
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId
            """,
            new { session.WorkspaceId, mailboxId }, cancel);

    public static Task<IReadOnlyList<MailboxReader>> List(Session session, CancellationToken cancel) =>
        session.List<MailboxReader>(
            $"select {Columns} from mailbox_readers where workspace_id = @WorkspaceId order by mailbox_id",
            new { session.WorkspaceId }, cancel);

    /// <summary>Keeps the settings; whatever was in the way before is to be tried again.</summary>
    public static Task<int> Put(
        Session session, MailboxReader reader, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into mailbox_readers (workspace_id, mailbox_id, state, imap_host, imap_port, imap_security,
                imap_username, imap_login, imap_ca, aliases, reads_from, next_look_at)
            values (@WorkspaceId, @MailboxId, 'listening', @ImapHost, @ImapPort, @ImapSecurity,
                @ImapUsername, @ImapLogin, @ImapCa, @Aliases, @ReadsFrom, @now)
            on conflict (workspace_id, mailbox_id) do update set
                state = case when mailbox_readers.state = 'paused' then 'paused' else 'listening' end,
                broken_reason = null, kind = 'imap', history_id = null,
                imap_host = excluded.imap_host, imap_port = excluded.imap_port,
                imap_security = excluded.imap_security, imap_username = excluded.imap_username,
                imap_login = excluded.imap_login, imap_ca = excluded.imap_ca, aliases = excluded.aliases,
                last_error = null, last_error_at = null, failure_count = 0, next_look_at = @now
            """,
            new
            {
                session.WorkspaceId, reader.MailboxId, reader.ImapHost, reader.ImapPort, reader.ImapSecurity,
                reader.ImapUsername, reader.ImapLogin, reader.ImapCa, reader.Aliases, reader.ReadsFrom, now,
            },
            cancel);

    /// <summary>
    /// Reads a mailbox by Gmail from now on; one that was read so before goes on where it was.
    /// </summary>
    public static Task<int> PutGmail(
        Session session, long mailboxId, DateTime readsFrom, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into mailbox_readers (workspace_id, mailbox_id, kind, state, imap_port, imap_security,
                reads_from, next_look_at)
            values (@WorkspaceId, @mailboxId, 'gmail', 'listening', 993, 'tls', @readsFrom, @now)
            on conflict (workspace_id, mailbox_id) do update set kind = 'gmail', imap_host = null,
                imap_secret = null,
                state = case when mailbox_readers.state = 'paused' then 'paused' else 'listening' end,
                broken_reason = null, last_error = null, last_error_at = null, failure_count = 0,
                next_look_at = @now
            """,
            new { session.WorkspaceId, mailboxId, readsFrom, now }, cancel);

    public static Task<int> ForgetGmail(Session session, long mailboxId, CancellationToken cancel) =>
        session.Run(
            """
            delete from mailbox_readers
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId and kind = 'gmail'
            """,
            new { session.WorkspaceId, mailboxId }, cancel);

    /// <summary>How far Gmail's history has been read, while the lease is ours.</summary>
    public static Task<int> SetHistory(
        Session session, MailboxReader reader, string historyId, CancellationToken cancel) =>
        session.Run(
            """
            update mailbox_readers set history_id = @historyId
            where workspace_id = @WorkspaceId and mailbox_id = @MailboxId and fence = @Fence
            """,
            new { session.WorkspaceId, reader.MailboxId, reader.Fence, historyId }, cancel);

    public static Task<int> SetSecret(
        Session session, long mailboxId, byte[]? sealedSecret, CancellationToken cancel) =>
        session.Run(
            """
            update mailbox_readers set imap_secret = @sealedSecret
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId
            """,
            new { session.WorkspaceId, mailboxId, sealedSecret }, cancel);

    public static Task<int> SetState(
        Session session, long mailboxId, ReaderState state, string? reason, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update mailbox_readers set state = @state, broken_reason = @reason, failure_count = 0,
                next_look_at = @now
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId
            """,
            new { session.WorkspaceId, mailboxId, state = Word(state), reason, now }, cancel);

    /// <summary>
    /// Takes the lease of readers that are due, in any workspace. A lease that ran out or whose node died
    /// is free.
    /// </summary>
    public static Task<IReadOnlyList<MailboxReader>> LeaseDue(
        Session session, int node, DateTime now, DateTime leaseUntil, int limit, CancellationToken cancel) =>
        session.List<MailboxReader>(
            $"""
            with due as (
                select workspace_id as w, mailbox_id as m from mailbox_readers
                where state = 'listening' and next_look_at <= @now
                  and (owner is null or lease_until < @now or not node_is_alive(owner))
                order by next_look_at limit @limit for update skip locked)
            update mailbox_readers set owner = @node, lease_until = @leaseUntil, fence = fence + 1
            where (workspace_id, mailbox_id) in (select w, m from due)
            returning {Columns}
            """,
            new { node, now, leaseUntil, limit }, cancel);

    /// <summary>Takes the lease of one reader, due or not; null while another node holds it.</summary>
    public static Task<MailboxReader?> Lease(
        Session session, long mailboxId, int node, DateTime now, DateTime leaseUntil,
        CancellationToken cancel) =>
        session.Maybe<MailboxReader>(
            $"""
            update mailbox_readers set owner = @node, lease_until = @leaseUntil, fence = fence + 1
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId
              and (owner is null or lease_until < @now or not node_is_alive(owner))
            returning {Columns}
            """,
            new { session.WorkspaceId, mailboxId, node, now, leaseUntil }, cancel);

    /// <summary>
    /// True while the lease is still ours; holds the row, so that it stays ours until the commit.
    /// </summary>
    public static async Task<bool> HoldLease(
        Session session, MailboxReader reader, DateTime leaseUntil, CancellationToken cancel) =>
        await session.Run(
            """
            update mailbox_readers set lease_until = @leaseUntil
            where workspace_id = @WorkspaceId and mailbox_id = @MailboxId and fence = @Fence
              and owner is not null
            """,
            new { session.WorkspaceId, reader.MailboxId, reader.Fence, leaseUntil }, cancel) == 1;

    /// <summary>The look went through; the lease is kept by whoever goes on waiting for news.</summary>
    public static Task<int> Synced(
        Session session, MailboxReader reader, DateTime now, DateTime nextLookAt, bool hasMail,
        CancellationToken cancel) =>
        session.Run(
            """
            update mailbox_readers set last_sync_at = @now, last_error = null, last_error_at = null,
                state = case when state = 'broken' then 'listening' else state end, broken_reason = null,
                failure_count = 0, next_look_at = @nextLookAt,
                last_mail_at = case when @hasMail then @now else last_mail_at end
            where workspace_id = @WorkspaceId and mailbox_id = @MailboxId and fence = @Fence
            """,
            new { session.WorkspaceId, reader.MailboxId, reader.Fence, now, nextLookAt, hasMail }, cancel);

    public static Task<int> Failed(
        Session session, MailboxReader reader, string error, bool isFinal, DateTime now, DateTime nextLookAt,
        CancellationToken cancel) =>
        session.Run(
            """
            update mailbox_readers set last_error = @error, last_error_at = @now,
                failure_count = failure_count + 1, next_look_at = @nextLookAt,
                state = case when @isFinal and state = 'listening' then 'broken' else state end,
                broken_reason = case when @isFinal and state = 'listening' then @error
                    else broken_reason end
            where workspace_id = @WorkspaceId and mailbox_id = @MailboxId and fence = @Fence
            """,
            new { session.WorkspaceId, reader.MailboxId, reader.Fence, error, isFinal, now, nextLookAt },
            cancel);

    public static Task<int> Release(Session session, MailboxReader reader, CancellationToken cancel) =>
        session.Run(
            """
            update mailbox_readers set owner = null, lease_until = null
            where workspace_id = @WorkspaceId and mailbox_id = @MailboxId and fence = @Fence
            """,
            new { session.WorkspaceId, reader.MailboxId, reader.Fence }, cancel);

    public static Task<IReadOnlyList<FolderCursor>> Folders(
        Session session, long mailboxId, CancellationToken cancel) =>
        session.List<FolderCursor>(
            """
            select folder, special_use, uid_validity, last_uid, newest_at, last_sync_at from mailbox_folders
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId order by folder
            """,
            new { session.WorkspaceId, mailboxId }, cancel);

    public static Task<int> PutFolder(
        Session session, long mailboxId, FolderCursor cursor, CancellationToken cancel) =>
        session.Run(
            """
            insert into mailbox_folders (workspace_id, mailbox_id, folder, special_use, uid_validity,
                last_uid, newest_at, last_sync_at)
            values (@WorkspaceId, @mailboxId, @Folder, @SpecialUse, @UidValidity, @LastUid, @NewestAt,
                @LastSyncAt)
            on conflict (workspace_id, mailbox_id, folder) do update set
                special_use = excluded.special_use, uid_validity = excluded.uid_validity,
                last_uid = excluded.last_uid, newest_at = excluded.newest_at,
                last_sync_at = excluded.last_sync_at
            """,
            new
            {
                session.WorkspaceId, mailboxId, cursor.Folder, cursor.SpecialUse, cursor.UidValidity,
                cursor.LastUid, cursor.NewestAt, cursor.LastSyncAt,
            },
            cancel);

    internal static string Word(ReaderState state) => state.ToString().ToLowerInvariant();
}
