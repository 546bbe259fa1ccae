namespace Overture.Providers.Outbound;

/// <summary>The daily spending of one process, kept in memory.</summary>
/// <param name="time">The clock; days are UTC.</param>
public sealed class ProcessBudget(TimeProvider time) : IBudget
{
    readonly Lock gate = new();
    readonly Dictionary<string, (DateOnly Day, decimal Spent)> spending = new(StringComparer.Ordinal);

    /// <summary>Spent today, reservations included.</summary>
    public decimal SpentToday(string provider)
    {
        lock (gate) return Today(provider);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryReserve(
        string provider, decimal cost, decimal? dailyCap, CancellationToken cancellation)
    {
        lock (gate)
        {
            var spent = Today(provider);
            if (spent + cost > dailyCap) return ValueTask.FromResult(false);
            spending[provider] = (Day(), spent + cost);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask Settle(string provider, decimal reserved, decimal real, CancellationToken cancellation)
    {
        lock (gate) spending[provider] = (Day(), Math.Max(0, Today(provider) - reserved + real));
        return ValueTask.CompletedTask;
    }

    decimal Today(string provider) =>
        spending.TryGetValue(provider, out var entry) && entry.Day == Day() ? entry.Spent : 0;

    DateOnly Day() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
