using Overture.Core.Data;

namespace Overture.Core.Reports;

/// <summary>How far the leads of a workspace have come.</summary>
public sealed record PipelineCounts
{
    public long Collected { get; init; }
    public long Enriched { get; init; }
    public long Ranked { get; init; }
    public long Enrolled { get; init; }
    public long Composed { get; init; }

    /// <summary>Messages that have left, or that a dry run has captured.</summary>
    public long Sent { get; init; }

    public long Captured { get; init; }
    public long Failed { get; init; }
    public long Replied { get; init; }
    public long Bounced { get; init; }
    public long Unsubscribed { get; init; }
    public long Uncertain { get; init; }

    /// <summary>Messages that a sender holds at this moment: neither waiting nor sent.</summary>
    public long UnderWay { get; init; }
}

/// <summary>Read-only SQL for the numbers of the pipeline.</summary>
public sealed class PipelineReport(Database database)
{
    /// <summary>Messages that a sender holds at this moment.</summary>
    public Task<long> UnderWay(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.One<long>(
                "select count(*) from send_due where workspace_id = @WorkspaceId and owner is not null",
                new { session.WorkspaceId }, cancel),
            cancel);

    public Task<PipelineCounts> Counts(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.One<PipelineCounts>(
                """
                select
                    (select count(*) from leads
                        where workspace_id = @WorkspaceId) as collected,
                    (select count(*) from leads
                        where workspace_id = @WorkspaceId and enriched_at is not null) as enriched,
                    (select count(*) from leads
                        where workspace_id = @WorkspaceId and ranked_at is not null) as ranked,
                    (select count(*) from enrollments
                        where workspace_id = @WorkspaceId) as enrolled,
                    (select count(*) from messages
                        where workspace_id = @WorkspaceId) as composed,
                    (select count(*) from messages
                        where workspace_id = @WorkspaceId and state = 'sent') as sent,
                    (select count(*) from captured_mail
                        where workspace_id = @WorkspaceId) as captured,
                    (select count(*) from messages
                        where workspace_id = @WorkspaceId and state = 'failed') as failed,
                    (select count(*) from send_intents
                        where workspace_id = @WorkspaceId and state = 'uncertain') as uncertain,
                    (select count(*) from send_due
                        where workspace_id = @WorkspaceId and owner is not null) as under_way,
                    count(*) filter (where kind = 'replied') as replied,
                    count(*) filter (where kind = 'bounced') as bounced,
                    count(*) filter (where kind = 'unsubscribed') as unsubscribed
                from events where workspace_id = @WorkspaceId
                """,
                new { session.WorkspaceId }, cancel),
            cancel);
}
