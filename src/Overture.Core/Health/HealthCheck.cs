namespace Overture.Core.Health;

public enum HealthState
{
    Passed,
    Warn,
    Failed,
}

/// <summary>What a check saw, and what to do about it when it is not well.</summary>
public sealed record Finding(HealthState State, string Detail, string? Remedy = null)
{
    public static Finding Passed(string detail) => new(HealthState.Passed, detail);

    public static Finding Warn(string detail, string remedy) => new(HealthState.Warn, detail, remedy);

    public static Finding Failed(string detail, string remedy) => new(HealthState.Failed, detail, remedy);
}

/// <summary>One named thing that can be wrong. Shown by <c>overture doctor</c> and the health page.</summary>
public interface IHealthCheck
{
    /// <summary>Stable snake_case name, such as <c>database</c>.</summary>
    string Name { get; }

    Task<Finding> Look(CancellationToken cancel);
}

/// <summary>A check and what it found.</summary>
public sealed record HealthResult(string Name, Finding Finding);

/// <summary>Runs all checks; one that throws or hangs is a finding itself.</summary>
public sealed class Doctor(IEnumerable<IHealthCheck> checks, TimeProvider time)
{
    static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<HealthResult>> Examine(CancellationToken cancel)
    {
        var results = new List<HealthResult>();
        foreach (var check in checks) results.Add(new HealthResult(check.Name, await Look(check, cancel)));
        return results;
    }

    async Task<Finding> Look(IHealthCheck check, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(LongestLook, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return await check.Look(both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Finding.Failed(
                $"No answer within {LongestLook.TotalSeconds} s.", "Look at the log of this machine.");
        }
        catch (Npgsql.NpgsqlException error)
        {
            return Finding.Failed(
                $"{error.GetBaseException().Message}.", "Start PostgreSQL, or correct Overture__Database.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Finding.Failed(error.Message, "Read the message above, or run again with --debug.");
        }
    }
}
