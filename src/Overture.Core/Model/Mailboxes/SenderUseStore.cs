using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over what counts against a mailbox's limits.</summary>
static class SenderUseStore
{
    /// <summary>
    /// Reads quarter hours rather than attempts, so that it costs the same after a million messages.
    /// </summary>
    public static Task<Counted> Count(
        Session session, Mailbox mailbox, DateTime now, DateTime dayFrom, DateTime weekFrom,
        CancellationToken cancel) =>
        session.One<Counted>(
            """
            select coalesce(sum(u.sent) filter (where u.quarter >= @dayFrom), 0)::int as today,
                coalesce(sum(u.sent), 0)::int as this_week,
                (select count(*) from (
                    select from send_attempts
                    where workspace_id = @WorkspaceId and mailbox_id = @Id and submitted_at > @minuteFrom
                        and state in ('submitting', 'accepted', 'captured', 'uncertain')
                    limit @PerMinuteLimit) as last_minute)::int as this_minute,
                (select min(quarter) from sender_use
                    where @ramps and workspace_id = @WorkspaceId and mailbox_id = @Id) as first_sent_at,
                (select failing_since from sender_domains
                    where workspace_id = @WorkspaceId and domain = @Domain) as domain_failing_since,
                array(select country || ' ' || day from holidays
                    where workspace_id = @WorkspaceId and day >= @dayFrom::date - 1) as holidays
            from sender_use u
            where u.workspace_id = @WorkspaceId and u.mailbox_id = @Id and u.quarter >= @weekFrom
            """,
            new
            {
                session.WorkspaceId, mailbox.Id, mailbox.PerMinuteLimit,
                Domain = mailbox.Domain.ToLowerInvariant(), ramps = mailbox.RampStep is not null,
                minuteFrom = now.AddMinutes(-1), dayFrom, weekFrom,
            },
            cancel);

    public static Task<LastSend?> Last(Session session, long mailboxId, CancellationToken cancel) =>
        session.Maybe<LastSend>(
            """
            select a.submitted_at as at, e.contact_id, i.step_id
            from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            where a.workspace_id = @WorkspaceId and a.mailbox_id = @mailboxId
                and a.state in ('submitting', 'accepted', 'captured', 'uncertain')
            order by a.submitted_at desc, a.id desc limit 1
            """,
            new { session.WorkspaceId, mailboxId }, cancel);

    /// <summary>
    /// People whom the mailbox wrote to for the first time since then: nothing of the same enrollment left
    /// before.
    /// </summary>
    public static Task<int> FirstTouches(
        Session session, long mailboxId, DateTime since, CancellationToken cancel) =>
        session.One<int>(
            """
            select count(*)::int from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            where a.workspace_id = @WorkspaceId and a.mailbox_id = @mailboxId and a.submitted_at >= @since
                and a.state in ('submitting', 'accepted', 'captured', 'uncertain')
                and not exists (
                    select from send_intents b
                    where b.workspace_id = i.workspace_id and b.enrollment_id = i.enrollment_id
                        and b.id < i.id and b.state in ('accepted', 'captured', 'uncertain', 'assumed'))
            """,
            new { session.WorkspaceId, mailboxId, since }, cancel);

    public static async Task<IReadOnlyDictionary<string, int>> ByDomain(
        Session session, long mailboxId, DateTime since, CancellationToken cancel) =>
        (await session.List<(string Domain, int Count)>(
            """
            select recipient_domain, count(*)::int from send_attempts
            where workspace_id = @WorkspaceId and mailbox_id = @mailboxId and submitted_at >= @since
                and state in ('submitting', 'accepted', 'captured', 'uncertain')
            group by recipient_domain
            """,
            new { session.WorkspaceId, mailboxId, since }, cancel))
        .ToDictionary(row => row.Domain, row => row.Count);

    /// <summary>Where the people of these enrollments are, and whether they were written to before.</summary>
    public static Task<IReadOnlyList<Recipient>> Recipients(
        Session session, IReadOnlyList<long> enrollmentIds, CancellationToken cancel) =>
        session.List<Recipient>(
            """
            select e.id as enrollment_id, c.time_zone, coalesce(c.country, co.country) as country,
                not exists (
                    select from send_intents i
                    where i.workspace_id = e.workspace_id and i.enrollment_id = e.id
                        and i.state in ('accepted', 'captured', 'uncertain', 'assumed')) as is_new
            from enrollments e
            join contacts c on c.workspace_id = e.workspace_id and c.id = e.contact_id
            left join companies co on co.workspace_id = c.workspace_id and co.id = c.company_id
            where e.workspace_id = @WorkspaceId and e.id = any(@ids)
            """,
            new { session.WorkspaceId, ids = enrollmentIds.ToArray() }, cancel);

    /// <summary>One reading; a class because arrays and nulls are mapped by name.</summary>
    internal sealed record Counted
    {
        public int ThisMinute { get; init; }
        public int Today { get; init; }
        public int ThisWeek { get; init; }
        public DateTime? FirstSentAt { get; init; }
        public DateTime? DomainFailingSince { get; init; }

        /// <summary>As "DE 2026-12-25"; a holiday everywhere begins with the blank.</summary>
        public string[] Holidays { get; init; } = [];
    }

    internal sealed record Recipient
    {
        public long EnrollmentId { get; init; }
        public string? TimeZone { get; init; }
        public string? Country { get; init; }
        public bool IsNew { get; init; }
    }
}
