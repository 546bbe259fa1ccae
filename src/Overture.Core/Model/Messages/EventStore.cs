using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over what happened to messages.</summary>
static class EventStore
{
    public static Task<int> Append(
        Session session, string kind, long? campaignId, long? enrollmentId, long? messageId, long? contactId,
        string? data, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into events (workspace_id, kind, campaign_id, enrollment_id, message_id, contact_id, data,
                occurred_at)
            values (@WorkspaceId, @kind, @campaignId, @enrollmentId, @messageId, @contactId,
                @data::jsonb, @now)
            """,
            new { session.WorkspaceId, kind, campaignId, enrollmentId, messageId, contactId, data, now },
            cancel);
}
