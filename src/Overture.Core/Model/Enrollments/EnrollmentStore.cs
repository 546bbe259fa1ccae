using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over enrollments.</summary>
static class EnrollmentStore
{
    const string Columns =
        """
        e.workspace_id, e.id, e.campaign_id, e.lead_id, e.contact_id, e.state,
        replace(e.finish_reason, '_', '') as finish_reason,
        e.next_position, e.due_at, e.blocked_reason, e.created_at, e.finished_at
        """;

    /// <summary>
    /// Enrolls leads that are not enrolled anywhere yet. Returns the new enrollments; a contact who is active
    /// in another campaign, or was in this one, is left out.
    /// </summary>
    public static Task<IReadOnlyList<(long Id, long LeadId, long ContactId)>> Insert(
        Session session, long campaignId, IReadOnlyList<long> leadIds, DateTime now,
        CancellationToken cancel) =>
        session.List<(long, long, long)>(
            """
            insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state, due_at,
                created_at)
            select l.workspace_id, @campaignId, l.id, l.contact_id, 'active', @now, @now
            from leads l
            where l.workspace_id = @WorkspaceId and l.id = any(@leadIds) and l.state in ('ranked', 'accepted')
            order by array_position(@leadIds, l.id)
            on conflict do nothing
            returning id, lead_id, contact_id
            """,
            new { session.WorkspaceId, campaignId, leadIds = leadIds.ToArray(), now }, cancel);

    /// <summary>
    /// Active enrollments of running campaigns whose next step is due and not written yet: follow-ups first,
    /// then what waits longest, best lead first. Reads the slim due table, one lane per campaign.
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
                    limit @limit for update skip locked) d)
            select {Columns} from waiting w
            join enrollments e on e.workspace_id = @WorkspaceId and e.id = w.enrollment_id
            where e.state = 'active' and e.due_at <= @now
            order by w.is_first, w.due_at, w.score desc nulls last, e.id
            limit @limit for update of e skip locked
            """,
            new { session.WorkspaceId, now, limit }, cancel);

    public static Task<Enrollment?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Enrollment>(
            $"select {Columns} from enrollments e where workspace_id = @WorkspaceId and id = @id for update",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>Several at once, always in the same order, so that two holders never wait for each other.</summary>
    public static Task<IReadOnlyList<Enrollment>> HoldAll(
        Session session, IReadOnlyList<long> ids, CancellationToken cancel) =>
        session.List<Enrollment>(
            $"""
            select {Columns} from enrollments e
            where workspace_id = @WorkspaceId and id = any(@ids) order by id for update
            """,
            new { session.WorkspaceId, ids = ids.ToArray() }, cancel);

    /// <summary>The step is written: nothing is due until it was sent.</summary>
    public static Task<int> AwaitSend(Session session, long id, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set due_at = null, blocked_reason = null
            where workspace_id = @WorkspaceId and id = @id and state = 'active'
            """,
            new { session.WorkspaceId, id }, cancel);

    /// <summary>Nothing can be written yet: look again later, and say why.</summary>
    public static Task<int> Block(
        Session session, long id, string reason, DateTime lookAgainAt, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set blocked_reason = @reason, due_at = @lookAgainAt
            where workspace_id = @WorkspaceId and id = @id and state = 'active'
            """,
            new { session.WorkspaceId, id, reason, lookAgainAt }, cancel);

    public static Task<int> Advance(
        Session session, long id, int nextPosition, DateTime dueAt, CancellationToken cancel) =>
        session.Run(
            """
            update enrollments set next_position = @nextPosition, due_at = @dueAt, blocked_reason = null
            where workspace_id = @WorkspaceId and id = @id and state = 'active'
            """,
            new { session.WorkspaceId, id, nextPosition, dueAt }, cancel);

    /// <summary>The next step of many, each with its own due time.</summary>
    public static Task<int> AdvanceMany(
        Session session, IReadOnlyList<(long Id, int NextPosition, DateTime DueAt)> next,
        CancellationToken cancel) =>
        session.Run(
            """
            update enrollments e
                set next_position = n.next_position, due_at = n.due_at, blocked_reason = null
            from unnest(@ids, @positions, @dues) as n(id, next_position, due_at)
            where e.workspace_id = @WorkspaceId and e.id = n.id and e.state = 'active'
            """,
            new
            {
                session.WorkspaceId, ids = next.Select(one => one.Id).ToArray(),
                positions = next.Select(one => one.NextPosition).ToArray(),
                dues = next.Select(one => one.DueAt).ToArray(),
            },
            cancel);

    public static Task Finish(
        Session session, long id, FinishReason reason, DateTime now, CancellationToken cancel) =>
        FinishMany(session, [id], reason, now, cancel);

    public static async Task FinishMany(
        Session session, IReadOnlyList<long> ids, FinishReason reason, DateTime now, CancellationToken cancel)
    {
        if (ids.Count == 0) return;
        await session.Run(
            """
            update enrollments
                set state = 'finished', finish_reason = @reason, finished_at = @now, due_at = null
            where workspace_id = @WorkspaceId and id = any(@ids) and state <> 'finished'
            """,
            new { session.WorkspaceId, ids = ids.ToArray(), reason = Word(reason), now }, cancel);
        await CancelWaiting(session, ids, Word(reason), now, cancel);
    }

    /// <summary>
    /// Ends every enrollment of an address, or of a whole domain, and whatever they still had to send.
    /// </summary>
    public static async Task FinishSuppressed(
        Session session, string? address, string? domain, string reason, DateTime now,
        CancellationToken cancel)
    {
        var ended = await session.List<long>(
            """
            update enrollments e
                set state = 'finished', finish_reason = @reason, finished_at = @now, due_at = null
            from contacts c
            where e.workspace_id = @WorkspaceId and c.workspace_id = e.workspace_id and c.id = e.contact_id
              and e.state <> 'finished'
              and (c.email_key = @address or c.email_key like '%@' || @domain
                  or c.email_key like '%.' || @domain)
            returning e.id
            """,
            new { session.WorkspaceId, address, domain, reason, now }, cancel);
        await CancelWaiting(session, ended, reason, now, cancel);
    }

    static async Task CancelWaiting(
        Session session, IReadOnlyList<long> enrollmentIds, string reason, DateTime now,
        CancellationToken cancel)
    {
        if (enrollmentIds.Count == 0) return;
        var ids = enrollmentIds.ToArray();
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
            from stopped where m.workspace_id = @WorkspaceId and m.id = stopped.message_id
            """,
            new { session.WorkspaceId, ids, reason, now }, cancel);
    }

    internal static string Word(FinishReason reason) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
