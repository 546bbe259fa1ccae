namespace Overture.Providers.Tests;

/// <summary>
/// A clock for pacing code: pauses end at once and move the clock on by what was waited; time limits of calls
/// run in real time.
/// </summary>
sealed class SkippingTime : TimeProvider
{
    readonly Lock gate = new();
    DateTimeOffset now = System.GetUtcNow();

    /// <summary>Everything waited so far, pause by pause.</summary>
    public List<TimeSpan> Pauses { get; } = [];

    public void Advance(TimeSpan by)
    {
        lock (gate) now += by;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (state is CancellationTokenSource || dueTime == Timeout.InfiniteTimeSpan)
            return System.CreateTimer(callback, state, dueTime, period);
        lock (gate)
        {
            now += dueTime;
            Pauses.Add(dueTime);
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
