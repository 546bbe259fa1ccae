using System.Globalization;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A paused or broken mailbox sends nothing.</summary>
sealed record MailboxWorks : SendingRule
{
    public override Blocker? Check(SendingSituation situation) => situation.Mailbox switch
    {
        { State: MailboxState.Broken } broken when !situation.Workspace.DryRun => new Blocker(
            "mailbox_broken", $"The mailbox {broken.Address} does not work: {broken.BrokenReason}",
            "Correct its settings and press Test on the mailboxes page."),
        { State: MailboxState.Paused } paused => new Blocker(
            "mailbox_paused", $"The mailbox {paused.Address} is paused.",
            "Press Resume on the mailboxes page."),
        _ => null,
    };
}

/// <summary>Without a server nothing can leave, except into the captured mail of a dry run.</summary>
sealed record ServerKnown : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.Workspace.DryRun || situation.Mailbox.CanReachAServer
            ? null
            : new Blocker(
                "mailbox_without_server", $"The mailbox {situation.Mailbox.Address} has no mail server yet.",
                "Enter its SMTP server on the mailboxes page, or switch dry run on.");
}

/// <summary>When the far side says that enough was sent, it is believed.</summary>
sealed record NotExhausted : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        !situation.Workspace.DryRun && situation.Mailbox.ExhaustedUntil is { } until && until > situation.Now
            ? new Blocker(
                "mailbox_exhausted",
                $"The mail server of {situation.Mailbox.Address} asked us to wait: "
                + $"{situation.Mailbox.ExhaustedReason}",
                "It is tried again by itself; press Test on the mailboxes page to try at once.", until)
            : null;
}

/// <summary>Mail leaves within the mailbox's working hours only.</summary>
sealed record WithinWindow : SendingRule
{
    public override Blocker? Check(SendingSituation situation)
    {
        var window = situation.Mailbox.Window;
        if (window.IsOpen(situation.Now)) return null;
        var opens = window.NextOpening(situation.Now);
        return new Blocker(
            "outside_working_hours",
            opens is null
                ? $"The mailbox {situation.Mailbox.Address} has no working day."
                : $"Working hours are {window.Opens:HH:mm}–{window.Closes:HH:mm} ({window.TimeZone}).",
            opens is null
            ? "Choose working days on the mailboxes page." : "It goes on by itself when they begin.", opens);
    }
}

/// <summary>At most so many a week, Monday to Sunday in the mailbox's zone.</summary>
sealed record WithinWeeklyLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.SentThisWeek < situation.Mailbox.WeeklyLimit
            ? null
            : new Blocker(
                "weekly_limit",
                Limits.Sentence("this week", situation.SentThisWeek, situation.Mailbox.WeeklyLimit),
                "It goes on by itself next Monday; raise the weekly limit with care.",
                situation.Mailbox.Window.CountingStarts(situation.Now.AddDays(7)).Week);
}

/// <summary>At most so many a day, counted in the mailbox's zone.</summary>
sealed record WithinDailyLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.SentToday < situation.Mailbox.DailyLimit
            ? null
            : new Blocker(
                "daily_limit", Limits.Sentence("today", situation.SentToday, situation.Mailbox.DailyLimit),
                "It goes on by itself tomorrow; raise the daily limit with care.",
                situation.Mailbox.Window.CountingStarts(situation.Now.AddDays(1)).Day);
}

/// <summary>At most so many in any sixty seconds.</summary>
sealed record WithinMinuteLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.SentThisMinute < situation.Mailbox.PerMinuteLimit
            ? null
            : new Blocker(
                "minute_limit",
                Limits.Sentence(
                "in the last minute", situation.SentThisMinute, situation.Mailbox.PerMinuteLimit),
                "It goes on by itself within a minute.", situation.Now.AddMinutes(1));
}

static class Limits
{
    public static string Sentence(string when, int sent, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{sent:N0} of {limit:N0} messages were sent {when}.");
}
