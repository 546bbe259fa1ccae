using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// The pace of every key, kept by the database, so that all nodes together stay below the far side's limit.
/// </summary>
public sealed class DatabaseRateLimit(Database database, TimeProvider time) : IRateLimit
{
    // Evenly spread calls keep more distance than asked: nodes and the far side's count are not in step.
    const double SpreadMargin = 1.3;

    public async ValueTask<TimeSpan> Reserve(
        string lane, IReadOnlyList<RateWindow> windows, TimeSpan longestWait, CancellationToken cancellation)
    {
        if (windows.Count == 0) return TimeSpan.Zero;
        return await database.InInstance(
            session => OutboundStore.ReserveSlot(
                session, lane, [.. windows.Select(window => window.Limit)],
                [.. windows.Select(window => window.Period)], [.. windows.Select(Gap)], longestWait,
                cancellation),
            cancellation);
    }

    public async ValueTask HoldUntil(string lane, DateTimeOffset until, CancellationToken cancellation)
    {
        // The far side speaks of a span from now on; only the database's clock is common to all nodes.
        var rest = until - time.GetUtcNow();
        if (rest <= TimeSpan.Zero) return;
        await database.InInstance(
            session => OutboundStore.HoldLane(session, lane, rest, cancellation), cancellation);
    }

    static TimeSpan? Gap(RateWindow window) =>
        window.IsSpread ? window.Period / window.Limit * SpreadMargin : null;
}
