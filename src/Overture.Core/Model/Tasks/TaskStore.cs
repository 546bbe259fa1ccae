using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over tasks.</summary>
static class TaskStore
{
    const string Columns =
        """
        id, lead_id, enrollment_id, message_id, step_id, kind, title, body, link, state, due_on, created_at,
        finished_at, finished_by
        """;

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

    /// <summary>A task that a step asks for, with everything needed to do it.</summary>
    public static Task<long> InsertForStep(
        Session session, HumanTask task, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into tasks (workspace_id, lead_id, enrollment_id, message_id, step_id, kind, title, body,
                link, state, due_on, created_at)
            values (@WorkspaceId, @LeadId, @EnrollmentId, @MessageId, @StepId, @Kind, @Title, @Body,
                @Link, 'open', @DueOn, @now)
            returning id
            """,
            new
            {
                session.WorkspaceId, task.LeadId, task.EnrollmentId, task.MessageId, task.StepId, task.Kind,
                task.Title, task.Body, task.Link, task.DueOn, now,
            },
            cancel);

    public static Task<IReadOnlyList<HumanTask>> Open(Session session, int limit, CancellationToken cancel) =>
        session.List<HumanTask>(
            $"""
            select {Columns} from tasks
            where workspace_id = @WorkspaceId and state = 'open' order by due_on nulls last, id limit @limit
            """,
            new { session.WorkspaceId, limit }, cancel);

    public static Task<HumanTask?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<HumanTask>(
            $"select {Columns} from tasks where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<HumanTask?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<HumanTask>(
            $"select {Columns} from tasks where workspace_id = @WorkspaceId and id = @id for update",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>What a task asked about one message has been found out.</summary>
    public static Task<int> FinishFor(
        Session session, long messageId, string kind, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update tasks set state = 'done', finished_at = @now, finished_by = @by
            where workspace_id = @WorkspaceId and message_id = @messageId and kind = @kind and state = 'open'
            """,
            new { session.WorkspaceId, messageId, kind, by, now }, cancel);

    public static Task<int> Finish(
        Session session, long id, TaskState state, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update tasks set state = @state, finished_at = @now, finished_by = @by
            where workspace_id = @WorkspaceId and id = @id and state = 'open'
            """,
            new { session.WorkspaceId, id, state = state.ToString().ToLowerInvariant(), by, now }, cancel);

    public static Task<int> PutOff(Session session, long id, DateOnly dueOn, CancellationToken cancel) =>
        session.Run(
            """
            update tasks set due_on = @dueOn
            where workspace_id = @WorkspaceId and id = @id and state = 'open'
            """,
            new { session.WorkspaceId, id, dueOn }, cancel);
}
