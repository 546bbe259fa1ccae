using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over leads that are to be asked about again.</summary>
static class GapStore
{
    public static Task<IReadOnlyList<long>> Due(
        Session session, DateTime now, int limit, CancellationToken cancel) =>
        session.List<long>(
            """
            select g.lead_id from enrichment_gaps g
            join leads l on l.workspace_id = g.workspace_id and l.id = g.lead_id
            where g.workspace_id = @WorkspaceId and g.due_at <= @now
              and l.state not in ('new', 'rejected', 'closed')
            order by g.due_at limit @limit
            """,
            new { session.WorkspaceId, now, limit }, cancel);

    /// <summary>Leads that wait for their first enrichment, oldest first, nobody held.</summary>
    public static Task<IReadOnlyList<long>> New(Session session, int limit, CancellationToken cancel) =>
        session.List<long>(
            "select id from leads where workspace_id = @WorkspaceId and state = 'new' order by id limit @limit",
            new { session.WorkspaceId, limit }, cancel);

    public static Task<int> Put(
        Session session, long leadId, DateTime dueAt, string reason, CancellationToken cancel) =>
        session.Run(
            """
            insert into enrichment_gaps as g (workspace_id, lead_id, due_at, reason)
            values (@WorkspaceId, @leadId, @dueAt, @reason)
            on conflict (workspace_id, lead_id) do update set due_at = excluded.due_at,
                reason = excluded.reason, try_count = g.try_count + 1
            """,
            new { session.WorkspaceId, leadId, dueAt, reason }, cancel);

    public static async Task<int> Tries(Session session, long leadId, CancellationToken cancel) =>
        await session.Maybe<int?>(
            "select try_count from enrichment_gaps where workspace_id = @WorkspaceId and lead_id = @leadId",
            new { session.WorkspaceId, leadId }, cancel) ?? 0;

    public static Task<int> Delete(Session session, long leadId, CancellationToken cancel) =>
        session.Run(
            "delete from enrichment_gaps where workspace_id = @WorkspaceId and lead_id = @leadId",
            new { session.WorkspaceId, leadId }, cancel);

    /// <summary>Every lead in pursuit is asked about once more; answers that are kept cost nothing.</summary>
    public static Task<int> PutAll(Session session, DateTime now, string reason, CancellationToken cancel) =>
        session.Run(
            """
            insert into enrichment_gaps (workspace_id, lead_id, due_at, reason)
            select workspace_id, id, @now, @reason from leads
            where workspace_id = @WorkspaceId and state not in ('new', 'rejected', 'closed')
            on conflict (workspace_id, lead_id) do update set due_at = excluded.due_at
            """,
            new { session.WorkspaceId, now, reason }, cancel);

    public static Task<long> CountWaiting(Session session, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            select (select count(*) from leads where workspace_id = @WorkspaceId and state = 'new')
                 + (select count(*) from enrichment_gaps g
                    join leads l on l.workspace_id = g.workspace_id and l.id = g.lead_id
                    where g.workspace_id = @WorkspaceId and g.due_at <= @now
                      and l.state not in ('new', 'rejected', 'closed'))
            """,
            new { session.WorkspaceId, now }, cancel);
}
