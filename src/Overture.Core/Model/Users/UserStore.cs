using Overture.Core.Data;

namespace Overture.Core.Model;

static class UserStore
{
    public static Task<bool> Any(Session session, CancellationToken cancel) =>
        session.One<bool>("select exists (select from users)", null, cancel);

    public static Task<User?> Find(Session session, string email, CancellationToken cancel) =>
        session.Maybe<User>(
            """
            select id, email, name, password_hash, created_at, disabled_at
            from users where email = @email
            """,
            new { email },
            cancel);

    public static Task<long> Add(
        Session session, string email, string name, string passwordHash, DateTimeOffset now,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into users (email, name, password_hash, created_at)
            values (@email, @name, @passwordHash, @now)
            returning id
            """,
            new { email, name, passwordHash, now },
            cancel);

    public static Task AddMembership(
        Session session, long workspaceId, long userId, Role role, DateTimeOffset now, CancellationToken cancel) =>
        session.Run(
            """
            insert into memberships (workspace_id, user_id, role, created_at)
            values (@workspaceId, @userId, @role, @now)
            """,
            new { workspaceId, userId, role = role.ToString().ToLowerInvariant(), now },
            cancel);

    /// <summary>The workspace the user joined first.</summary>
    public static Task<long?> FirstWorkspace(Session session, long userId, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            select workspace_id from memberships where user_id = @userId
            order by created_at, workspace_id limit 1
            """,
            new { userId },
            cancel);

    public static Task SetPassword(Session session, long userId, string passwordHash, CancellationToken cancel) =>
        session.Run(
            "update users set password_hash = @passwordHash where id = @userId",
            new { userId, passwordHash },
            cancel);
}
