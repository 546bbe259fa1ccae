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
    public required string Kind { get; init; }
    public required string Title { get; init; }
    public TaskState State { get; init; }
    public DateOnly? DueOn { get; init; }
    public DateTime CreatedAt { get; init; }
}
