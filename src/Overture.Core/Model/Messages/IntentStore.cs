using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// All SQL over send intents: claims with lease and fence, and every change of their state.
/// </summary>
static class IntentStore
{
    const string Columns =
        "workspace_id, id, enrollment_id, step_id, message_id, mailbox_id, state, due_at, fence, "
        + "attempt_count, reason";

    public static Task<int> Plan(
        Session session, long enrollmentId, long stepId, long messageId, long mailboxId, DateTime dueAt,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into send_intents (workspace_id, enrollment_id, step_id, message_id, mailbox_id,
                state, due_at,
                                      created_at, updated_at)
            values (@WorkspaceId, @enrollmentId, @stepId, @messageId, @mailboxId, 'planned', @dueAt,
                @dueAt, @dueAt)
            """,
            new { session.WorkspaceId, enrollmentId, stepId, messageId, mailboxId, dueAt }, cancel);

    /// <summary>Mailboxes that have something due, in any workspace.</summary>
    public static Task<IReadOnlyList<(long WorkspaceId, long MailboxId)>> MailboxesDue(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<(long, long)>(
            """
            select distinct i.workspace_id, i.mailbox_id
            from send_intents i
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
            where i.state = 'planned' and i.due_at <= @now and c.state = 'running' and e.state = 'active'
            """,
            new { now }, cancel);

    /// <summary>
    /// Takes due intents of a mailbox for this node. Act on them only after the transaction has committed.
    /// Follow-ups go before first touches.
    /// </summary>
    public static Task<IReadOnlyList<SendIntent>> ClaimDue(
        Session session, long mailboxId, int node, DateTime now, DateTime leaseUntil, int limit,
        CancellationToken cancel) =>
        session.List<SendIntent>(
            $"""
            with due as (
                select i.id from send_intents i
                join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
                join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
                where i.workspace_id = @WorkspaceId and i.mailbox_id = @mailboxId and i.state = 'planned'
                  and i.due_at <= @now and c.state = 'running' and e.state = 'active'
                order by (e.touches > 0) desc, i.due_at, i.id
                limit @limit for update of i skip locked)
            update send_intents
                set state = 'claimed', owner = @node, fence = fence + 1, lease_until = @leaseUntil,
                                    updated_at = @now
            where workspace_id = @WorkspaceId and id in (select id from due)
            returning {Columns}
            """,
            new { session.WorkspaceId, mailboxId, node, now, leaseUntil, limit }, cancel);

    /// <summary>
    /// Claimed to submitting; 0 rows when the fence is old or the intent was cancelled meanwhile.
    /// </summary>
    public static Task<int> Submit(
        Session session, SendIntent intent, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update send_intents set state = 'submitting', attempt_count = attempt_count + 1, updated_at = @now
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence and state = 'claimed'
            """,
            new { session.WorkspaceId, intent.Id, intent.Fence, now }, cancel);

    /// <summary>
    /// Gives a claim back; 0 rows once it was submitted, because then its dot may have left.
    /// </summary>
    public static Task<int> GiveBack(
        Session session, SendIntent intent, string? reason, DateTime dueAt, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update send_intents set state = 'planned', reason = @reason, due_at = @dueAt, owner = null,
                                    lease_until = null, updated_at = @now
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence and state = 'claimed'
            """,
            new { session.WorkspaceId, intent.Id, intent.Fence, reason, dueAt, now }, cancel);

    /// <summary>Ends this node's hold on an intent; 0 rows when the fence is old.</summary>
    public static Task<int> Settle(
        Session session, SendIntent intent, IntentState state, string? reason, DateTime? dueAt, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update send_intents set state = @state, reason = @reason, due_at = coalesce(@dueAt, due_at),
                                    owner = null, lease_until = null, updated_at = @now
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence
                and state in ('claimed', 'submitting')
            """,
            new { session.WorkspaceId, intent.Id, intent.Fence, state = Word(state), reason, dueAt, now },
            cancel);

    /// <summary>
    /// Claims of dead nodes go back: the dot cannot have left, for that needs `submitting`.
    /// </summary>
    public static Task<int> ReleaseOrphanClaims(Session session, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update send_intents set state = 'planned', owner = null, lease_until = null, fence = fence + 1,
                                    updated_at = @now
            where state = 'claimed' and (lease_until < @now or not node_is_alive(owner))
            """,
            new { now }, cancel);

    /// <summary>Submissions of dead nodes, with the transport of their open attempt.</summary>
    public static Task<IReadOnlyList<(long WorkspaceId, long IntentId, long AttemptId, string Transport)>>
        OrphanSubmissions(Session session, DateTime now, CancellationToken cancel) =>
        session.List<(long, long, long, string)>(
            """
            select i.workspace_id, i.id, a.id, a.transport
            from send_intents i
            join send_attempts a on a.workspace_id = i.workspace_id and a.intent_id = i.id
                and a.state = 'submitting'
            where i.state = 'submitting' and (i.lease_until < @now or not node_is_alive(i.owner))
            for update of i skip locked
            """,
            new { now }, cancel);

    public static Task<SendIntent?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<SendIntent>(
            $"select {Columns} from send_intents where workspace_id = @WorkspaceId and id = @id for update",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>
    /// A state decided by recovery or by a person rather than by the claim's owner; takes the fence along.
    /// </summary>
    public static Task<int> Decide(
        Session session, long id, IntentState from, IntentState to, string? reason, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update send_intents set state = @to, reason = @reason, fence = fence + 1, owner = null,
                lease_until = null, updated_at = @now, due_at = case when @to = 'planned' then @now
                    else due_at end
            where workspace_id = @WorkspaceId and id = @id and state = @from
            """,
            new { session.WorkspaceId, id, from = Word(from), to = Word(to), reason, now }, cancel);

    internal static string Word(IntentState state) => state.ToString().ToLowerInvariant();
}
