using NodaTime;
using NodaTime.TimeZones;

namespace Overture.Core.Model;

/// <summary>
/// Working hours in one time zone. All questions are answered in that zone, across clock changes: a time that
/// the clock skips means the moment after the gap, and one that comes twice means its first coming.
/// </summary>
public sealed record SendingWindow(
    string TimeZone, TimeOnly Opens, TimeOnly Closes, IReadOnlyList<int> WorkingDays)
{
    /// <summary>A run of holidays longer than this is a mistake.</summary>
    const int LongestSearchDays = 60;

    static readonly ZoneLocalMappingResolver AfterTheGap =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>Days in this zone on which nothing leaves.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    /// <summary>True when mail may leave at this instant.</summary>
    public bool IsOpen(DateTime utc) =>
        HoursOf(DayOf(utc)) is var (opens, closes) && utc >= opens && utc < closes;

    /// <summary>
    /// The first instant, now or later, at which mail may leave; null when no day is a working day.
    /// </summary>
    public DateTime? NextOpening(DateTime utc)
    {
        var today = DayOf(utc);
        for (var day = 0; day <= LongestSearchDays; day++)
            if (HoursOf(today.PlusDays(day)) is var (opens, closes) && closes > utc && closes > opens)
                return opens > utc ? opens : utc;
        return null;
    }

    /// <summary>When the working hours that this instant lies in end; null when it lies in none.</summary>
    public DateTime? ClosesAfter(DateTime utc) =>
        HoursOf(DayOf(utc)) is var (opens, closes) && utc >= opens && utc < closes ? closes : null;

    /// <summary>The hours from opening to closing on an ordinary day.</summary>
    public TimeSpan Length => Closes - Opens;

    /// <summary>
    /// Midnight of the local day that contains this instant, and of the Monday before it: where counting
    /// starts.
    /// </summary>
    public (DateTime Day, DateTime Week) CountingStarts(DateTime utc)
    {
        var today = DayOf(utc);
        return (StartOf(today), StartOf(today.PlusDays(1 - (int)today.DayOfWeek)));
    }

    /// <summary>Where the next day's and the next week's counting starts.</summary>
    public (DateTime Day, DateTime Week) CountingStartsAgain(DateTime utc)
    {
        var today = DayOf(utc);
        return (StartOf(today.PlusDays(1)), StartOf(today.PlusDays(8 - (int)today.DayOfWeek)));
    }

    /// <summary>How many local days lie between two instants.</summary>
    public int DaysBetween(DateTime earlier, DateTime later) =>
        Period.DaysBetween(DayOf(earlier), DayOf(later));

    /// <summary>The clock on the wall of this zone.</summary>
    public DateTime LocalTime(DateTime utc) =>
        Instant.FromDateTimeUtc(utc).InZone(Zone()).LocalDateTime.ToDateTimeUnspecified();

    (DateTime Opens, DateTime Closes)? HoursOf(LocalDate date) =>
        WorkingDays.Contains((int)date.DayOfWeek) && !Holidays.Contains(date.ToDateOnly())
            ? (At(date, Opens), At(date, Closes)) : null;

    DateTime At(LocalDate date, TimeOnly time) =>
        Zone().ResolveLocal(
            date.At(NodaTime.LocalTime.FromTicksSinceMidnight(time.Ticks)), AfterTheGap).ToDateTimeUtc();

    DateTime StartOf(LocalDate date) => Zone().AtStartOfDay(date).ToDateTimeUtc();

    LocalDate DayOf(DateTime utc) => Instant.FromDateTimeUtc(utc).InZone(Zone()).Date;

    DateTimeZone Zone() =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone)
        ?? throw new RuleBroken(
            "unknown_time_zone", $"'{TimeZone}' is not a known time zone; use a name such as Europe/Berlin.",
            "time_zone");
}
