using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// When the next message of a mailbox may follow the last: at least its gap later, and spread over what is
/// left of the working hours. The pause follows from the last message alone, so whoever asks, whenever, gets
/// the same answer.
/// </summary>
static class Pace
{
    const double LeastJitter = 0.8;
    const double JitterRange = 0.4;
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Null when the mailbox keeps no gap or has not sent yet.</summary>
    public static DateTime? NextAt(Mailbox mailbox, SenderUse use, DateTime now)
    {
        if (mailbox.MinGapSeconds == 0 || use.Last is not { } last) return null;
        var chance = Jitter.Of(last.ContactId, last.StepId);
        var gap = TimeSpan.FromSeconds(mailbox.MinGapSeconds);
        var left = AllowanceLeft(mailbox, use, now);
        var isToday = mailbox.Window.CountingStarts(last.At).Day == mailbox.Window.CountingStarts(now).Day;
        var even = isToday && left > 0 ? RemainingAfter(mailbox, last.At) / left : TimeSpan.Zero;
        // Where the day is too short for all, the gap rules, and is as often long as short.
        if (even < gap) return After(last.At, gap * (1 + chance), gap);
        var pause = even * (LeastJitter + (JitterRange * chance));
        // The jitter of the day's last one must not carry it over the end.
        if (left == 1 && pause > even - Minute) pause = even - Minute;
        return After(last.At, pause > gap ? pause : gap, gap);
    }

    /// <summary>What the day's and the week's limits still allow.</summary>
    public static int AllowanceLeft(Mailbox mailbox, SenderUse use, DateTime now) =>
        Math.Min(DailyAllowance(mailbox, use, now) - use.Today, mailbox.WeeklyLimit - use.ThisWeek);

    public static int DailyAllowance(Mailbox mailbox, SenderUse use, DateTime now) =>
        mailbox.AllowanceOn(use.FirstSentAt is { } first ? mailbox.Window.DaysBetween(first, now) : 0);

    /// <summary>
    /// Whole minutes from the minute of the last: a tick that comes some seconds late must not push the rest
    /// of the day.
    /// </summary>
    static DateTime After(DateTime last, TimeSpan pause, TimeSpan gap)
    {
        if (pause < Minute) return last + pause;
        var minutes = Math.Ceiling(pause / Minute);
        var next = new DateTime(last.Ticks - (last.Ticks % Minute.Ticks), DateTimeKind.Utc)
            .AddMinutes(minutes);
        return next > last + gap ? next : last + gap;
    }

    /// <summary>
    /// Recipients' hours are spread around the globe; then the day of the mailbox is what is left.
    /// </summary>
    static TimeSpan RemainingAfter(Mailbox mailbox, DateTime at)
    {
        var window = mailbox.Window;
        if (mailbox.WindowZone == WindowZone.Mailbox)
            return window.ClosesAfter(at) is { } closes ? closes - at : TimeSpan.Zero;
        var dayLeft = window.CountingStartsAgain(at).Day - at;
        return dayLeft < window.Length ? dayLeft : window.Length;
    }
}

/// <summary>A number from 0 up to 1 that looks like chance and always is the same for the same two.</summary>
static class Jitter
{
    public static double Of(long first, long second)
    {
        // SplitMix64's finaliser: neighbouring numbers land far apart.
        unchecked
        {
            var mixed = ((ulong)first * 0x9E3779B97F4A7C15UL) ^ (ulong)second;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            mixed ^= mixed >> 31;
            return (mixed >> 11) * (1.0 / (1UL << 53));
        }
    }
}
