using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Mail.Dns;

namespace Overture.Core.Model;

/// <summary>All SQL over sending domains and holidays.</summary>
static class SenderDomainStore
{
    /// <summary>Every domain that a mailbox sends from, looked at or not.</summary>
    public static async Task<IReadOnlyList<SenderDomain>> List(Session session, CancellationToken cancel) =>
        [
            .. (await session.List<Row>(
                """
                select distinct split_part(lower(b.address), '@', 2) as domain, d.checked_at,
                    d.findings::text as findings,
                    d.failing_since
                from mailboxes b
                left join sender_domains d on d.workspace_id = b.workspace_id
                    and d.domain = split_part(lower(b.address), '@', 2)
                where b.workspace_id = @WorkspaceId order by 1
                """,
                new { session.WorkspaceId }, cancel))
            .Select(row => new SenderDomain(
                row.Domain, row.CheckedAt,
                row.Findings is null
                    ? [] : JsonSerializer.Deserialize<List<DomainFinding>>(row.Findings, JobJson.Options)
                        ?? [],
                row.FailingSince)),
        ];

    public static Task<int> Put(Session session, SenderDomain domain, CancellationToken cancel) =>
        session.Run(
            """
            insert into sender_domains (workspace_id, domain, checked_at, findings, failing_since)
            values (@WorkspaceId, @Domain, @CheckedAt, @findings::jsonb, @FailingSince)
            on conflict (workspace_id, domain) do update set checked_at = excluded.checked_at,
                findings = excluded.findings, failing_since = excluded.failing_since
            """,
            new
            {
                session.WorkspaceId, domain.Domain, domain.CheckedAt, domain.FailingSince,
                findings = JsonSerializer.Serialize(domain.Findings, JobJson.Options),
            },
            cancel);

    /// <summary>Domains of mailboxes with a server that were not looked at since then.</summary>
    public static Task<IReadOnlyList<(long WorkspaceId, string Domain)>> Due(
        Session session, DateTime before, DateTime failingBefore, int limit, CancellationToken cancel) =>
        session.List<(long, string)>(
            """
            select distinct b.workspace_id, split_part(lower(b.address), '@', 2)
            from mailboxes b
            left join sender_domains d on d.workspace_id = b.workspace_id
                and d.domain = split_part(lower(b.address), '@', 2)
            where b.smtp_host is not null and (d.checked_at is null or d.checked_at < @before
                or (d.failing_since is not null and d.checked_at < @failingBefore))
            order by 1, 2 limit @limit
            """,
            new { before, failingBefore, limit }, cancel);

    internal sealed record Row
    {
        public required string Domain { get; init; }
        public DateTime? CheckedAt { get; init; }
        public string? Findings { get; init; }
        public DateTime? FailingSince { get; init; }
    }
}
