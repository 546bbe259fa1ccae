using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

public sealed class PaceTests
{
    static readonly DateTime Monday = new(2026, 3, 2, 9, 0, 0, DateTimeKind.Utc);

    static readonly Mailbox Box = new()
    {
        Address = "ada@overture.example", FromName = "Ada", TimeZone = "UTC",
        WindowOpens = new TimeOnly(9, 0), WindowCloses = new TimeOnly(17, 0), WorkingDays = [1, 2, 3, 4, 5],
        PerMinuteLimit = 10, DailyLimit = 30, WeeklyLimit = 150, MinGapSeconds = 600,
    };

    [Fact]
    public void A_day_is_spread_over_its_working_hours_and_never_goes_under_the_gap()
    {
        var times = DayOf(Box);
        Assert.Equal(30, times.Count);
        Assert.All(
            times.Zip(times.Skip(1), (earlier, later) => later - earlier),
            pause => Assert.True(pause >= TimeSpan.FromMinutes(10)));
        Assert.True(times[^1] > Monday.AddHours(6.5), $"The last left at {times[^1]:HH:mm} already.");
    }

    [Fact]
    public void Pauses_are_a_fifth_longer_or_shorter_than_what_is_left_divided_by_what_is_allowed()
    {
        for (var contact = 1; contact <= 1_000; contact++)
        {
            var use = new SenderUse
            {
                Today = 1, ThisWeek = 1, Last = new LastSend(Monday, contact, 7),
            };
            var pause = Pace.NextAt(Box with { MinGapSeconds = 60 }, use, Monday)!.Value - Monday;
            var even = TimeSpan.FromHours(8) / 29;
            Assert.InRange(pause, even * 0.8, (even * 1.2) + TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void Whoever_asks_and_whenever_gets_the_same_answer()
    {
        var use =
            new SenderUse { Today = 3, ThisWeek = 3, Last = new LastSend(Monday.AddMinutes(90), 12, 7) };
        var answers = Enumerable.Range(90, 60)
            .Select(minute => Pace.NextAt(Box, use, Monday.AddMinutes(minute)));
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public void A_tick_that_comes_some_seconds_late_does_not_push_the_rest_of_the_day() =>
        Assert.Equal(DayOf(Box), DayOf(Box, TimeSpan.FromSeconds(9)));

    [Fact]
    public void A_mailbox_without_a_gap_is_not_paced() =>
        Assert.Null(Pace.NextAt(
            Box with { MinGapSeconds = 0 },
            new SenderUse { Today = 1, Last = new LastSend(Monday, 1, 1) }, Monday));

    [Fact]
    public void A_ramp_grows_by_the_day_up_to_the_limit()
    {
        var young = Box with { RampStart = 10, RampStep = 5 };
        Assert.Equal([10, 15, 20, 25, 30, 30], Enumerable.Range(0, 6).Select(young.AllowanceOn));
        var use = new SenderUse { FirstSentAt = Monday.AddHours(-20) };
        Assert.Equal(15, Pace.DailyAllowance(young, use, Monday));
    }

    /// <summary>
    /// The minutes at which one letter after the other leaves, each found so much too late.
    /// </summary>
    static List<DateTime> DayOf(Mailbox box, TimeSpan late = default)
    {
        var times = new List<DateTime>();
        var use = SenderUse.None;
        for (var now = Monday; times.Count < 200; )
        {
            if (Pace.AllowanceLeft(box, use, now) <= 0 || !box.Window.IsOpen(now)) break;
            if (Pace.NextAt(box, use, now) is { } next && next > now)
            {
                now = next;
                continue;
            }

            times.Add(now);
            use = use.After("client.example", false, new LastSend(now + late, times.Count, 7));
        }

        return times;
    }
}
