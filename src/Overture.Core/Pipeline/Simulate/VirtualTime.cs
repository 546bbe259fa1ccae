namespace Overture.Core.Pipeline;

/// <summary>A clock that stands where the simulation puts it. Nothing waits by it.</summary>
sealed class VirtualTime(DateTime start) : TimeProvider
{
    public DateTime Now { get; private set; } = start;

    public override DateTimeOffset GetUtcNow() => new(Now);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public void MoveTo(DateTime instant)
    {
        if (instant < Now)
            throw new ArgumentOutOfRangeException(nameof(instant), instant, "Time goes forward.");
        Now = instant;
    }
}
