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
              and ((kind = 'address' and value = @key) or (kind = 'domain' and value = any(@domains)))
            order by kind limit 1
            """,
            new { session.WorkspaceId, key, domains = DomainsOf(key) }, cancel);
    }

    /// <summary>Those of several addresses that must not be contacted, each with its reason.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> MatchingAny(
        Session session, IReadOnlyCollection<string> emails, CancellationToken cancel)
    {
        var asked = (
            from email in emails.Distinct()
            let key = ContactKey.ForEmail(email)
            where key is not null
            from candidate in DomainsOf(key).Select(domain => (Kind: "domain", Value: domain))
                .Prepend((Kind: "address", Value: key))
            select (Email: email, candidate.Kind, candidate.Value)).ToList();
        var found = await session.List<(string Email, string Reason)>(
            """
            select distinct on (a.email) a.email, s.reason
            from unnest(@addresses, @kinds, @values) as a (email, kind, value)
            join suppressions s on s.workspace_id = @WorkspaceId and s.kind = a.kind and s.value = a.value
            order by a.email, s.kind
            """,
            new
            {
                session.WorkspaceId, addresses = asked.Select(one => one.Email).ToArray(),
                kinds = asked.Select(one => one.Kind).ToArray(), values = asked.Select(one => one.Value).ToArray(),
            },
            cancel);
        return found.ToDictionary(row => row.Email, row => row.Reason);
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

    static string[] DomainsOf(string email)
    {
        var labels = email[(email.LastIndexOf('@') + 1)..].Split('.');
        return [.. Enumerable.Range(0, labels.Length).Select(first => string.Join('.', labels[first..]))];
    }
}
