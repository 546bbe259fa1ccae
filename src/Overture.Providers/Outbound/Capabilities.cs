namespace Overture.Providers.Outbound;

/// <summary>
/// Hands out slots in time so that the rate windows hold. One instance per process; an implementation over a
/// database makes them hold across nodes.
/// </summary>
public interface IRateLimit
{
    /// <summary>
    /// Reserves the next free slot and says how long to wait for it. When the wait would be longer than
    /// <paramref name="longestWait"/> nothing is reserved.
    /// </summary>
    ValueTask<TimeSpan> Reserve(
        string lane, IReadOnlyList<RateWindow> windows, TimeSpan longestWait, CancellationToken cancellation);

    /// <summary>No slot before this instant: the service asked for peace.</summary>
    ValueTask HoldUntil(string lane, DateTimeOffset until, CancellationToken cancellation);
}

/// <summary>Keeps what each service has cost today (UTC).</summary>
public interface IBudget
{
    /// <summary>
    /// Sets the cost aside; false when it would exceed the cap, and then nothing is set aside.
    /// </summary>
    ValueTask<bool> TryReserve(
        string provider, decimal cost, decimal? dailyCap, CancellationToken cancellation);

    /// <summary>Corrects a reservation to what the call really cost.</summary>
    ValueTask Settle(string provider, decimal reserved, decimal real, CancellationToken cancellation);
}

/// <summary>Keeps failing services in peace; one state per service, by the profile's name.</summary>
public interface IBreakers
{
    /// <summary>Asks for leave to call; null = go, otherwise how long calls are still refused.</summary>
    ValueTask<TimeSpan?> Refusal(ProviderProfile profile, CancellationToken cancellation);

    /// <summary>The service answered sensibly, even if with a refusal.</summary>
    ValueTask Succeeded(ProviderProfile profile, CancellationToken cancellation);

    /// <summary>The service failed.</summary>
    ValueTask Failed(ProviderProfile profile, CancellationToken cancellation);

    /// <summary>The call was given up without an outcome; a probe may be made again.</summary>
    ValueTask Abandoned(ProviderProfile profile);
}

/// <summary>Takes a note of every attempt made.</summary>
public interface ICallLog
{
    /// <summary>Records one attempt. It holds no key, no address and no body.</summary>
    ValueTask Record(CallRecord call, CancellationToken cancellation);
}

/// <summary>One attempt: when, how long, how much, how it ended.</summary>
/// <param name="Provider">The service's short name.</param>
/// <param name="Operation">The call's name.</param>
/// <param name="StartedAt">When the attempt began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Attempt">1 for the first try.</param>
/// <param name="HttpCode">The HTTP code; null when none came.</param>
/// <param name="Outcome">"ok" or the failure's code.</param>
/// <param name="Cost">What it cost, in the provider's unit.</param>
/// <param name="BodyBytes">Bytes received, unpacked.</param>
public sealed record CallRecord(
    string Provider, string Operation, DateTimeOffset StartedAt, TimeSpan Duration, int Attempt,
    int? HttpCode,
    string Outcome, decimal Cost, int BodyBytes);

/// <summary>A call log that keeps nothing.</summary>
public sealed class NoCallLog : ICallLog
{
    /// <inheritdoc/>
    public ValueTask Record(CallRecord call, CancellationToken cancellation) => ValueTask.CompletedTask;
}
