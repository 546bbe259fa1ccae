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
        Session session, long workspaceId, long userId, Role role, DateTimeOffset now,
            CancellationToken cancel) =>
        session.Run(
            """
            insert into memberships (workspace_id, user_id, role, created_at)
            values (@workspaceId, @userId, @role, @now)
            """,
            new { workspaceId, userId, role = role.ToString().ToLowerInvariant(), now },
            cancel);

    /// <summary>Makes everybody who owns a workspace an owner of this one too.</summary>
    public static Task AddOwners(
        Session session, long workspaceId, DateTimeOffset now, CancellationToken cancel) =>
        session.Run(
            """
            insert into memberships (workspace_id, user_id, role, created_at)
            select distinct @workspaceId, user_id, 'owner', @now from memberships where role = 'owner'
            """,
            new { workspaceId, now },
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

    public static Task<Identity?> FirstOwner(Session session, long workspaceId, CancellationToken cancel) =>
        session.Maybe<Identity>(
            """
            select w.id as workspace_id, w.name as workspace_name, u.id as user_id, u.email, u.name, m.role
            from memberships m
            join users u on u.id = m.user_id and u.disabled_at is null
            join workspaces w on w.id = m.workspace_id
            where m.workspace_id = @workspaceId and m.role = 'owner'
            order by m.created_at, u.id limit 1
            """,
            new { workspaceId },
            cancel);

    public static Task<IReadOnlyList<Member>> Members(Session session, CancellationToken cancel) =>
        session.List<Member>(
            """
            select u.id as user_id, u.name, u.email, w.name as workspace_name, m.role, u.disabled_at
            from users u
            join memberships m on m.user_id = u.id
            join workspaces w on w.id = m.workspace_id
            order by u.id, w.id
            """,
            null,
            cancel);

    public static Task SetPassword(
        Session session, long userId, string passwordHash, CancellationToken cancel) =>
        session.Run(
            "update users set password_hash = @passwordHash where id = @userId",
            new { userId, passwordHash },
            cancel);
}
