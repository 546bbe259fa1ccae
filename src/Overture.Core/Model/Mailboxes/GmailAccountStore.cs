using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over grants to Gmail mailboxes.</summary>
static class GmailAccountStore
{
    const string Columns =
        """
        workspace_id, mailbox_id, client_id, client_secret, refresh_token, connected_at, connected_by,
        consent_secret, consent_by, consent_until
        """;

    public static Task<GmailAccount?> Find(Session session, long mailboxId, CancellationToken cancel) =>
        session.Maybe<GmailAccount>(
            $"""
            select {Columns} from gmail_accounts
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId
            """,
            new { session.WorkspaceId, mailboxId }, cancel);

    /// <summary>Keeps the registration. A grant given to another one ends with it.</summary>
    public static Task<int> Register(
        Session session, long mailboxId, string clientId, byte[]? sealedSecret, CancellationToken cancel) =>
        session.Run(
            """
            insert into gmail_accounts as g (workspace_id, mailbox_id, client_id, client_secret)
            values (@WorkspaceId, @mailboxId, @clientId, @sealedSecret)
            on conflict (workspace_id, mailbox_id) do update set client_id = excluded.client_id,
                client_secret = coalesce(excluded.client_secret, g.client_secret),
                refresh_token = case when g.client_id = excluded.client_id then g.refresh_token end,
                connected_at = case when g.client_id = excluded.client_id then g.connected_at end,
                connected_by = case when g.client_id = excluded.client_id then g.connected_by end
            """,
            new { session.WorkspaceId, mailboxId, clientId, sealedSecret }, cancel);

    /// <summary>Begins to ask a person; what was asked before is void.</summary>
    public static Task<int> Ask(
        Session session, long mailboxId, byte[] hash, byte[] sealedSecret, string by, DateTime until,
        CancellationToken cancel) =>
        session.Run(
            """
            update gmail_accounts set consent_hash = @hash, consent_secret = @sealedSecret, consent_by = @by,
                consent_until = @until
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId
            """,
            new { session.WorkspaceId, mailboxId, hash, sealedSecret, by, until }, cancel);

    /// <summary>
    /// Takes back the question that an answer belongs to, so that it is answered once; null when it was not
    /// asked of this person, or too long ago.
    /// </summary>
    public static Task<GmailAccount?> TakeAnswered(
        Session session, byte[] hash, string by, DateTime now, CancellationToken cancel) =>
        session.Maybe<GmailAccount>(
            $"""
            with asked as (
                select {Columns} from gmail_accounts
                where workspace_id = @WorkspaceId and consent_hash = @hash and consent_by = @by
                  and consent_until > @now for update),
            taken as (
                update gmail_accounts g set consent_hash = null, consent_secret = null, consent_by = null,
                    consent_until = null
                from asked a
                where g.workspace_id = a.workspace_id and g.mailbox_id = a.mailbox_id)
            select {Columns} from asked
            """,
            new { session.WorkspaceId, hash, by, now }, cancel);

    public static Task<int> SetGrant(
        Session session, long mailboxId, byte[] sealedToken, string by, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update gmail_accounts set refresh_token = @sealedToken, connected_by = @by, connected_at = @now
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId
            """,
            new { session.WorkspaceId, mailboxId, sealedToken, by, now }, cancel);

    /// <summary>The service has changed the token of a grant that goes on.</summary>
    public static Task<int> ChangeToken(
        Session session, long mailboxId, byte[] sealedToken, CancellationToken cancel) =>
        session.Run(
            """
            update gmail_accounts set refresh_token = @sealedToken
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId and refresh_token is not null
            """,
            new { session.WorkspaceId, mailboxId, sealedToken }, cancel);

    public static Task<int> Forget(Session session, long mailboxId, CancellationToken cancel) =>
        session.Run(
            "delete from gmail_accounts where workspace_id = @WorkspaceId and mailbox_id = @mailboxId",
            new { session.WorkspaceId, mailboxId }, cancel);
}
