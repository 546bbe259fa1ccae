namespace Overture.Testing;

/// <summary>A clock that stands still until a test moves it, and then fires what has become due.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    readonly Lock gate = new();
    readonly List<ManualTimer> timers = [];
    readonly List<(int Count, TaskCompletionSource Reached)> waiting = [];
    DateTimeOffset now = start;

    public ManualTime() : this(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock, stopping at each timer on the way and firing it at its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetUtcNow() + by;
        while (Next(end) is { } timer) timer.Fire();
        lock (gate) now = end;
    }

    /// <summary>
    /// Completes when at least this many timers are set: the moment when code on another thread has begun to
    /// wait and the clock may be moved.
    /// </summary>
    public Task TimersSet(int count)
    {
        lock (gate)
        {
            if (timers.Count >= count) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((count, reached));
            return reached.Task;
        }
    }

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    // The earliest timer due by then; the clock stands at its moment when this returns.
    ManualTimer? Next(DateTimeOffset end)
    {
        lock (gate)
        {
            var timer = timers.MinBy(candidate => candidate.DueAt);
            if (timer is null || timer.DueAt > end) return null;
            if (timer.DueAt > now) now = timer.DueAt;
            if (timer.Period == Timeout.InfiniteTimeSpan) timers.Remove(timer);
            else timer.DueAt += timer.Period;
            return timer;
        }
    }

    void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            // A period of zero means once, as with the system's timers.
            timer.Period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
            timer.DueAt = now + dueTime;
            timers.Add(timer);
            foreach (var one in waiting.Where(one => one.Count <= timers.Count)) one.Reached.TrySetResult();
            waiting.RemoveAll(one => one.Count <= timers.Count);
        }
    }

    sealed class ManualTimer(ManualTime clock, Action fire) : ITimer
    {
        public DateTimeOffset DueAt { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime, period);
            return true;
        }

        public void Dispose() => clock.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
