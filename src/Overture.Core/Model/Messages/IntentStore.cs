using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// All SQL over send intents: claims with lease and fence, and every change of their state.
/// </summary>
static class IntentStore
{
    const string Columns =
        "workspace_id, id, enrollment_id, step_id, message_id, mailbox_id, state, due_at, fence, "
        + "attempt_count, reason, updated_at";

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

    /// <summary>
    /// Mailboxes that have something due, in any workspace. Steps from one lane (mailbox and campaign) to the
    /// next, so that its cost grows with the lanes and not with what waits in them.
    /// </summary>
    public static Task<IReadOnlyList<(long WorkspaceId, long MailboxId)>> MailboxesDue(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<(long, long)>(
            """
            with recursive lanes as (
                (select workspace_id, mailbox_id, campaign_id, is_first from send_due where owner is null
                 order by workspace_id, mailbox_id, campaign_id, is_first limit 1)
                union all
                select n.* from lanes l cross join lateral (
                    select d.workspace_id, d.mailbox_id, d.campaign_id, d.is_first from send_due d
                    where d.owner is null and (d.workspace_id, d.mailbox_id, d.campaign_id, d.is_first)
                        > (l.workspace_id, l.mailbox_id, l.campaign_id, l.is_first)
                    order by d.workspace_id, d.mailbox_id, d.campaign_id, d.is_first limit 1) n)
            select distinct l.workspace_id, l.mailbox_id from lanes l
            join campaigns c on c.workspace_id = l.workspace_id and c.id = l.campaign_id
            where c.state = 'running' and exists (
                select from send_due d
                where d.owner is null and d.workspace_id = l.workspace_id and d.mailbox_id = l.mailbox_id
                  and d.campaign_id = l.campaign_id and d.is_first = l.is_first and d.due_at <= @now)
            """,
            new { now }, cancel);

    /// <summary>
    /// Takes due intents of a mailbox for this node. Act on them only after the transaction has committed.
    /// Follow-ups go before first touches. It looks twice as far ahead as it takes, so that what another node
    /// is taking right now can be passed over; each is looked up and locked in turn, until there are enough.
    /// The slim table is written here too: its trigger passes claims over, for it would cost twice as much.
    /// </summary>
    public static Task<IReadOnlyList<SendIntent>> ClaimDue(
        Session session, long mailboxId, int node, DateTime now, DateTime leaseUntil, int limit,
        CancellationToken cancel) =>
        session.List<SendIntent>(
            $"""
            with waiting as materialized (
                select d.*
                from (values (false), (true)) as kind(is_first)
                cross join (select id from campaigns
                            where workspace_id = @WorkspaceId and state = 'running') c
                cross join lateral (
                    select intent_id, s.campaign_id, s.is_first, due_at from send_due s
                    where s.workspace_id = @WorkspaceId and s.mailbox_id = @mailboxId
                      and s.campaign_id = c.id and s.is_first = kind.is_first and s.due_at <= @now
                      and s.owner is null
                    order by s.due_at, s.intent_id limit @limit * 2) d
                order by d.is_first, d.due_at, d.intent_id limit @limit * 2),
            taken as materialized (
                select w.* from waiting w cross join lateral (
                    select from send_intents i
                    where i.workspace_id = @WorkspaceId and i.id = w.intent_id and i.state = 'planned'
                      and i.mailbox_id = @mailboxId and i.due_at <= @now
                    for update skip locked) i
                limit @limit),
            owned as (
                insert into send_due
                    (workspace_id, intent_id, mailbox_id, campaign_id, is_first, due_at, owner)
                select @WorkspaceId, intent_id, @mailboxId, campaign_id, is_first, due_at, @node from taken
                on conflict (workspace_id, intent_id) do update set owner = excluded.owner)
            update send_intents
                set state = 'claimed', owner = @node, fence = fence + 1, lease_until = @leaseUntil,
                                    updated_at = @now
            where workspace_id = @WorkspaceId and id = any(array(select intent_id from taken))
            returning {Columns}
            """,
            new { session.WorkspaceId, mailboxId, node, now, leaseUntil, limit }, cancel);

    /// <summary>
    /// Claimed to submitting, with an open attempt for each: one statement, so that both are there or
    /// neither. An intent whose fence is old, or which was cancelled meanwhile, is left out. The unique index
    /// refuses a second attempt that may have reached somebody (I1).
    /// </summary>
    public static Rows<(long IntentId, long AttemptId)> Submit(
        Batch batch, IReadOnlyList<SendIntent> intents, IReadOnlyList<string> recipientDomains, int node,
        string transport, DateTime now) =>
        batch.List<(long, long)>(
            """
            with asked as (select * from unnest(@ids, @fences, @domains) as a(id, fence, domain)),
            submitted as (
                update send_intents i
                    set state = 'submitting', attempt_count = attempt_count + 1, updated_at = @now
                from asked a
                where i.workspace_id = @WorkspaceId and i.id = any(@ids) and i.id = a.id
                  and i.fence = a.fence and i.state = 'claimed'
                returning i.id, i.fence, i.mailbox_id, i.message_id, a.domain),
            told as (
                update messages m set state = 'sending', error = null
                from submitted s
                where m.workspace_id = @WorkspaceId and m.id = any(@messages) and m.id = s.message_id)
            insert into send_attempts (workspace_id, intent_id, fence, owner, mailbox_id, transport, state,
                                       recipient_domain, submitted_at, epoch)
            select @WorkspaceId, id, fence, @node, mailbox_id, @transport, 'submitting', domain, @now,
                coalesce((select epoch from instance), 0)
            from submitted
            returning intent_id, id
            """,
            new
            {
                batch.WorkspaceId, ids = intents.Select(intent => intent.Id).ToArray(),
                messages = intents.Select(intent => intent.MessageId).ToArray(),
                fences = intents.Select(intent => intent.Fence).ToArray(),
                domains = recipientDomains.ToArray(), node, transport, now,
            });

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

    /// <summary>Lets recovery take what a living node holds of a mailbox and no longer works at.</summary>
    public static Task<int> EndLeases(
        Session session, long mailboxId, int node, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update send_intents set lease_until = @now
            where workspace_id = @WorkspaceId and state in ('claimed', 'submitting') and owner = @node
              and id in (select intent_id from send_due
                         where workspace_id = @WorkspaceId and mailbox_id = @mailboxId and owner = @node)
            """,
            new { session.WorkspaceId, mailboxId, node, now }, cancel);

    /// <summary>
    /// Claims of dead nodes go back: the dot cannot have left, for that needs `submitting`. What a frozen
    /// node has locked is passed over until the database has ended its transaction.
    /// </summary>
    public static Task<int> ReleaseOrphanClaims(Session session, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            with orphans as materialized (
                select i.workspace_id, i.id from send_due d
                join send_intents i on i.workspace_id = d.workspace_id and i.id = d.intent_id
                where d.owner is not null and i.state = 'claimed'
                  and (i.lease_until < @now or not node_is_alive(i.owner))
                for update of i skip locked)
            update send_intents i set state = 'planned', owner = null, lease_until = null, fence = fence + 1,
                                      updated_at = @now
            from orphans o where i.workspace_id = o.workspace_id and i.id = o.id
            """,
            new { now }, cancel);

    /// <summary>Submissions of dead nodes, with the transport of their open attempt.</summary>
    public static Task<IReadOnlyList<(long WorkspaceId, long IntentId, long AttemptId, string Transport)>>
        OrphanSubmissions(Session session, DateTime now, CancellationToken cancel) =>
        session.List<(long, long, long, string)>(
            """
            select i.workspace_id, i.id, a.id, a.transport
            from send_due d
            join send_intents i on i.workspace_id = d.workspace_id and i.id = d.intent_id
            join send_attempts a on a.workspace_id = i.workspace_id and a.intent_id = i.id
                and a.state = 'submitting'
            where d.owner is not null and i.state = 'submitting'
              and (i.lease_until < @now or not node_is_alive(i.owner))
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
