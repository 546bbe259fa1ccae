using Overture.Core.Data;
using Overture.Mail;

namespace Overture.Core.Model;

/// <summary>What a person may do with mailboxes.</summary>
public sealed class Mailboxes(Database database, SecretBox secrets, TimeProvider time)
{
    const int LongestGapSeconds = 86_400;
    static readonly string[] Securities = ["tls", "starttls", "none"];

    public Task<IReadOnlyList<Mailbox>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => MailboxStore.List(session, cancel), cancel);

    public Task<Mailbox> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            await MailboxStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("mailbox", id), cancel);

    public Task<long> Create(long workspaceId, MailboxDraft draft, CancellationToken cancel)
    {
        var mailbox = Checked(draft, workspaceId, 0);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var known = await MailboxStore.List(session, cancel);
                if (known.Any(other => other.Address == mailbox.Address))
                    throw new RuleBroken(
                        "mailbox_exists", $"The mailbox {mailbox.Address} exists already.", "address");
                var id = await MailboxStore.Insert(session, mailbox, time.GetUtcNow().UtcDateTime, cancel);
                await KeepPassword(session, id, draft, cancel);
                return id;
            },
            cancel);
    }

    public Task Update(long workspaceId, long id, MailboxDraft draft, CancellationToken cancel)
    {
        var mailbox = Checked(draft, workspaceId, id);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var kept = await MailboxStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", id);
                await MailboxStore.Update(session, mailbox, now, cancel);
                await KeepPassword(session, id, draft, cancel);
                if (Server(kept) != Server(mailbox) || !string.IsNullOrEmpty(draft.SmtpPassword))
                    await ForgetTest(session, kept, now, cancel);
                await session.Announce("mailboxes", id, cancel);
            },
            cancel);
    }

    public Task Pause(long workspaceId, long id, string reason, CancellationToken cancel) =>
        SetState(workspaceId, id, _ => MailboxState.Paused, reason, cancel);

    /// <summary>
    /// Takes a paused or exhausted mailbox back into service; one whose settings no test has proven waits
    /// for its test.
    /// </summary>
    public Task Resume(long workspaceId, long id, CancellationToken cancel) =>
        SetState(
            workspaceId, id,
            mailbox => mailbox.State != MailboxState.Broken && mailbox.TestedAt is not null
                ? MailboxState.Connected : MailboxState.Untested,
            null, cancel);

    /// <summary>A test of the present settings went through.</summary>
    public Task Connected(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                await MailboxStore.SetTested(session, id, now, cancel);
                await MailboxStore.SetState(session, id, MailboxState.Connected, null, now, cancel);
                await MailboxStore.SetExhausted(session, id, null, null, cancel);
                await session.Announce("mailboxes", id, cancel);
            },
            cancel);

    public Task MarkBroken(long workspaceId, long id, string reason, CancellationToken cancel) =>
        SetState(workspaceId, id, _ => MailboxState.Broken, reason, cancel);

    Task SetState(
        long workspaceId, long id, Func<Mailbox, MailboxState> next, string? reason,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var mailbox = await MailboxStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", id);
                var state = next(mailbox);
                await MailboxStore.SetState(
                    session, id, state, reason, time.GetUtcNow().UtcDateTime, cancel);
                if (state is MailboxState.Connected or MailboxState.Untested)
                    await MailboxStore.SetExhausted(session, id, null, null, cancel);
                await session.Announce("mailboxes", id, cancel);
            },
            cancel);

    /// <summary>What was proven is not what is there any more.</summary>
    static async Task ForgetTest(Session session, Mailbox kept, DateTime now, CancellationToken cancel)
    {
        await MailboxStore.SetTested(session, kept.Id, null, cancel);
        if (kept.State != MailboxState.Paused)
            await MailboxStore.SetState(session, kept.Id, MailboxState.Untested, null, now, cancel);
    }

    static (string, string?, int?, string, string?, string?) Server(Mailbox mailbox) =>
        (mailbox.Address, mailbox.SmtpHost, mailbox.SmtpPort, mailbox.SmtpSecurity, mailbox.SmtpUsername,
            mailbox.SmtpCa);

    async Task KeepPassword(Session session, long id, MailboxDraft draft, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(draft.SmtpPassword)) return;
        var place = new SecretPlace("mailboxes", "smtp_password", id.ToString(), session.WorkspaceId);
        await MailboxStore.SetPassword(session, id, secrets.Seal(draft.SmtpPassword, place), cancel);
    }

    static Mailbox Checked(MailboxDraft draft, long workspaceId, long id)
    {
        if (!EmailAddress.TryParse(draft.Address, out var address, out var wrong))
            throw new RuleBroken(
                "bad_address", $"'{draft.Address}' is not an e-mail address: {wrong}", "address");
        if (!Securities.Contains(draft.SmtpSecurity))
            throw new RuleBroken(
                "bad_security", $"Security is one of: {string.Join(", ", Securities)}.", "smtp_security");
        if (draft.WindowOpens >= draft.WindowCloses)
            throw new RuleBroken("bad_window", "Working hours must end after they begin.", "window_closes");
        if (draft.WorkingDays.Count == 0 || draft.WorkingDays.Any(day => day is < 1 or > 7))
            throw new RuleBroken(
                "bad_working_days", "Choose working days, 1 (Monday) to 7 (Sunday).", "working_days");
        if (draft is not { PerMinuteLimit: > 0, DailyLimit: > 0, WeeklyLimit: > 0 })
            throw new RuleBroken("bad_limit", "Limits are whole numbers above zero.", "daily_limit");
        if (draft is not { RampStart: > 0, RampStep: null or > 0 })
            throw new RuleBroken(
                "bad_ramp", "A ramp begins and grows by whole numbers above zero.", "ramp_start");
        if (draft is not { FirstTouchLimit: null or > 0, DomainLimit: null or > 0 })
            throw new RuleBroken(
                "bad_limit", "Limits are whole numbers above zero; leave one empty for none.",
                "first_touch_limit");
        if (draft.MinGapSeconds is < 0 or > LongestGapSeconds)
            throw new RuleBroken(
                "bad_gap", "The gap between two messages is 0 seconds to a day.", "min_gap_seconds");
        Workspaces.CheckTimeZone(draft.TimeZone);
        return new Mailbox
        {
            WorkspaceId = workspaceId, Id = id, Address = address.Normalised,
            FromName = draft.FromName.Trim(), SmtpHost = Blank(draft.SmtpHost), SmtpPort = draft.SmtpPort,
            SmtpSecurity = draft.SmtpSecurity, SmtpUsername = Blank(draft.SmtpUsername),
            SmtpCa = Blank(draft.SmtpCa), PerMinuteLimit = draft.PerMinuteLimit,
            DailyLimit = draft.DailyLimit, WeeklyLimit = draft.WeeklyLimit, TimeZone = draft.TimeZone,
            WindowOpens = draft.WindowOpens, WindowCloses = draft.WindowCloses,
            WorkingDays = [.. draft.WorkingDays.Distinct().Order()], BookingLink = Blank(draft.BookingLink),
            PostalAddress = draft.PostalAddress.Trim(), MinGapSeconds = draft.MinGapSeconds,
            RampStart = draft.RampStart, RampStep = draft.RampStep, FirstTouchLimit = draft.FirstTouchLimit,
            DomainLimit = draft.DomainLimit, WindowZone = draft.WindowZone,
        };
    }

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
