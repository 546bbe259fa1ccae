using NodaTime;
using NodaTime.TimeZones;

namespace Overture.Core.Model;

/// <summary>
/// Working hours in one time zone. All questions are answered in that zone, across clock changes.
/// </summary>
public sealed record SendingWindow(
    string TimeZone, TimeOnly Opens, TimeOnly Closes, IReadOnlyList<int> WorkingDays)
{
    const int LongestSearchDays = 14;

    static readonly ZoneLocalMappingResolver AfterTheGap =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>True when mail may leave at this instant.</summary>
    public bool IsOpen(DateTime utc)
    {
        var local = Local(utc);
        var time = TimeOnly.FromTimeSpan(TimeSpan.FromTicks(local.TickOfDay));
        return WorkingDays.Contains((int)local.DayOfWeek) && time >= Opens && time < Closes;
    }

    /// <summary>
    /// The first instant, now or later, at which mail may leave; null when no day is a working day.
    /// </summary>
    public DateTime? NextOpening(DateTime utc)
    {
        if (IsOpen(utc)) return utc;
        var zone = Zone();
        var from = Instant.FromDateTimeUtc(utc);
        var today = from.InZone(zone).Date;
        for (var day = 0; day <= LongestSearchDays; day++)
        {
            var date = today.PlusDays(day);
            if (!WorkingDays.Contains((int)date.DayOfWeek)) continue;
            // A time that the clock skips begins after the gap; one that comes twice begins the first time.
            var opening = zone.ResolveLocal(
                date.At(LocalTime.FromTicksSinceMidnight(Opens.Ticks)), AfterTheGap).ToInstant();
            if (opening >= from) return opening.ToDateTimeUtc();
        }

        return null;
    }

    /// <summary>
    /// Midnight of the local day that contains this instant, and of the Monday before it: where counting
    /// starts.
    /// </summary>
    public (DateTime Day, DateTime Week) CountingStarts(DateTime utc)
    {
        var zone = Zone();
        var today = Instant.FromDateTimeUtc(utc).InZone(zone).Date;
        var monday = today.PlusDays(1 - (int)today.DayOfWeek);
        return (zone.AtStartOfDay(today).ToDateTimeUtc(), zone.AtStartOfDay(monday).ToDateTimeUtc());
    }

    LocalDateTime Local(DateTime utc) => Instant.FromDateTimeUtc(utc).InZone(Zone()).LocalDateTime;

    DateTimeZone Zone() =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone)
        ?? throw new RuleBroken(
            "unknown_time_zone", $"'{TimeZone}' is not a known time zone; use a name such as Europe/Berlin.",
            "time_zone");
}
