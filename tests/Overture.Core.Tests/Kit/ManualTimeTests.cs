using Overture.Testing;

namespace Overture.Core.Tests.Kit;

public sealed class ManualTimeTests
{
    readonly ManualTime time = new();

    [Fact]
    public async Task A_delay_ends_when_the_clock_reaches_it()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), time, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        await delay;
    }

    [Fact]
    public void Timers_fire_in_order_each_at_its_own_moment()
    {
        var start = time.GetUtcNow();
        var fired = new List<(string Name, double Minutes)>();
        void Note(object? name) => fired.Add(((string)name!, (time.GetUtcNow() - start).TotalMinutes));
        using var every = time.CreateTimer(Note, "every", TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));
        using var once = time.CreateTimer(Note, "once", TimeSpan.FromMinutes(3), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([("every", 2), ("once", 3), ("every", 4)], fired);
        every.Dispose();
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(3, fired.Count);
        Assert.Equal(TimeSpan.FromMinutes(10), time.GetElapsedTime(start.UtcTicks));
    }

    [Fact]
    public async Task A_test_can_wait_until_other_code_waits()
    {
        var work = Task.Run(() => Task.Delay(TimeSpan.FromDays(1), time));
        await time.TimersSet(1);
        time.Advance(TimeSpan.FromDays(1));
        await work;
    }
}
