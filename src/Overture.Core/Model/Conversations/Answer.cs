namespace Overture.Core.Model;

/// <summary>The life of what a person writes back; docs/states/answer.md draws it.</summary>
public enum AnswerState
{
    Planned,
    Claimed,
    Submitting,
    Sent,
    Captured,
    Failed,
    Uncertain,
    Cancelled,
}

/// <summary>What a person of ours writes back in a conversation.</summary>
public sealed record Answer
{
    public long WorkspaceId { get; init; }
    public long Id { get; init; }
    public long ConversationId { get; init; }
    public long MailboxId { get; init; }
    public long? ReceivedId { get; init; }
    public AnswerState State { get; init; }
    public required string ToAddress { get; init; }
    public required string Subject { get; init; }
    public required string Body { get; init; }

    /// <summary>The Message-ID with its angle brackets; the same on any re-send.</summary>
    public required string MessageHeader { get; init; }

    public required string ReferenceToken { get; init; }

    /// <summary>Until then it can be taken back.</summary>
    public DateTime DueAt { get; init; }

    /// <summary>Grows with every claim; whoever acts with an older one touches nothing.</summary>
    public long Fence { get; init; }

    public int AttemptCount { get; init; }
    public string? Response { get; init; }
    public required string CreatedBy { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? FinishedAt { get; init; }
}
