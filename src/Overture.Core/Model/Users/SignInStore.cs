using Overture.Core.Data;

namespace Overture.Core.Model;

static class SignInStore
{
    public static Task Add(
        Session session, byte[] tokenHash, long workspaceId, long userId, DateTimeOffset now,
        DateTimeOffset expiresAt, CancellationToken cancel) =>
        session.Run(
            """
            insert into sign_ins (token_hash, workspace_id, user_id, created_at, seen_at, expires_at)
            values (@tokenHash, @workspaceId, @userId, @now, @now, @expiresAt)
            """,
            new { tokenHash, workspaceId, userId, now, expiresAt },
            cancel);

    public static Task<Identity?> Find(
        Session session, byte[] tokenHash, DateTimeOffset now, DateTimeOffset idleSince,
            CancellationToken cancel) =>
        session.Maybe<Identity>(
            """
            select s.workspace_id, w.name as workspace_name, u.id as user_id, u.email, u.name, m.role
            from sign_ins s
            join users u on u.id = s.user_id and u.disabled_at is null
            join memberships m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
            join workspaces w on w.id = s.workspace_id
            where s.token_hash = @tokenHash and s.expires_at > @now and s.seen_at > @idleSince
            """,
            new { tokenHash, now, idleSince },
            cancel);

    /// <summary>
    /// Marks the sign-in as used; at most one write a minute, however many pages are opened.
    /// </summary>
    public static Task Touch(
        Session session, byte[] tokenHash, DateTimeOffset now, DateTimeOffset notSince,
            CancellationToken cancel) =>
        session.Run(
            "update sign_ins set seen_at = @now where token_hash = @tokenHash and seen_at < @notSince",
            new { tokenHash, now, notSince },
            cancel);

    public static Task Remove(Session session, byte[] tokenHash, CancellationToken cancel) =>
        session.Run("delete from sign_ins where token_hash = @tokenHash", new { tokenHash }, cancel);

    public static Task RemoveAllOf(Session session, long userId, CancellationToken cancel) =>
        session.Run("delete from sign_ins where user_id = @userId", new { userId }, cancel);

    public static Task<int> RemoveExpired(
        Session session, DateTimeOffset now, DateTimeOffset idleSince, CancellationToken cancel) =>
        session.Run(
            "delete from sign_ins where expires_at <= @now or seen_at <= @idleSince",
            new { now, idleSince },
            cancel);
}
