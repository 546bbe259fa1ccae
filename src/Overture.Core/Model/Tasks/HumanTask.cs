namespace Overture.Core.Model;

public enum TaskState
{
    Open,
    Done,
    Dismissed,
}

/// <summary>A to-do for a human.</summary>
public sealed record HumanTask
{
    public long Id { get; init; }
    public long? LeadId { get; init; }
    public long? EnrollmentId { get; init; }
    public long? MessageId { get; init; }

    /// <summary>The step that asks for it; doing the task moves its enrollment on.</summary>
    public long? StepId { get; init; }

    public required string Kind { get; init; }
    public required string Title { get; init; }

    /// <summary>The text to send, or what to say.</summary>
    public string Body { get; init; } = "";

    /// <summary>Where it is done: a profile, or a number to call.</summary>
    public string? Link { get; init; }

    public TaskState State { get; init; }
    public DateOnly? DueOn { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? FinishedAt { get; init; }
    public string? FinishedBy { get; init; }
}
