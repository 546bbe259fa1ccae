namespace Overture.Providers.Outbound;

/// <summary>
/// The one way out: every call to an outside service goes through here and gets its rate limit, retries,
/// circuit breaker, budget, size and time limits, address check and record. One instance per process.
/// </summary>
/// <remarks>
/// A call goes through budget, breaker and rate limit before each attempt. Failures are values; only
/// cancellation and bugs throw.
/// </remarks>
public sealed class OutboundHttp : IDisposable
{
    readonly OutboundWire wire;
    readonly IRateLimit rateLimit;
    readonly IBreakers breakers;
    readonly IBudget budget;
    readonly ICallLog log;
    readonly Random random;
    readonly Lock randomGate;
    readonly bool ownsWire;

    /// <summary>The way out itself.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="rateLimit">Slots in time.</param>
    /// <param name="breakers">Which services are left in peace.</param>
    /// <param name="budget">Daily spending.</param>
    /// <param name="log">Takes note of every attempt.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads retries.</param>
    public OutboundHttp(
        OutboundOptions options, IRateLimit rateLimit, IBreakers breakers, IBudget budget, ICallLog log,
        TimeProvider time, Random random)
    {
        (wire, ownsWire) = (new OutboundWire(options, time), true);
        (this.rateLimit, this.breakers, this.budget, this.log) = (rateLimit, breakers, budget, log);
        (Time, this.random, randomGate) = (time, random, new Lock());
    }

    OutboundHttp(OutboundHttp shared, IBudget budget, ICallLog log)
    {
        (wire, rateLimit, breakers) = (shared.wire, shared.rateLimit, shared.breakers);
        (Time, random, randomGate) = (shared.Time, shared.random, shared.randomGate);
        (this.budget, this.log) = (budget, log);
    }

    /// <summary>The clock, for those who call through here.</summary>
    public TimeProvider Time { get; }

    /// <summary>
    /// The same way out on somebody's account: connections, pace and breakers are shared, spending and call
    /// records are theirs.
    /// </summary>
    public OutboundHttp For(IBudget account, ICallLog records) => new(this, account, records);

    /// <summary>
    /// Makes the call, again where that is allowed and useful, and gives the judged answer.
    /// </summary>
    public Task<ProviderResult<Answer>> Send(
        ProviderProfile profile, ProviderRequest request, CancellationToken cancellation = default) =>
        Ask(profile, request, answer => answer, cancellation);

    /// <summary>
    /// Makes the call and reads the answer. One that cannot be read (<see cref="MalformedAnswerException"/>)
    /// is a failure of the service like any other; reading null means that nothing was found.
    /// </summary>
    public async Task<ProviderResult<T>> Ask<T>(
        ProviderProfile profile, ProviderRequest request, Func<Answer, T?> read,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(read);
        var lane = request.Credential is { } key ? $"{profile.Name}:{key.Fingerprint}" : profile.Name;
        for (var attempt = 1; ; attempt++)
        {
            var (value, answer, failure) = await Attempt(profile, request, lane, read, attempt, cancellation);
            if (failure is null) return new(value!, answer);
            if (failure.RetryAfter is { } hold && failure.Kind == FailureKind.RateLimited
                && answer is not null)
                await rateLimit.HoldUntil(lane, Time.GetUtcNow() + hold, cancellation);
            if (Pause(profile, request, failure, attempt) is not { } pause) return new(failure, answer);
            await Task.Delay(pause, Time, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (ownsWire) wire.Dispose();
    }

    async Task<(T?, Answer?, ProviderFailure?)> Attempt<T>(
        ProviderProfile profile, ProviderRequest request, string lane, Func<Answer, T?> read, int attempt,
        CancellationToken cancellation)
    {
        if (await breakers.Refusal(profile, cancellation) is { } left)
            return (default, null, Failure(profile, request, FailureKind.CircuitOpen)
                with { RetryAfter = left });
        var isSettled = false;
        try
        {
            var wait = await rateLimit.Reserve(lane, profile.Windows, profile.LongestPause, cancellation);
            if (wait > profile.LongestPause)
                return (default, null, Failure(profile, request, FailureKind.RateLimited)
                    with { RetryAfter = wait });
            if (wait > TimeSpan.Zero) await Task.Delay(wait, Time, cancellation);
            if (!await budget.TryReserve(profile.Name, request.Cost, profile.DailyBudget, cancellation))
                return (default, null, Failure(profile, request, FailureKind.BudgetSpent));

            var startedAt = Time.GetUtcNow();
            var (answer, failure) = await wire.Exchange(profile, request, cancellation);
            var value = default(T);
            if (failure is null) (value, failure) = Read(profile, answer!, read);
            isSettled = true;
            if (IsTheServicesFault(failure)) await breakers.Failed(profile, cancellation);
            else await breakers.Succeeded(profile, cancellation);
            var cost = CostOf(request, answer, failure);
            if (cost != request.Cost) await budget.Settle(profile.Name, request.Cost, cost, cancellation);
            await log.Record(
                new CallRecord(
                    profile.Name, request.Operation, startedAt, Time.GetUtcNow() - startedAt, attempt,
                    answer?.HttpCode, failure?.Code ?? "ok", cost, answer?.Body.Length ?? 0), cancellation);
            return (value, answer, failure);
        }
        finally
        {
            if (!isSettled) await breakers.Abandoned(profile);
        }
    }

    static (T?, ProviderFailure?) Read<T>(ProviderProfile profile, Answer answer, Func<Answer, T?> read)
    {
        try
        {
            return read(answer) is { } value
                ? (value, null)
                : (default, HttpVerdict.As(profile.Name, FailureKind.NotFound, answer, "no match"));
        }
        catch (MalformedAnswerException malformed)
        {
            return (default, HttpVerdict.As(profile.Name, FailureKind.Malformed, answer, malformed.Message));
        }
    }

    // A call whose fate is unknown may have been billed, so its reservation stays.
    static decimal CostOf(ProviderRequest request, Answer? answer, ProviderFailure? failure) => failure switch
    {
        null => request.CostOf?.Invoke(answer!) ?? request.Cost,
        { NeverArrived: true } => 0,
        { HttpCode: null, Kind: FailureKind.Timeout or FailureKind.Unavailable or FailureKind.TooLarge } =>
            request.Cost,
        { HttpCode: >= 200 and < 300, Kind: FailureKind.Malformed } => request.Cost,
        { HttpCode: >= 200 and < 300, Kind: FailureKind.NotFound } =>
            request.CostOf?.Invoke(answer!) ?? request.Cost,
        _ => 0,
    };

    TimeSpan? Pause(ProviderProfile profile, ProviderRequest request, ProviderFailure failure, int attempt)
    {
        if (attempt >= profile.MaxAttempts) return null;
        var mayRepeat = failure.Kind switch
        {
            FailureKind.RateLimited => failure.HttpCode is not null,
            FailureKind.Unavailable or FailureKind.Timeout => request.IsRepeatable
                && (!failure.IsFateUnknown || request.Cost == 0 || !profile.IsBilled),
            _ => false,
        };
        if (!mayRepeat) return null;
        if (failure.RetryAfter is { } asked) return asked <= profile.LongestPause
            ? asked + Jitter(profile, 1)
            : null;
        return Jitter(profile, attempt);
    }

    TimeSpan Jitter(ProviderProfile profile, int attempt)
    {
        var ceiling = profile.FirstPause * Math.Pow(2, attempt - 1);
        if (ceiling > profile.LongestPause) ceiling = profile.LongestPause;
        lock (randomGate) return ceiling * random.NextDouble();
    }

    static bool IsTheServicesFault(ProviderFailure? failure) =>
        failure?.Kind is FailureKind.Unavailable or FailureKind.Timeout or FailureKind.Malformed
            or FailureKind.TooLarge or FailureKind.Untrusted;

    static ProviderFailure Failure(ProviderProfile profile, ProviderRequest request, FailureKind kind) =>
        new(profile.Name, kind, "") { Address = request.Address };
}
