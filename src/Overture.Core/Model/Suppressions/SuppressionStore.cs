using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over suppressions.</summary>
static class SuppressionStore
{
    /// <summary>
    /// What a person asked for, or a server answered, takes the place of what was typed in: only the latter
    /// can be taken back.
    /// </summary>
    public static Task<int> Insert(
        Session session, string kind, string value, string reason, string? note, string by, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into suppressions (workspace_id, kind, value, reason, note, created_by, created_at)
            values (@WorkspaceId, @kind, @value, @reason, @note, @by, @now)
            on conflict (workspace_id, kind, value) do update
            set reason = excluded.reason, created_by = excluded.created_by
            where suppressions.reason = 'manual' and excluded.reason <> 'manual'
            """,
            new { session.WorkspaceId, kind, value, reason, note, by, now }, cancel);

    /// <summary>
    /// The reason why this address must not be contacted: its own suppression, or that of its domain or a
    /// domain above it. Null when nothing forbids it.
    /// </summary>
    public static Task<string?> Matching(Session session, string? email, CancellationToken cancel)
    {
        if (ContactKey.ForEmail(email) is not { } key) return Task.FromResult<string?>(null);
        return session.Maybe<string>(
            """
            select reason from suppressions
            where workspace_id = @WorkspaceId
              and ((kind = 'address' and value = @key) or (kind = 'domain' and value = any(@domains))
                  or (kind = 'address_hash' and value = @hash))
            order by kind limit 1
            """,
            new { session.WorkspaceId, key, domains = DomainsOf(key), hash = session.PersonHash(key) },
            cancel);
    }

    /// <summary>The same question about many addresses, in one batch.</summary>
    public static Suppressed Matching(Batch batch, IEnumerable<string?> emails)
    {
        var asked = new Dictionary<string, (string Key, string? Hash)>();
        foreach (var email in emails)
            if (email is not null && ContactKey.ForEmail(email) is { } key)
                asked[email] = (key, batch.Session.PersonHash(key));
        return new Suppressed(
            asked,
            batch.List<(string, string, string)>(
                """
                select kind, value, reason from suppressions
                where workspace_id = @WorkspaceId and kind = 'address' and value = any(@addresses)
                union all
                select kind, value, reason from suppressions
                where workspace_id = @WorkspaceId and kind = 'domain' and value = any(@domains)
                union all
                select kind, value, reason from suppressions
                where workspace_id = @WorkspaceId and kind = 'address_hash' and value = any(@hashes)
                """,
                new
                {
                    batch.WorkspaceId, addresses = asked.Values.Select(one => one.Key).ToArray(),
                    domains = asked.Values.SelectMany(one => DomainsOf(one.Key)).Distinct().ToArray(),
                    hashes = asked.Values.Select(one => one.Hash).OfType<string>().ToArray(),
                }));
    }

    public static Task<IReadOnlyList<Suppression>> List(
        Session session, string? search, long? beforeId, int limit, CancellationToken cancel) =>
        session.List<Suppression>(
            """
            select id, kind, value, reason, note, created_by, created_at from suppressions
            where workspace_id = @WorkspaceId
              and (@search::text is null or value like @search)
              and (@beforeId::bigint is null or id < @beforeId)
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, search, beforeId, limit }, cancel);

    public static Task<Suppression?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Suppression>(
            """
            select id, kind, value, reason, note, created_by, created_at from suppressions
            where workspace_id = @WorkspaceId and id = @id
            for update
            """,
            new { session.WorkspaceId, id }, cancel);

    public static Task<int> Delete(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from suppressions where workspace_id = @WorkspaceId and id = @id and reason = 'manual'",
            new { session.WorkspaceId, id }, cancel);

    internal static string[] DomainsOf(string email)
    {
        var labels = email[(email.LastIndexOf('@') + 1)..].Split('.');
        return [.. Enumerable.Range(0, labels.Length).Select(first => string.Join('.', labels[first..]))];
    }
}

/// <summary>The answer about many addresses, there once its batch was sent.</summary>
sealed class Suppressed(
    IReadOnlyDictionary<string, (string Key, string? Hash)> asked,
    Rows<(string Kind, string Value, string Reason)> found)
{
    Dictionary<(string, string), string>? reasons;

    /// <summary>Why this address must not be contacted; null when nothing forbids it.</summary>
    public string? Reason(string? email)
    {
        reasons ??= found.Values.ToDictionary(row => (row.Kind, row.Value), row => row.Reason);
        if (reasons.Count == 0 || email is null || !asked.TryGetValue(email, out var one)) return null;
        if (reasons.TryGetValue(("address", one.Key), out var reason)) return reason;
        if (one.Hash is { } hash && reasons.TryGetValue(("address_hash", hash), out reason)) return reason;
        foreach (var domain in SuppressionStore.DomainsOf(one.Key))
            if (reasons.TryGetValue(("domain", domain), out reason)) return reason;
        return null;
    }
}
