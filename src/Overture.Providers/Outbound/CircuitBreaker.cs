namespace Overture.Providers.Outbound;

/// <summary>
/// Leaves a failing service in peace. Closed until a number of failures in a row, then open for a rest that
/// doubles; after the rest one call is let through, and its outcome closes or re-opens the circuit.
/// </summary>
/// <param name="threshold">Failures in a row that open it.</param>
/// <param name="rest">The first rest.</param>
/// <param name="time">The clock.</param>
public sealed class CircuitBreaker(int threshold, TimeSpan rest, TimeProvider time)
{
    const int LongestRestFactor = 16;

    readonly Lock gate = new();
    int failures;
    int factor = 1;
    bool isProbing;
    DateTimeOffset? openUntil;

    /// <summary>True while calls are refused or a probe is under way.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate) return openUntil is not null;
        }
    }

    /// <summary>Asks for leave to call; null = go, otherwise how long calls are still refused.</summary>
    public TimeSpan? Refusal()
    {
        lock (gate)
        {
            if (openUntil is not { } until) return null;
            var left = until - time.GetUtcNow();
            if (left > TimeSpan.Zero) return left;
            if (isProbing) return rest;
            isProbing = true;
            return null;
        }
    }

    /// <summary>The service answered sensibly, even if with a refusal.</summary>
    public void Succeeded()
    {
        lock (gate) (failures, factor, isProbing, openUntil) = (0, 1, false, null);
    }

    /// <summary>The call was given up without an outcome; a probe may be made again.</summary>
    public void Abandoned()
    {
        lock (gate) isProbing = false;
    }

    /// <summary>The service failed.</summary>
    public void Failed()
    {
        lock (gate)
        {
            failures++;
            if (openUntil is not null) factor = Math.Min(factor * 2, LongestRestFactor);
            else if (failures < threshold) return;
            isProbing = false;
            openUntil = time.GetUtcNow() + rest * factor;
        }
    }
}
