namespace Overture.Core.Tests.Pipeline;

/// <summary>Pauses end at once and move the clock by what was waited; time limits of calls run in real
/// time.</summary>
sealed class HastyTime : TimeProvider
{
    readonly Lock gate = new();
    DateTimeOffset now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public void Advance(TimeSpan by)
    {
        lock (gate) now += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime,
        TimeSpan period)
    {
        if (state is CancellationTokenSource || dueTime == Timeout.InfiniteTimeSpan)
            return System.CreateTimer(callback, state, dueTime, period);
        lock (gate) now += dueTime;
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
