using System.Collections.Concurrent;

namespace Overture.Providers.Outbound;

/// <summary>The circuit breakers of one process, one per service.</summary>
/// <param name="time">The clock.</param>
public sealed class ProcessBreakers(TimeProvider time) : IBreakers
{
    readonly ConcurrentDictionary<string, CircuitBreaker> breakers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<TimeSpan?> Refusal(ProviderProfile profile, CancellationToken cancellation) =>
        ValueTask.FromResult(Of(profile).Refusal());

    /// <inheritdoc/>
    public ValueTask Succeeded(ProviderProfile profile, CancellationToken cancellation)
    {
        Of(profile).Succeeded();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask Failed(ProviderProfile profile, CancellationToken cancellation)
    {
        Of(profile).Failed();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask Abandoned(ProviderProfile profile)
    {
        Of(profile).Abandoned();
        return ValueTask.CompletedTask;
    }

    /// <summary>The breaker of a service.</summary>
    public CircuitBreaker Of(ProviderProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return breakers.GetOrAdd(
            profile.Name, _ => new CircuitBreaker(profile.BreakerThreshold, profile.BreakerRest, time));
    }
}
