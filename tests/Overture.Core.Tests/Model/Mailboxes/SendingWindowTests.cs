using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public sealed class SendingWindowTests
{
    static readonly SendingWindow Office =
        new("Europe/Berlin", new TimeOnly(9, 0), new TimeOnly(18, 0), [1, 2, 3, 4, 5]);

    [Theory]
    [InlineData("2026-03-27T08:00:00Z", true)]
    [InlineData("2026-03-27T07:59:59Z", false)]
    [InlineData("2026-03-27T16:59:59Z", true)]
    [InlineData("2026-03-27T17:00:00Z", false)]
    [InlineData("2026-03-28T10:00:00Z", false)]
    [InlineData("2026-03-30T07:00:00Z", true)]
    [InlineData("2026-03-30T06:59:59Z", false)]
    [InlineData("2026-10-26T07:00:00Z", false)]
    [InlineData("2026-10-26T08:00:00Z", true)]
    public void It_is_open_by_the_local_clock(string utc, bool isOpen) =>
        Assert.Equal(isOpen, Office.IsOpen(At(utc)));

    [Fact]
    public void Without_a_working_day_it_never_opens() =>
        Assert.Null((Office with { WorkingDays = [] }).NextOpening(At("2026-03-27T08:00:00Z")));

    public static TheoryData<string, string, string> Windows => new()
    {
        { "Europe/Berlin", "09:00", "18:00" }, { "Europe/Berlin", "02:30", "04:00" },
            { "Europe/Berlin", "00:00", "23:59" },
        { "America/New_York", "02:15", "03:30" }, { "Australia/Lord_Howe", "02:10", "05:00" },
        { "Asia/Kolkata", "09:00", "17:30" }, { "America/Sao_Paulo", "00:00", "12:00" },
    };

    /// <summary>Walks through the weeks in which clocks change, five minutes at a time.</summary>
    [Theory]
    [MemberData(nameof(Windows))]
    public void The_next_opening_is_the_first_open_instant(string zone, string opens, string closes)
    {
        var window = new SendingWindow(zone, TimeOnly.Parse(opens), TimeOnly.Parse(closes),
            [1, 2, 3, 4, 5, 6, 7]);
        foreach (
            var start in new[] { "2026-03-07T00:00:00Z", "2026-03-28T00:00:00Z", "2026-04-04T00:00:00Z" })
        {
            DateTime? next = null;
            for (var minute = 3 * 24 * 60; minute >= 0; minute -= 5)
            {
                var now = At(start).AddMinutes(minute);
                if (window.IsOpen(now)) next = now;
                if (next is null) continue;
                var said = window.NextOpening(now);
                Assert.True(said is not null && window.IsOpen(said.Value), $"{now:O}: {said:O} is not open");
                Assert.True(said >= now && said <= next,
                    $"{now:O}: said {said:O}, but it is open at {next:O}");
            }
        }
    }

    [Fact]
    public void Days_and_weeks_are_counted_by_the_local_midnight()
    {
        var (day, week) = Office.CountingStarts(At("2026-03-29T23:30:00Z"));
        Assert.Equal(At("2026-03-29T22:00:00Z"), day);
        Assert.Equal(At("2026-03-29T22:00:00Z"), week);
        (day, week) = Office.CountingStarts(At("2026-03-29T12:00:00Z"));
        Assert.Equal(At("2026-03-28T23:00:00Z"), day);
        Assert.Equal(At("2026-03-22T23:00:00Z"), week);
    }

    [Fact]
    public void An_unknown_zone_is_named()
    {
        var refused = Assert.Throws<RuleBroken>(() =>
            (Office with { TimeZone = "Europe/Atlantis" }).IsOpen(At("2026-01-01T00:00:00Z")));
        Assert.Contains("Europe/Atlantis", refused.Sentence, StringComparison.Ordinal);
    }

    static DateTime At(string utc) => DateTimeOffset.Parse(utc).UtcDateTime;
}
