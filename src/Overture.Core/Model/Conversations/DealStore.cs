using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>The SQL over deals that replies need.</summary>
static class DealStore
{
    /// <summary>Somebody wants to talk: a deal is opened, or moves on to replied unless it was settled.</summary>
    public static Task<int> Replied(Session session, long leadId, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into deals (workspace_id, lead_id, stage, created_at, updated_at)
            values (@WorkspaceId, @leadId, 'replied', @now, @now)
            on conflict (workspace_id, lead_id) do update set stage = 'replied', updated_at = @now
            where deals.stage in ('discovered', 'enriched', 'pending', 'connected')
            """,
            new { session.WorkspaceId, leadId, now }, cancel);
}
