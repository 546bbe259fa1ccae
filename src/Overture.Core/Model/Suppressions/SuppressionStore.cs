using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over suppressions.</summary>
static class SuppressionStore
{
    public static Task<int> Insert(
        Session session, string kind, string value, string reason, string? note, string by, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into suppressions (workspace_id, kind, value, reason, note, created_by, created_at)
            values (@WorkspaceId, @kind, @value, @reason, @note, @by, @now)
            on conflict (workspace_id, kind, value) do nothing
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

    /// <summary>The reasons against those of many addresses that must not be contacted.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Matching(
        Session session, IReadOnlyList<string> emails, CancellationToken cancel)
    {
        var keys = emails.Distinct().Select(email => (Email: email, Key: ContactKey.ForEmail(email)))
            .Where(one => one.Key is not null).ToList();
        var wanted = keys.SelectMany(one => DomainsOf(one.Key!)).Distinct().ToArray();
        var found = (await session.List<(string Kind, string Value, string Reason)>(
            """
            select kind, value, reason from suppressions
            where workspace_id = @WorkspaceId
              and ((kind = 'address' and value = any(@addresses)) or (kind = 'domain' and value = any(@wanted)))
            """,
            new { session.WorkspaceId, addresses = keys.Select(one => one.Key!).ToArray(), wanted }, cancel))
            .ToDictionary(row => (row.Kind, row.Value), row => row.Reason);
        var reasons = new Dictionary<string, string>();
        foreach (var (email, key) in keys)
            if (found.TryGetValue(("address", key!), out var reason)
                || DomainsOf(key!).Any(domain => found.TryGetValue(("domain", domain), out reason)))
                reasons[email] = reason!;
        return reasons;
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

    internal static string[] DomainsOf(string email)
    {
        var labels = email[(email.LastIndexOf('@') + 1)..].Split('.');
        return [.. Enumerable.Range(0, labels.Length).Select(first => string.Join('.', labels[first..]))];
    }
}
