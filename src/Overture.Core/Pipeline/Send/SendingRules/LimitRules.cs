using System.Globalization;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Nobody new is written to while the sending domain fails what receivers demand for longer than a slip.
/// </summary>
sealed record DomainKeepsTheRules : SendingRule
{
    internal static readonly TimeSpan Grace = TimeSpan.FromHours(72);

    public override Blocker? Check(SendingSituation situation) =>
        situation is { IsFirstTouch: true, Workspace.DryRun: false, DomainFailingSince: { } since }
        && situation.Now - since > Grace
            ? new Blocker(
                "domain_failing",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{situation.Mailbox.Domain} has failed its DNS checks since {since:yyyy-MM-dd HH:mm} "
                    + $"UTC, longer than {Grace.TotalHours:0} hours; nobody new is written to."),
                "Publish the records shown on the deliverability page and press Check now.")
            : null;
}

/// <summary>Mail leaves within the working hours only, on days that are no holiday.</summary>
sealed record WithinWindow : SendingRule
{
    public override Blocker? Check(SendingSituation situation)
    {
        // In recipients' zones there are as many windows as recipients: only a message has one.
        if (situation.Mailbox.WindowZone == WindowZone.Recipient && situation.RecipientDomain is null)
            return null;
        var window = situation.Window;
        if (window.IsOpen(situation.Now)) return null;
        var opens = window.NextOpening(situation.Now);
        if (opens is null)
            return new Blocker(
                "outside_working_hours", $"The mailbox {situation.Mailbox.Address} has no working day.",
                "Choose working days on the mailboxes page.");
        var day = DateOnly.FromDateTime(window.LocalTime(situation.Now));
        return new Blocker(
            "outside_working_hours",
            window.Holidays.Contains(day)
                ? Limits.Say($"{day:yyyy-MM-dd} is a holiday ({window.TimeZone}).")
                : Limits.Say(
                    $"Working hours are {window.Opens:HH:mm}–{window.Closes:HH:mm} ({window.TimeZone})."),
            "It goes on by itself when they begin.", opens);
    }
}

/// <summary>At most so many a week, Monday to Sunday in the mailbox's zone.</summary>
sealed record WithinWeeklyLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.Use.ThisWeek < situation.Mailbox.WeeklyLimit
            ? null
            : new Blocker(
                "weekly_limit",
                Limits.Sentence("this week", situation.Use.ThisWeek, situation.Mailbox.WeeklyLimit),
                "It goes on by itself next Monday; raise the weekly limit with care.",
                Limits.OpenFrom(situation, situation.Mailbox.Window.CountingStartsAgain(situation.Now).Week));
}

/// <summary>At most so many a day, counted in the mailbox's zone; a young sender begins with fewer.</summary>
sealed record WithinDailyLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation)
    {
        var mailbox = situation.Mailbox;
        var allowed = Pace.DailyAllowance(mailbox, situation.Use, situation.Now);
        if (situation.Use.Today < allowed) return null;
        var until = Limits.OpenFrom(situation, mailbox.Window.CountingStartsAgain(situation.Now).Day);
        var sentence = Limits.Sentence("today", situation.Use.Today, allowed);
        return allowed < mailbox.DailyLimit
            ? new Blocker(
                "ramp_limit",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sentence} The mailbox is new: it grows by {mailbox.RampStep} a day up to "
                    + $"{mailbox.DailyLimit:N0}."),
                "It goes on by itself tomorrow; a slow start protects the address.", until)
            : new Blocker(
                "daily_limit", sentence, "It goes on by itself tomorrow; raise the daily limit with care.",
                until);
    }
}

/// <summary>At most so many new people a day; follow-ups are not held up.</summary>
sealed record WithinFirstTouchLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation is { IsFirstTouch: true, Mailbox.FirstTouchLimit: { } limit }
        && situation.Use.FirstTouchesToday >= limit
            ? new Blocker(
                "first_touch_limit",
                Limits.Say(
                $"{situation.Use.FirstTouchesToday:N0} of {limit:N0} new people were written to today."),
                "It goes on by itself tomorrow; add a mailbox to write to more new people.",
                Limits.OpenFrom(situation, situation.Mailbox.Window.CountingStartsAgain(situation.Now).Day))
            : null;
}

/// <summary>At most so many a day to one recipient domain.</summary>
sealed record WithinDomainLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation is { RecipientDomain: { } domain, Mailbox.DomainLimit: { } limit }
        && situation.Use.TodayByDomain.GetValueOrDefault(domain) is var sent && sent >= limit
            ? new Blocker(
                "domain_limit", Limits.Say($"{sent:N0} of {limit:N0} messages a day went to {domain}."),
                "It goes on by itself tomorrow; raise the limit per recipient domain with care.",
                Limits.OpenFrom(situation, situation.Mailbox.Window.CountingStartsAgain(situation.Now).Day))
            : null;
}

/// <summary>At most so many in any sixty seconds.</summary>
sealed record WithinMinuteLimit : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.Use.ThisMinute < situation.Mailbox.PerMinuteLimit
            ? null
            : new Blocker(
                "minute_limit",
                Limits.Sentence(
                    "in the last minute", situation.Use.ThisMinute, situation.Mailbox.PerMinuteLimit),
                "It goes on by itself within a minute.", situation.Now.AddMinutes(1));
}

/// <summary>Messages leave one by one, spread over the working hours, as a person would send them.</summary>
sealed record KeepsTheGap : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        Pace.NextAt(situation.Mailbox, situation.Use, situation.Now) is { } next && next > situation.Now
            ? new Blocker(
                "gap",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The last message left at {situation.Use.Last!.At:HH:mm} UTC; the next follows at "
                    + $"{next:HH:mm} UTC, at least {situation.Mailbox.MinGapSeconds / 60.0:0.#} minutes "
                    + $"apart and spread over the working hours."),
                "It goes on by itself; a smaller gap or a second mailbox sends faster.", next)
            : null;
}

static class Limits
{
    public static string Sentence(string when, int sent, int limit) =>
        Say($"{sent:N0} of {limit:N0} messages were sent {when}.");

    public static string Say(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);

    /// <summary>Another's words as the end of a sentence.</summary>
    public static string Ended(string? words) =>
        words is { Length: > 0 } && words[^1] is ('.' or '!' or '?') ? words : words + ".";

    /// <summary>The first moment from then on at which the working hours let it leave.</summary>
    public static DateTime OpenFrom(SendingSituation situation, DateTime from) =>
        situation.Window.NextOpening(from) ?? from;
}
