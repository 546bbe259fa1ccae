using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over mailboxes.</summary>
static class MailboxStore
{
    const string Columns =
        """
        workspace_id, id, address, from_name, state, broken_reason, smtp_host, smtp_port, smtp_security,
        smtp_username, smtp_password, smtp_ca, per_minute_limit, daily_limit, weekly_limit, time_zone,
        window_opens, window_closes, working_days, booking_link, postal_address, exhausted_until,
        exhausted_reason, paused_reason, tested_at, min_gap_seconds, ramp_start, ramp_step,
        first_touch_limit, domain_limit, window_zone, transport
        """;

    public static Task<Mailbox?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Mailbox>(
            $"select {Columns} from mailboxes where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>
    /// Holds the mailbox's row, so that two senders cannot both take the last place under a limit.
    /// </summary>
    public static Task<Mailbox?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Mailbox>(
            $"select {Columns} from mailboxes where workspace_id = @WorkspaceId and id = @id for update",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>
    /// Holds rows of mailboxes, in the order of their ids, so that two senders cannot both take the last
    /// place under a limit.
    /// </summary>
    public static Rows<Mailbox> HoldMany(Batch batch, long[] ids) =>
        batch.List<Mailbox>(
            $"""
            select {Columns} from mailboxes
            where workspace_id = @WorkspaceId and id = any(@ids) order by id for update
            """,
            new { batch.WorkspaceId, ids });

    public static Task<IReadOnlyList<Mailbox>> List(Session session, CancellationToken cancel) =>
        session.List<Mailbox>(
            $"select {Columns} from mailboxes where workspace_id = @WorkspaceId order by address",
            new { session.WorkspaceId }, cancel);

    public static Task<long> Insert(
        Session session, Mailbox mailbox, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into mailboxes (workspace_id, address, from_name, state, smtp_host, smtp_port,
                smtp_security, smtp_username, smtp_ca, per_minute_limit, daily_limit, weekly_limit, time_zone,
                window_opens, window_closes, working_days, booking_link, postal_address, min_gap_seconds,
                ramp_start, ramp_step, first_touch_limit, domain_limit, window_zone, created_at, updated_at)
            values (@WorkspaceId, @Address, @FromName, 'untested', @SmtpHost, @SmtpPort, @SmtpSecurity,
                @SmtpUsername, @SmtpCa, @PerMinuteLimit, @DailyLimit, @WeeklyLimit, @TimeZone, @WindowOpens,
                @WindowCloses, @WorkingDays, @BookingLink, @PostalAddress, @MinGapSeconds, @RampStart,
                @RampStep, @FirstTouchLimit, @DomainLimit, @WindowZone, @now, @now)
            returning id
            """,
            Values(session, mailbox, now), cancel);

    public static Task<int> Update(
        Session session, Mailbox mailbox, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update mailboxes set address = @Address, from_name = @FromName, smtp_host = @SmtpHost,
                smtp_port = @SmtpPort, smtp_security = @SmtpSecurity, smtp_username = @SmtpUsername,
                smtp_ca = @SmtpCa, per_minute_limit = @PerMinuteLimit, daily_limit = @DailyLimit,
                weekly_limit = @WeeklyLimit, time_zone = @TimeZone, window_opens = @WindowOpens,
                window_closes = @WindowCloses, working_days = @WorkingDays, booking_link = @BookingLink,
                postal_address = @PostalAddress, min_gap_seconds = @MinGapSeconds, ramp_start = @RampStart,
                ramp_step = @RampStep, first_touch_limit = @FirstTouchLimit, domain_limit = @DomainLimit,
                window_zone = @WindowZone, updated_at = @now
            where workspace_id = @WorkspaceId and id = @Id
            """,
            Values(session, mailbox, now), cancel);

    public static Task<int> SetPassword(
        Session session, long id, byte[]? sealedPassword, CancellationToken cancel) =>
        session.Run(
            "update mailboxes set smtp_password = @sealedPassword where workspace_id = @WorkspaceId and id "
            + "= @id", new { session.WorkspaceId, id, sealedPassword }, cancel);

    public static Task<int> SetTransport(
        Session session, long id, string transport, CancellationToken cancel) =>
        session.Run(
            "update mailboxes set transport = @transport where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id, transport }, cancel);

    /// <summary>The reason is kept for a broken and for a paused mailbox.</summary>
    public static Task<int> SetState(
        Session session, long id, MailboxState state, string? reason, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update mailboxes set state = @state, updated_at = @now,
                broken_reason = case when @state = 'broken' then @reason end,
                paused_reason = case when @state = 'paused' then @reason end
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = state.ToString().ToLowerInvariant(), reason, now },
            cancel);

    public static Task<int> SetExhausted(
        Session session, long id, DateTime? until, string? reason, CancellationToken cancel) =>
        session.Run(
            """
            update mailboxes set exhausted_until = @until, exhausted_reason = @reason
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, until, reason }, cancel);

    /// <summary>When the present settings were proven; null when they were not.</summary>
    public static Task<int> SetTested(Session session, long id, DateTime? now, CancellationToken cancel) =>
        session.Run(
            "update mailboxes set tested_at = @now where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id, now }, cancel);

    static object Values(Session session, Mailbox mailbox, DateTime now) => new
    {
        session.WorkspaceId, mailbox.Id, mailbox.Address, mailbox.FromName, mailbox.SmtpHost,
        mailbox.SmtpPort, mailbox.SmtpSecurity, mailbox.SmtpUsername, mailbox.SmtpCa, mailbox.PerMinuteLimit,
        mailbox.DailyLimit, mailbox.WeeklyLimit, mailbox.TimeZone, mailbox.WindowOpens, mailbox.WindowCloses,
        mailbox.WorkingDays, mailbox.BookingLink, mailbox.PostalAddress, mailbox.MinGapSeconds,
        mailbox.RampStart, mailbox.RampStep, mailbox.FirstTouchLimit, mailbox.DomainLimit,
        WindowZone = mailbox.WindowZone.ToString().ToLowerInvariant(), now,
    };
}
