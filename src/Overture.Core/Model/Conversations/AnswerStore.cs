using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over answers: claims with lease and fence, and every change of their state.</summary>
static class AnswerStore
{
    const string Columns =
        """
        workspace_id, id, conversation_id, mailbox_id, received_id, state, to_address, subject, body,
        message_header, reference_token, due_at, fence, attempt_count, response, created_by, created_at,
        finished_at
        """;

    public static Task<long> Insert(
        Session session, Answer answer, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into answers (workspace_id, conversation_id, mailbox_id, received_id, state, to_address,
                subject, body, message_header, reference_token, due_at, created_by, created_at)
            values (@WorkspaceId, @ConversationId, @MailboxId, @ReceivedId, 'planned', @ToAddress,
                @Subject, @Body, @MessageHeader, @ReferenceToken, @DueAt, @CreatedBy, @now)
            returning id
            """,
            new
            {
                session.WorkspaceId, answer.ConversationId, answer.MailboxId, answer.ReceivedId,
                answer.ToAddress, answer.Subject, answer.Body, answer.MessageHeader, answer.ReferenceToken,
                answer.DueAt, answer.CreatedBy, now,
            },
            cancel);

    public static Task<Answer?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Answer>(
            $"select {Columns} from answers where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<IReadOnlyList<Answer>> InConversation(
        Session session, long conversationId, int limit, CancellationToken cancel) =>
        session.List<Answer>(
            $"""
            select {Columns} from answers
            where workspace_id = @WorkspaceId and conversation_id = @conversationId
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, conversationId, limit }, cancel);

    /// <summary>
    /// Takes due answers of any workspace for this node. Act on them only after the commit.
    /// </summary>
    public static Task<IReadOnlyList<Answer>> ClaimDue(
        Session session, int node, DateTime now, DateTime leaseUntil, int limit, CancellationToken cancel) =>
        session.List<Answer>(
            $"""
            with due as (
                select a.workspace_id as w, a.id as i from answers a
                where a.state = 'planned' and a.due_at <= @now
                order by a.due_at, a.id limit @limit for update skip locked)
            update answers set state = 'claimed', owner = @node, fence = fence + 1, lease_until = @leaseUntil
            where (workspace_id, id) in (select w, i from due)
            returning {Columns}
            """,
            new { node, now, leaseUntil, limit }, cancel);

    /// <summary>Claimed to submitting; 0 rows when the fence is old.</summary>
    public static Task<int> Submit(Session session, Answer answer, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update answers set state = 'submitting', attempt_count = attempt_count + 1, submitted_at = @now
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence and state = 'claimed'
            """,
            new { session.WorkspaceId, answer.Id, answer.Fence, now }, cancel);

    /// <summary>Ends this node's hold; 0 rows when the fence is old.</summary>
    public static Task<int> Settle(
        Session session, Answer answer, AnswerState state, string? response, byte[]? content, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update answers set state = @state, response = @response, content = coalesce(@content, content),
                owner = null, lease_until = null, finished_at = @now
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence
              and state in ('claimed', 'submitting')
            """,
            new { session.WorkspaceId, answer.Id, answer.Fence, state = Word(state), response, content, now },
            cancel);

    /// <summary>Back into the queue: it is certain not to have left.</summary>
    public static Task<int> PutBack(
        Session session, Answer answer, string? reason, DateTime dueAt, CancellationToken cancel) =>
        session.Run(
            """
            update answers set state = 'planned', response = @reason, due_at = @dueAt, owner = null,
                lease_until = null
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence
              and state in ('claimed', 'submitting')
            """,
            new { session.WorkspaceId, answer.Id, answer.Fence, reason, dueAt }, cancel);

    /// <summary>Taken back by a person; 0 rows once a sender has it.</summary>
    public static Task<int> Cancel(
        Session session, long id, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update answers set state = 'cancelled', response = @reason, finished_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'planned'
            """,
            new { session.WorkspaceId, id, reason = $"Taken back by {by}", now }, cancel);

    /// <summary>Lets recovery take what a living node holds and no longer works at.</summary>
    public static Task<int> EndLeases(Session session, int node, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update answers set lease_until = @now where state in ('claimed', 'submitting') and owner = @node
            """,
            new { node, now }, cancel);

    /// <summary>
    /// What dead nodes left: a claim goes back, a submission to a server may have left and is uncertain.
    /// </summary>
    public static Task<int> Recover(Session session, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update answers set
                state = case state when 'claimed' then 'planned' else 'uncertain' end,
                response = case state when 'claimed' then response
                    else 'The process sending it died before the answer was recorded.' end,
                finished_at = case state when 'claimed' then null else @now end,
                owner = null, lease_until = null, fence = fence + 1
            where state in ('claimed', 'submitting')
              and (lease_until <= @now or not node_is_alive(owner))
            """,
            new { now }, cancel);

    internal static string Word(AnswerState state) => state.ToString().ToLowerInvariant();
}
