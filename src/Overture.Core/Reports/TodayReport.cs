using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Reports;

/// <summary>What only a human can move on, and how many of each there are.</summary>
public sealed record WaitingForHumans(
    long OpenTasks, long UnwrittenSteps, long FailedMessages, long BrokenMailboxes)
{
    public bool IsEmpty => this == new WaitingForHumans(0, 0, 0, 0);
}

/// <summary>Read-only SQL for the first page.</summary>
public sealed class TodayReport(Database database)
{
    public Task<WaitingForHumans> Waiting(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.One<WaitingForHumans>(
                """
                select
                    (select count(*) from tasks
                        where workspace_id = @WorkspaceId and state = 'open') as open_tasks,
                    (select count(*) from enrollments
                        where workspace_id = @WorkspaceId and state = 'active'
                        and blocked_reason is not null) as unwritten_steps,
                    (select count(*) from messages
                        where workspace_id = @WorkspaceId and state = 'failed') as failed_messages,
                    (select count(*) from mailboxes
                        where workspace_id = @WorkspaceId and state = 'broken') as broken_mailboxes
                """,
                new { session.WorkspaceId }, cancel),
            cancel);

    /// <summary>The open tasks that are due first.</summary>
    public Task<IReadOnlyList<HumanTask>> OpenTasks(long workspaceId, int limit, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => TaskStore.Open(session, limit, cancel), cancel);
}
