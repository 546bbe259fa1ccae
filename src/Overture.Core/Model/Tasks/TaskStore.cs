using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over tasks.</summary>
static class TaskStore
{
    public static Task<long> Insert(
        Session session, long? leadId, string kind, string title, DateOnly? dueOn, DateTime now,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into tasks (workspace_id, lead_id, kind, title, state, due_on, created_at)
            values (@WorkspaceId, @leadId, @kind, @title, 'open', @dueOn, @now)
            returning id
            """,
            new { session.WorkspaceId, leadId, kind, title, dueOn, now }, cancel);

    public static Task<IReadOnlyList<HumanTask>> Open(Session session, int limit, CancellationToken cancel) =>
        session.List<HumanTask>(
            """
            select id, lead_id, kind, title, state, due_on, created_at from tasks
            where workspace_id = @WorkspaceId and state = 'open' order by due_on nulls last, id limit @limit
            """,
            new { session.WorkspaceId, limit }, cancel);
}
