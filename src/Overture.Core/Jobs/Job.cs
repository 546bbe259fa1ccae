using System.Text.Json;

namespace Overture.Core.Jobs;

/// <summary>The life of a job; docs/states/job.md draws it.</summary>
public enum JobState
{
    Available,
    Scheduled,
    Running,
    Retryable,
    Completed,
    Cancelled,
    Discarded,
}

/// <summary>One long action: what was asked, how far it is, and how it ended.</summary>
public sealed record Job
{
    public required long WorkspaceId { get; init; }
    public required long Id { get; init; }
    public required string Kind { get; init; }
    public required short Priority { get; init; }
    public required JobState State { get; init; }
    public required string Parameters { get; init; }
    public string? Checkpoint { get; init; }
    public long ProgressDone { get; init; }
    public long? ProgressTotal { get; init; }
    public string? ProgressNote { get; init; }
    public string? Result { get; init; }
    public string? Error { get; init; }
    public int Attempt { get; init; }
    public int MaxAttempts { get; init; }
    public required string CreatedBy { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime RunAt { get; init; }
    public DateTime? StartedAt { get; init; }
    public DateTime? FinishedAt { get; init; }
    public DateTime? CancelRequestedAt { get; init; }
    public long Fence { get; init; }

    public bool IsFinished => State is JobState.Completed or JobState.Cancelled or JobState.Discarded;

    public T ParametersAs<T>() =>
        JsonSerializer.Deserialize<T>(Parameters, JobJson.Options)
        ?? throw new InvalidOperationException($"Job {Id} ({Kind}) has no parameters.");
}

/// <summary>How much is to do: since when the first of those that are due waits.</summary>
public sealed record JobBacklog
{
    public long Waiting { get; init; }
    public DateTime? OldestAt { get; init; }
    public long Running { get; init; }
    public long Discarded { get; init; }
}

/// <summary>How a run of a job ended, as a value.</summary>
public abstract record JobOutcome
{
    JobOutcome()
    {
    }

    /// <summary>Done; the result is kept as JSON.</summary>
    public sealed record Completed(object Result) : JobOutcome;

    /// <summary>
    /// Something temporary was in the way: run again after the delay, while attempts are left.
    /// </summary>
    public sealed record Retry(string Reason, TimeSpan After) : JobOutcome;

    /// <summary>It will never work as asked; the reason tells the user what to change.</summary>
    public sealed record GiveUp(string Reason) : JobOutcome;
}

/// <summary>A kind of job. Its name is stored in rows, so it never changes; the type's name may.</summary>
public interface IJobKind
{
    string Kind { get; }

    Task<JobOutcome> Run(JobRun run, CancellationToken cancel);
}

/// <summary>Job rows speak the same JSON as the REST API: snake case, enums as words.</summary>
public static class JobJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters =
            { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
