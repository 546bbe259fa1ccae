namespace Overture.Core.Model;

/// <summary>The life of the right to send one step once; docs/states/send-intent.md draws it.</summary>
public enum IntentState
{
    Planned,
    Claimed,
    Submitting,
    Accepted,
    Captured,
    Rejected,
    Uncertain,
    Assumed,
    Cancelled,
}

/// <summary>The right to send one step to one enrollment, once.</summary>
public sealed record SendIntent
{
    public long WorkspaceId { get; init; }
    public long Id { get; init; }
    public long EnrollmentId { get; init; }
    public long StepId { get; init; }
    public long MessageId { get; init; }
    public long MailboxId { get; init; }
    public IntentState State { get; init; }
    public DateTime DueAt { get; init; }

    /// <summary>Grows with every claim; whoever acts with an older one touches nothing.</summary>
    public long Fence { get; init; }

    public int AttemptCount { get; init; }
    public string? Reason { get; init; }
    public DateTime UpdatedAt { get; init; }
}
