namespace Overture.Providers.Outbound;

/// <summary>At most <paramref name="Limit"/> calls in any <paramref name="Period"/>.</summary>
/// <param name="Limit">Calls.</param>
/// <param name="Period">The window's length.</param>
/// <param name="IsSpread">
/// Spread the calls evenly instead of letting a burst through, so that delays on the way cannot push the
/// far side's count over the limit.
/// </param>
public sealed record RateWindow(int Limit, TimeSpan Period, bool IsSpread = false);

/// <summary>How one outside service is to be treated by the outbound pipeline.</summary>
/// <param name="Name">The short name ("hunter").</param>
/// <param name="Windows">The rate windows kept, all at once, per key.</param>
public sealed record ProviderProfile(string Name, IReadOnlyList<RateWindow> Windows)
{
    /// <summary>
    /// Turns an answer into a failure, or null when it can be used. It knows the service's own meaning of the
    /// codes and its own rate headers.
    /// </summary>
    public Func<Answer, ProviderFailure?> Judge { get; init; } = answer => HttpVerdict.Of(Name, answer);

    /// <summary>
    /// A call's cost is money or credits, so one whose fate is unknown is not made again by itself. False
    /// where the cost only counts calls.
    /// </summary>
    public bool IsBilled { get; init; } = true;

    /// <summary>Attempts per call, the first included.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>
    /// The first pause before a retry; later ones double. The real pause is random below it.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause a call waits inside; a longer one is handed back as a failure.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Connection, headers and body of one attempt.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest body in bytes, after unpacking.</summary>
    public int MaxBodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Failed attempts in a row after which the circuit opens.</summary>
    public int BreakerThreshold { get; init; } = 8;

    /// <summary>
    /// How long an open circuit stays open at first; it doubles up to sixteen times as long.
    /// </summary>
    public TimeSpan BreakerRest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most that may be spent per UTC day, in the provider's unit; null = no cap.</summary>
    public decimal? DailyBudget { get; init; }
}
