using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the keys that sign.</summary>
static class DomainKeyStore
{
    const string Columns = "id, domain, selector, record, created_at";

    public static Task<IReadOnlyList<DomainKey>> List(Session session, CancellationToken cancel) =>
        session.List<DomainKey>(
            $"select {Columns} from domain_keys where workspace_id = @WorkspaceId order by domain",
            new { session.WorkspaceId }, cancel);

    public static Task<(string Selector, byte[] PrivateKey)?> Find(
        Session session, string domain, CancellationToken cancel) =>
        session.Maybe<(string, byte[])?>(
            """
            select selector, private_key from domain_keys
            where workspace_id = @WorkspaceId and domain = @domain
            """,
            new { session.WorkspaceId, domain }, cancel);

    /// <summary>Keeps a key; it takes the place of an earlier one of the same domain.</summary>
    public static Task<long> Put(
        Session session, string domain, string selector, byte[] privateKey, string record, DateTime now,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into domain_keys (workspace_id, domain, selector, private_key, record, created_at)
            values (@WorkspaceId, @domain, @selector, @privateKey, @record, @now)
            on conflict (workspace_id, domain) do update
                set selector = excluded.selector, private_key = excluded.private_key,
                    record = excluded.record, created_at = excluded.created_at
            returning id
            """,
            new { session.WorkspaceId, domain, selector, privateKey, record, now }, cancel);

    public static Task<int> Remove(Session session, string domain, CancellationToken cancel) =>
        session.Run(
            "delete from domain_keys where workspace_id = @WorkspaceId and domain = @domain",
            new { session.WorkspaceId, domain }, cancel);
}
