using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the activity log.</summary>
static class ActivityStore
{
    public static Task<int> Append(
        Session session, long leadId, string kind, string actor, string summary, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into activity (workspace_id, lead_id, kind, actor, summary, occurred_at)
            values (@WorkspaceId, @leadId, @kind, @actor, @summary, @now)
            """,
            new { session.WorkspaceId, leadId, kind, actor, summary, now }, cancel);

    /// <summary>The same, unless this actor has done something of this kind to the lead before.</summary>
    public static Task<int> AppendFirst(
        Session session, long leadId, string kind, string actor, string summary, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into activity (workspace_id, lead_id, kind, actor, summary, occurred_at)
            select @WorkspaceId, @leadId, @kind, @actor, @summary, @now
            where not exists (select from activity
                where workspace_id = @WorkspaceId and lead_id = @leadId and kind = @kind and actor = @actor)
            """,
            new { session.WorkspaceId, leadId, kind, actor, summary, now }, cancel);

    /// <summary>The same thing happened to many leads, each in its own words.</summary>
    public static void AppendAll(
        Batch batch, long[] leadIds, string kind, string actor, string[] summaries, DateTime now) =>
        batch.Run(
            """
            insert into activity (workspace_id, lead_id, kind, actor, summary, occurred_at)
            select @WorkspaceId, t.lead_id, @kind, @actor, t.summary, @now
            from unnest(@leadIds, @summaries) as t(lead_id, summary)
            """,
            new { batch.WorkspaceId, leadIds, kind, actor, summaries, now });

    public static Task<IReadOnlyList<ActivityEntry>> ForLead(
        Session session, long leadId, int limit, CancellationToken cancel) =>
        session.List<ActivityEntry>(
            """
            select id, kind, actor, summary, occurred_at from activity
            where workspace_id = @WorkspaceId and lead_id = @leadId
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, leadId, limit }, cancel);
}
