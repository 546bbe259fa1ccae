using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over what counts against a mailbox's limits.</summary>
static class SenderUseStore
{
    /// <summary>
    /// Where a minute's limit is further away than this, the quarter hour is enough to know that it holds. At
    /// least as many as may be taken up or written together.
    /// </summary>
    const int FarFromLimit = 1_000;

    /// <summary>
    /// Reads quarter hours rather than attempts, so that it costs the same after a million messages. What
    /// left in the last minute is counted only where its limit is near; elsewhere it is rather told too high.
    /// </summary>
    public static Rows<Counted> Count(Batch batch, IReadOnlyList<Mailbox> mailboxes, DateTime now)
    {
        var starts = mailboxes.Select(mailbox => mailbox.Window.CountingStarts(now)).ToList();
        return batch.List<Counted>(
            """
            select b.id as mailbox_id, used.today, used.this_week,
                (case when used.lately + @FarFromLimit <= b.per_minute then used.lately else (
                    select count(*) from (
                        select from send_attempts
                        where workspace_id = @WorkspaceId and mailbox_id = b.id
                            and submitted_at > @minuteFrom and is_counted
                        limit b.per_minute) as last_minute) end)::int as this_minute,
                (select min(quarter) from sender_use
                    where b.ramps and workspace_id = @WorkspaceId and mailbox_id = b.id) as first_sent_at,
                (select failing_since from sender_domains
                    where workspace_id = @WorkspaceId and domain = b.domain) as domain_failing_since,
                array(select country || ' ' || day from holidays
                    where workspace_id = @WorkspaceId and day >= b.day_from::date - 1) as holidays
            from unnest(@ids, @domains, @limits, @ramps, @days, @weeks)
                as b(id, domain, per_minute, ramps, day_from, week_from)
            cross join lateral (
                select coalesce(sum(u.sent) filter (where u.quarter >= b.day_from), 0)::int as today,
                    coalesce(sum(u.sent) filter (where u.quarter >= b.week_from), 0)::int as this_week,
                    coalesce(sum(u.sent) filter (where u.quarter > @quarterFrom), 0) as lately
                from sender_use u
                where u.workspace_id = @WorkspaceId and u.mailbox_id = b.id
                    and u.quarter >= least(b.week_from, @quarterFrom)) as used
            """,
            new
            {
                batch.WorkspaceId, FarFromLimit, minuteFrom = now.AddMinutes(-1),
                // A quarter hour that begins later reaches into the last minute.
                quarterFrom = now.AddMinutes(-16), ids = mailboxes.Select(mailbox => mailbox.Id).ToArray(),
                domains = mailboxes.Select(mailbox => mailbox.Domain.ToLowerInvariant()).ToArray(),
                limits = mailboxes.Select(mailbox => mailbox.PerMinuteLimit).ToArray(),
                ramps = mailboxes.Select(mailbox => mailbox.RampStep is not null).ToArray(),
                days = starts.Select(start => start.Day).ToArray(),
                weeks = starts.Select(start => start.Week).ToArray(),
            });
    }

    /// <summary>Whether what was counted for one reading of a mailbox is right for a later one.</summary>
    public static bool CountsAlike(Mailbox asked, Mailbox held) =>
        asked.TimeZone == held.TimeZone && asked.PerMinuteLimit == held.PerMinuteLimit
        && asked.Domain == held.Domain && asked.RampStep is null == held.RampStep is null;

    public static Task<LastSend?> Last(Session session, long mailboxId, CancellationToken cancel) =>
        session.Maybe<LastSend>(
            """
            select a.submitted_at as at, e.contact_id, i.step_id
            from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            where a.workspace_id = @WorkspaceId and a.mailbox_id = @mailboxId
                and a.is_counted
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
                and a.is_counted
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
                and is_counted
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
        public long MailboxId { get; init; }
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
