using NodaTime;
using NodaTime.TimeZones;
using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

/// <summary>Six zones, four clock changes each, every quarter hour of the day: 2,304 openings.</summary>
[Trait("Promise", "R8")]
public sealed class ClockChangeTests
{
    const int EdgesPerZone = 4;
    const int QuartersPerDay = 96;
    static readonly int[] EveryDay = [1, 2, 3, 4, 5, 6, 7];
    static readonly TimeOnly EndOfDay = new(23, 59, 59);
    static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A gap at midnight (Santiago) and changes by half an hour (Lord Howe) are among them.
    /// </summary>
    static readonly string[] Zones =
    [
        "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Pacific/Chatham",
        "Asia/Jerusalem",
    ];

    public static TheoryData<string, DateTime> Edges
    {
        get
        {
            var edges = new TheoryData<string, DateTime>();
            foreach (var zone in Zones)
                foreach (var edge in DateTimeZoneProviders.Tzdb[zone]
                    .GetZoneIntervals(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2030, 1, 1, 0, 0))
                    .Skip(1).Take(EdgesPerZone))
                    edges.Add(zone, edge.Start.ToDateTimeUtc());
            return edges;
        }
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void Each_quarter_hour_opens_once_on_a_day_of_clock_change(string zone, DateTime edge)
    {
        var (day, walls) = DayOf(zone, edge);
        var opened = 0;
        for (var slot = 0; slot < QuartersPerDay; slot++)
        {
            var opens = TimeOnly.FromTimeSpan(Quarter * slot);
            var window = new SendingWindow(zone, opens, EndOfDay, EveryDay);
            // A skipped time opens after the gap; a repeated one opens the first time.
            var first = walls.FindIndex(wall => wall >= opens);
            Assert.Equal(day + (Quarter * first), window.NextOpening(day));
            var open = walls.Select((_, index) => window.IsOpen(day + (Quarter * index))).ToList();
            Assert.Single(open.Where((isOpen, index) => isOpen && (index == 0 || !open[index - 1])));
            Assert.Equal(first, open.IndexOf(true));
            opened++;
        }

        Assert.Equal(QuartersPerDay, opened);
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void A_day_of_clock_change_is_counted_as_one_day(string zone, DateTime edge)
    {
        var (day, walls) = DayOf(zone, edge);
        var window = new SendingWindow(zone, new TimeOnly(9, 0), new TimeOnly(17, 0), EveryDay);
        Assert.All(
            walls.Select((_, index) => day + (Quarter * index)),
            instant =>
            {
                Assert.Equal(day, window.CountingStarts(instant).Day);
                Assert.Equal(day + (Quarter * walls.Count), window.CountingStartsAgain(instant).Day);
            });
        Assert.NotEqual(QuartersPerDay, walls.Count);
    }

    [Fact]
    public void A_window_inside_the_repeated_hour_opens_for_the_first_coming_only()
    {
        // Clocks go from 03:00 back to 02:00 at 01:00 UTC.
        var window = new SendingWindow("Europe/Berlin", new TimeOnly(2, 15), new TimeOnly(2, 45), EveryDay);
        Assert.True(window.IsOpen(Utc(2026, 10, 25, 0, 30)));
        Assert.False(window.IsOpen(Utc(2026, 10, 25, 1, 30)));
        Assert.Equal(Utc(2026, 10, 26, 1, 15), window.NextOpening(Utc(2026, 10, 25, 1, 0)));
    }

    [Fact]
    public void Nothing_leaves_on_a_holiday()
    {
        var window =
            new SendingWindow("Europe/Berlin", new TimeOnly(9, 0), new TimeOnly(17, 0), [1, 2, 3, 4, 5])
        {
            Holidays = new HashSet<DateOnly> { new(2026, 12, 25) },
        };
        Assert.False(window.IsOpen(Utc(2026, 12, 25, 10, 0)));
        // Friday is the holiday and the weekend follows.
        Assert.Equal(Utc(2026, 12, 28, 8, 0), window.NextOpening(Utc(2026, 12, 24, 16, 0)));
    }

    [Fact]
    public void A_mailbox_without_a_working_day_never_opens() =>
        Assert.Null(new SendingWindow("UTC", new TimeOnly(9, 0), new TimeOnly(17, 0), [])
            .NextOpening(Utc(2026, 3, 2, 9, 0)));

    /// <summary>Where a local day begins, and what the clock shows at each of its quarter hours.</summary>
    static (DateTime Day, List<TimeOnly> Walls) DayOf(string name, DateTime edge)
    {
        var zone = DateTimeZoneProviders.Tzdb[name];
        var date = Instant.FromDateTimeUtc(edge).InZone(zone).Date;
        var instant = zone.AtStartOfDay(date).ToInstant();
        var day = instant.ToDateTimeUtc();
        var walls = new List<TimeOnly>();
        for (var local = instant.InZone(zone); local.Date == date; local = instant.InZone(zone))
        {
            walls.Add(TimeOnly.FromTimeSpan(TimeSpan.FromTicks(local.TickOfDay)));
            instant += NodaTime.Duration.FromMinutes(15);
        }

        return (day, walls);
    }

    static DateTime Utc(int year, int month, int day, int hour, int minute) =>
        new(year, month, day, hour, minute, 0, DateTimeKind.Utc);
}
