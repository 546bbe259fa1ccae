using System.Text.Json;
using Dapper;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over enrollments.</summary>
static class EnrollmentStore
{
    const string Columns =
        """
        e.workspace_id, e.id, e.campaign_id, e.lead_id, e.contact_id, e.state,
        replace(e.finish_reason, '_', '') as finish_reason,
        e.next_step_id, e.due_at, e.waits_since, e.number, e.touches, e.paused_reason, e.blocked_reason,
        e.created_at, e.finished_at
        """;

    /// <summary>
    /// Enrolls leads at the first step. Returns the new enrollments; a contact who was in this campaign, or
    /// is active in another that is not shared, is left out.
    /// </summary>
    public static Task<IReadOnlyList<(long Id, long LeadId, long ContactId)>> Insert(
        Session session, Campaign campaign, long? firstStepId, IReadOnlyList<long> leadIds, long before,
        DateTime dueAt, DateTime now, CancellationToken cancel) =>
        session.List<(long, long, long)>(
            """
            insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state, next_step_id,
                number, may_overlap, due_at, created_at)
            select l.workspace_id, @campaignId, l.id, l.contact_id, 'active', @firstStepId,
                @before + row_number() over (order by array_position(@leadIds, l.id)), @overlaps, @dueAt, @now
            from leads l
            where l.workspace_id = @WorkspaceId and l.id = any(@leadIds)
                and l.state in ('ranked', 'accepted', 'enrolled')
            order by array_position(@leadIds, l.id)
            on conflict do nothing
            returning id, lead_id, contact_id
            """,
            new
            {
                session.WorkspaceId, campaignId = campaign.Id, firstStepId, leadIds = leadIds.ToArray(),
                before, overlaps = campaign.AllowsOverlap, dueAt, now,
            },
            cancel);

    /// <summary>
    /// Active enrollments of running campaigns whose next step is due and not written yet: follow-ups first,
    /// then what waits longest, best lead first. Reads the slim due table, one lane per campaign, and twice
    /// as far ahead as it takes, so that what another node holds can be passed over; each is looked up and
    /// locked in turn, until there are enough.
    /// </summary>
    public static Task<IReadOnlyList<Enrollment>> ClaimDue(
        Session session, DateTime now, int limit, CancellationToken cancel) =>
        session.List<Enrollment>(
            $"""
            with waiting as materialized (
                select d.enrollment_id, d.is_first, d.due_at, d.score
                from (values (false), (true)) as kind(is_first)
                cross join (select id from campaigns
                            where workspace_id = @WorkspaceId and state = 'running') c
                cross join lateral (
                    select enrollment_id, s.is_first, due_at, score from enrollment_due s
                    where s.workspace_id = @WorkspaceId and s.campaign_id = c.id
                      and s.is_first = kind.is_first and s.due_at <= @now
                    order by s.due_at, s.score desc nulls last, s.enrollment_id
                    limit @limit * 2) d
                order by d.is_first, d.due_at, d.score desc nulls last, d.enrollment_id limit @limit * 2)
            select e.* from waiting w cross join lateral (
                select {Columns} from enrollments e
                where e.workspace_id = @WorkspaceId and e.id = w.enrollment_id
                  and e.state = 'active' and e.due_at <= @now
                for update skip locked) e
            limit @limit
            """,
            new { session.WorkspaceId, now, limit }, cancel);

    /// <summary>
    /// Holds many, in the order of their ids, so that two holders never wait for each other.
    /// </summary>
    public static Rows<Enrollment> HoldMany(Batch batch, long[] ids) =>
        batch.List<Enrollment>(
            $"""
            select {Columns} from enrollments e
            where e.workspace_id = @WorkspaceId and e.id = any(@ids) order by e.id for update
            """,
            new { batch.WorkspaceId, ids });

    public static Task<Enrollment?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Enrollment>(
            $"select {Columns} from enrollments e where workspace_id = @WorkspaceId and id = @id for update",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>The step is written: nothing is due until it was sent.</summary>
    public static Task<int> AwaitSend(Session session, long id, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set due_at = null, blocked_reason = null
            where workspace_id = @WorkspaceId and id = @id and state = 'active'
            """,
            new { session.WorkspaceId, id }, cancel);

    /// <summary>The same for many, each with the mailbox that writes to it from now on.</summary>
    public static void AwaitSendAll(Batch batch, long[] ids, long[] mailboxes) =>
        batch.Run(
            """
            update enrollments e
                set due_at = null, blocked_reason = null, mailbox_id = coalesce(e.mailbox_id, n.mailbox_id)
            from unnest(@ids, @mailboxes) as n(id, mailbox_id)
            where e.workspace_id = @WorkspaceId and e.id = any(@ids) and e.id = n.id and e.state = 'active'
            """,
            new { batch.WorkspaceId, ids, mailboxes });

    /// <summary>Nothing can be written yet: look again later, and say why.</summary>
    public static Task<int> Block(
        Session session, long id, string reason, DateTime lookAgainAt, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set blocked_reason = @reason, due_at = @lookAgainAt
            where workspace_id = @WorkspaceId and id = @id and state = 'active'
            """,
            new { session.WorkspaceId, id, reason, lookAgainAt }, cancel);

    /// <summary>
    /// On to another step; a touch is counted when the step it leaves has reached somebody.
    /// </summary>
    public static Task<int> GoTo(
        Session session, long id, long stepId, bool isTouched, DateTime dueAt, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set next_step_id = @stepId, due_at = @dueAt, blocked_reason = null,
                waits_since = null, touches = touches + @touched
            where workspace_id = @WorkspaceId and id = @id and state <> 'finished'
            """,
            new { session.WorkspaceId, id, stepId, touched = isTouched ? 1 : 0, dueAt }, cancel);

    /// <summary>Many that have reached their people, each on to its own next step.</summary>
    public static void GoToAll(
        Batch batch, IReadOnlyList<(long Id, long StepId, DateTime DueAt)> onward) =>
        batch.Run(
            """
            update enrollments e set next_step_id = n.step_id, due_at = n.due_at, blocked_reason = null,
                waits_since = null, touches = touches + 1
            from unnest(@ids, @steps, @dues) as n(id, step_id, due_at)
            where e.workspace_id = @WorkspaceId and e.id = any(@ids) and e.id = n.id
              and e.state <> 'finished'
            """,
            new
            {
                batch.WorkspaceId, ids = onward.Select(one => one.Id).ToArray(),
                steps = onward.Select(one => one.StepId).ToArray(),
                dues = onward.Select(one => one.DueAt).ToArray(),
            });

    /// <summary>Back to a step that is sent once more; nothing is due until it was.</summary>
    public static Task<int> ReturnTo(Session session, long id, long stepId, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set touches = greatest(touches - (next_step_id <> @stepId)::int, 0),
                next_step_id = @stepId, due_at = null, waits_since = null
            where workspace_id = @WorkspaceId and id = @id and state <> 'finished'
            """,
            new { session.WorkspaceId, id, stepId }, cancel);

    /// <summary>
    /// The answer is not there yet: look again when the window closes, or when something comes.
    /// </summary>
    public static Task<int> WaitForAnswer(
        Session session, long id, DateTime since, DateTime until, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set waits_since = @since, due_at = @until, blocked_reason = null
            where workspace_id = @WorkspaceId and id = @id and state = 'active'
            """,
            new { session.WorkspaceId, id, since, until }, cancel);

    /// <summary>The steps that have reached it, or are on their way to it.</summary>
    public static async Task<HashSet<long>> StepsTaken(Session session, long id, CancellationToken cancel) =>
        [.. await session.List<long>(
            """
            select step_id from messages where workspace_id = @WorkspaceId and enrollment_id = @id
            union
            select step_id from tasks
            where workspace_id = @WorkspaceId and enrollment_id = @id and step_id is not null
            """,
            new { session.WorkspaceId, id }, cancel)];

    /// <summary>The same for many, each with its steps.</summary>
    public static Rows<(long Id, long StepId)> StepsTaken(Batch batch, long[] ids) =>
        batch.List<(long, long)>(
            """
            select enrollment_id, step_id from messages
            where workspace_id = @WorkspaceId and enrollment_id = any(@ids)
            union
            select enrollment_id, step_id from tasks
            where workspace_id = @WorkspaceId and enrollment_id = any(@ids) and step_id is not null
            """,
            new { batch.WorkspaceId, ids });

    /// <summary>
    /// Whether a condition's event has come: any reply, or the opening of the last email sent. What a machine
    /// opened or clicked does not count.
    /// </summary>
    public static Task<bool> HasHappened(
        Session session, long id, string kind, string? intent, CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (
                select from events e
                where e.workspace_id = @WorkspaceId and e.enrollment_id = @id and e.kind = @kind
                  and (@intent::text is null or e.data ->> 'intent' = @intent)
                  and (@kind = 'replied' or ((e.data ->> 'human') = 'true' and e.message_id = (
                      select max(m.id) from messages m
                      where m.workspace_id = e.workspace_id and m.enrollment_id = e.enrollment_id
                        and m.channel = 'email' and m.state = 'sent'))))
            """,
            new { session.WorkspaceId, id, kind, intent }, cancel);

    /// <summary>Those who wait for one step wait for another; null lets them complete.</summary>
    public static Task<int> Lead(
        Session session, long fromStepId, long? toStepId, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set next_step_id = @toStepId, waits_since = null
            where workspace_id = @WorkspaceId and next_step_id = @fromStepId and state <> 'finished'
                and due_at is not null
            """,
            new { session.WorkspaceId, fromStepId, toStepId }, cancel);

    /// <summary>
    /// Emails of a step that wait for approval are dropped and written again from its new text.
    /// </summary>
    public static Task<int> WriteAnew(Session session, long stepId, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            with dropped as (
                delete from messages where workspace_id = @WorkspaceId and step_id = @stepId
                    and channel = 'email' and state in ('draft', 'approved')
                returning enrollment_id)
            update enrollments e set due_at = @now
            from dropped d where e.workspace_id = @WorkspaceId and e.id = d.enrollment_id
                and e.state <> 'finished'
            """,
            new { session.WorkspaceId, stepId, now }, cancel);

    public static Task<int> Pause(Session session, long id, string reason, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set state = 'paused', paused_reason = @reason
            where workspace_id = @WorkspaceId and id = @id and state = 'active'
            """,
            new { session.WorkspaceId, id, reason }, cancel);

    public static Task<int> Resume(Session session, long id, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set state = 'active', paused_reason = null
            where workspace_id = @WorkspaceId and id = @id and state = 'paused'
            """,
            new { session.WorkspaceId, id }, cancel);

    /// <summary>True while its message is at the far side, or its fate there is open.</summary>
    public static Task<bool> IsBeingSent(Session session, long id, CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (select from send_intents
                where workspace_id = @WorkspaceId and enrollment_id = @id and state = 'submitting')
            """,
            new { session.WorkspaceId, id }, cancel);

    public static Task Finish(
        Session session, long id, FinishReason reason, DateTime now, CancellationToken cancel) =>
        FinishWhere(session, "e.id = @id", new { id }, Word(reason), now, cancel);

    /// <summary>Ends all that is left of a campaign.</summary>
    public static Task FinishAll(
        Session session, long campaignId, FinishReason reason, DateTime now, CancellationToken cancel) =>
        FinishWhere(session, "e.campaign_id = @campaignId", new { campaignId }, Word(reason), now, cancel);

    /// <summary>
    /// Ends every enrollment of an address, or of a whole domain, and whatever they still had to send.
    /// </summary>
    public static Task FinishSuppressed(
        Session session, string? address, string? domain, string reason, DateTime now,
        CancellationToken cancel) =>
        FinishWhere(
            session,
            """
            exists (select from contacts c where c.workspace_id = e.workspace_id and c.id = e.contact_id
                and (c.email_key = @address or c.email_key like '%@' || @domain
                    or c.email_key like '%.' || @domain))
            """,
            new { address, domain }, reason, now, cancel);

    /// <summary>Ends whatever still runs towards an address that is suppressed by now.</summary>
    public static Task FinishAllSuppressed(Session session, DateTime now, CancellationToken cancel) =>
        FinishWhere(
            session,
            """
            exists (select from contacts c join suppressions s
                    on s.workspace_id = c.workspace_id and s.kind = 'address' and s.value = c.email_key
                where c.workspace_id = e.workspace_id and c.id = e.contact_id)
            """,
            new { }, "suppressed", now, cancel);

    /// <summary>
    /// Ends the enrollments that a condition names, and with them what was planned, drafted or asked of a
    /// person for them. The condition is one of the fixed texts above.
    /// </summary>
    static async Task FinishWhere(
        Session session, string condition, object values, string reason, DateTime now,
        CancellationToken cancel)
    {
        var parameters = new DynamicParameters(values);
        parameters.AddDynamicParams(new { session.WorkspaceId, reason, now });
        var ids = (await session.List<long>(
            $"""
            with ended as (
                update enrollments e
                    set state = 'finished', finish_reason = @reason, finished_at = @now, due_at = null,
                        waits_since = null, paused_reason = null
                where e.workspace_id = @WorkspaceId and e.state <> 'finished' and {condition}
                returning e.id, e.campaign_id, e.contact_id),
            told as (
                insert into events (workspace_id, kind, campaign_id, enrollment_id, contact_id, data,
                    occurred_at)
                select @WorkspaceId, 'finished', campaign_id, id, contact_id,
                    jsonb_build_object('reason', @reason), @now
                from ended
                -- What ended these has an event of its own.
                where @reason not in ('replied', 'bounced', 'complained', 'unsubscribed', 'failed'))
            select id from ended
            """,
            parameters, cancel)).ToArray();
        if (ids.Length > 0) await CancelOpen(session, ids, reason, now, cancel);
    }

    /// <summary>
    /// Takes back what was written or asked for these enrollments and has not happened yet.
    /// </summary>
    internal static async Task CancelOpen(
        Session session, long[] ids, string reason, DateTime now, CancellationToken cancel)
    {
        await session.Run(
            """
            with stopped as (
                update send_intents
                    set state = 'cancelled', reason = @reason, owner = null, lease_until = null,
                        updated_at = @now
                where workspace_id = @WorkspaceId and enrollment_id = any(@ids)
                    and state in ('planned', 'claimed')
                returning message_id)
            update messages m set state = 'cancelled', error = @reason
            where m.workspace_id = @WorkspaceId and (m.id in (select message_id from stopped)
                or (m.enrollment_id = any(@ids) and m.state in ('draft', 'approved')))
            """,
            new { session.WorkspaceId, ids, reason, now }, cancel);
        await session.Run(
            """
            update tasks set state = 'dismissed', finished_at = @now, finished_by = @reason
            where workspace_id = @WorkspaceId and enrollment_id = any(@ids) and step_id is not null
                and state = 'open'
            """,
            new { session.WorkspaceId, ids, reason, now }, cancel);
    }

    internal static string Word(FinishReason reason) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
