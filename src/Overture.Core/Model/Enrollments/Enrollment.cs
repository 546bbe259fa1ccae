namespace Overture.Core.Model;

/// <summary>The life of an enrollment; docs/states/enrollment.md draws it.</summary>
public enum EnrollmentState
{
    Active,
    Paused,
    Finished,
}

public enum FinishReason
{
    Completed,
    Replied,
    CompanyReplied,
    Bounced,
    Complained,
    Unsubscribed,
    Suppressed,
    Removed,
    Failed,
    Ended,
}

/// <summary>One contact moving through one sequence.</summary>
public sealed record Enrollment
{
    public long WorkspaceId { get; init; }
    public long Id { get; init; }
    public long CampaignId { get; init; }
    public long LeadId { get; init; }
    public long ContactId { get; init; }
    public EnrollmentState State { get; init; }
    public FinishReason? FinishReason { get; init; }

    /// <summary>The step that comes next; null when none is left.</summary>
    public long? NextStepId { get; init; }

    public DateTime? DueAt { get; init; }

    /// <summary>Since when it waits at a condition.</summary>
    public DateTime? WaitsSince { get; init; }

    /// <summary>Its number in the campaign, from which its wordings follow.</summary>
    public long Number { get; init; }

    /// <summary>How many touches were made.</summary>
    public int Touches { get; init; }

    public string? PausedReason { get; init; }
    public string? BlockedReason { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? FinishedAt { get; init; }
}
