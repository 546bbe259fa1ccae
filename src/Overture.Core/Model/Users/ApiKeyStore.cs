using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A key as lists show it; the secret is never kept.</summary>
public sealed record ApiKey
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required string PublicId { get; init; }
    public required string LastFour { get; init; }
    public required string[] Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>What the key check needs: the hash to compare with and whose key it is.</summary>
sealed record ApiKeyHolder
{
    public required long KeyId { get; init; }
    public required byte[] SecretHash { get; init; }
    public required string[] Scopes { get; init; }
    public required long WorkspaceId { get; init; }
    public required string WorkspaceName { get; init; }
    public required long UserId { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required Role Role { get; init; }
}

static class ApiKeyStore
{
    public static Task<long> Add(
        Session session, string name, ApiKeyText key, byte[] secretHash, IReadOnlyList<string> scopes,
        long createdBy, DateTimeOffset now, DateTimeOffset? expiresAt, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into api_keys (workspace_id, name, public_id, secret_hash, last_four, scopes, created_by,
                                  created_at, expires_at)
            values (@workspaceId, @name, @publicId, @secretHash, @lastFour, @scopes, @createdBy, @now,
                    @expiresAt)
            returning id
            """,
            new
            {
                workspaceId = session.WorkspaceId,
                name,
                publicId = key.PublicId,
                secretHash,
                lastFour = key.LastFour,
                scopes = scopes.ToArray(),
                createdBy,
                now,
                expiresAt,
            },
            cancel);

    public static Task<IReadOnlyList<ApiKey>> All(Session session, CancellationToken cancel) =>
        session.List<ApiKey>(
            """
            select id, name, public_id, last_four, scopes, created_at, expires_at, last_used_at, revoked_at
            from api_keys where workspace_id = @WorkspaceId order by id desc limit 200
            """,
            new { session.WorkspaceId },
            cancel);

    public static Task<ApiKeyHolder?> FindUsable(
        Session session, string publicId, DateTimeOffset now, CancellationToken cancel) =>
        session.Maybe<ApiKeyHolder>(
            """
            select k.id as key_id, k.secret_hash, k.scopes, k.workspace_id, w.name as workspace_name,
                   u.id as user_id, u.email, u.name, m.role
            from api_keys k
            join users u on u.id = k.created_by and u.disabled_at is null
            join memberships m on m.workspace_id = k.workspace_id and m.user_id = u.id
            join workspaces w on w.id = k.workspace_id
            where k.public_id = @publicId and k.revoked_at is null
              and (k.expires_at is null or k.expires_at > @now)
            """,
            new { publicId, now },
            cancel);

    public static Task Touch(
        Session session, long workspaceId, long id, DateTimeOffset now, DateTimeOffset notSince,
        CancellationToken cancel) =>
        session.Run(
            """
            update api_keys set last_used_at = @now
            where workspace_id = @workspaceId and id = @id
              and (last_used_at is null or last_used_at < @notSince)
            """,
            new { workspaceId, id, now, notSince },
            cancel);

    public static Task<int> Revoke(Session session, long id, DateTimeOffset now, CancellationToken cancel) =>
        session.Run(
            """
            update api_keys set revoked_at = coalesce(revoked_at, @now)
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, now },
            cancel);
}
