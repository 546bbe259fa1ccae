using NodaTime;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>When a step is due: so many days, or working days of the mailbox, after the step before.</summary>
static class StepDelay
{
    static readonly SendingWindow UsualWeek =
        new("UTC", new TimeOnly(9, 0), new TimeOnly(17, 0), [1, 2, 3, 4, 5]);

    public static DateTime After(Step step, SendingWindow window, DateTime now)
    {
        if (!step.InWorkingDays || step.DelayDays == 0 || window.WorkingDays.Count == 0)
            return now.AddDays(step.DelayDays);
        var zone = ZoneOf(window);
        var local = Instant.FromDateTimeUtc(now).InZone(zone).LocalDateTime;
        var date = local.Date;
        for (var left = step.DelayDays; left > 0;)
        {
            date = date.PlusDays(1);
            if (window.WorkingDays.Contains((int)date.DayOfWeek)) left--;
        }

        return zone.AtLeniently(date.At(local.TimeOfDay)).ToDateTimeUtc();
    }

    public static DateTimeZone ZoneOf(SendingWindow window) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(window.TimeZone) ?? DateTimeZone.Utc;

    /// <summary>The working hours of the campaign's mailbox; the usual week without one.</summary>
    public static async Task<SendingWindow> WindowOf(
        Session session, Campaign campaign, CancellationToken cancel) =>
        campaign.MailboxId is { } id && await MailboxStore.Find(session, id, cancel) is { } mailbox
            ? mailbox.Window : UsualWeek;
}
