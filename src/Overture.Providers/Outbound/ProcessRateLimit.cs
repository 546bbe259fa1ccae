using System.Collections.Concurrent;

namespace Overture.Providers.Outbound;

/// <summary>The rate limit of one process: exact sliding windows, first come first served.</summary>
/// <param name="time">The clock.</param>
public sealed class ProcessRateLimit(TimeProvider time) : IRateLimit
{
    // Evenly spread calls keep more distance than asked: on the way some catch up with those before them.
    const double SpreadMargin = 1.3;

    readonly ConcurrentDictionary<string, Lane> lanes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> Reserve(
        string lane, IReadOnlyList<RateWindow> windows, TimeSpan longestWait, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(windows);
        cancellation.ThrowIfCancellationRequested();
        var entry = lanes.GetOrAdd(lane, _ => new Lane());
        lock (entry)
        {
            var now = time.GetUtcNow();
            var slot = entry.NextSlot(now, windows);
            var wait = slot - now;
            if (wait <= longestWait) entry.Take(slot, windows);
            return ValueTask.FromResult(wait);
        }
    }

    /// <inheritdoc/>
    public ValueTask HoldUntil(string lane, DateTimeOffset until, CancellationToken cancellation)
    {
        var entry = lanes.GetOrAdd(lane, _ => new Lane());
        lock (entry)
        {
            if (until > entry.HeldUntil) entry.HeldUntil = until;
        }

        return ValueTask.CompletedTask;
    }

    sealed class Lane
    {
        readonly List<DateTimeOffset> taken = [];

        public DateTimeOffset HeldUntil { get; set; } = DateTimeOffset.MinValue;

        public DateTimeOffset NextSlot(DateTimeOffset now, IReadOnlyList<RateWindow> windows)
        {
            var slot = now > HeldUntil ? now : HeldUntil;
            foreach (var window in windows)
            {
                if (window.IsSpread && taken.Count > 0)
                    slot = Later(slot, taken[^1] + window.Period / window.Limit * SpreadMargin);
                if (taken.Count >= window.Limit)
                    slot = Later(slot, taken[^window.Limit] + window.Period);
            }

            return slot;
        }

        public void Take(DateTimeOffset slot, IReadOnlyList<RateWindow> windows)
        {
            taken.Add(slot);
            var kept = windows.Count == 0 ? 0 : windows.Max(w => w.Limit);
            // Trimmed in blocks, so that a long list is not moved for every call.
            if (taken.Count > 2 * kept + 16) taken.RemoveRange(0, taken.Count - kept);
        }

        static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    }
}
