namespace Overture.Core.Model;

/// <summary>Where evidence of a message's fate comes from.</summary>
public enum EvidenceSource
{
    SentFolder,
    Draft,
    Answer,
    Person,
}

public enum EvidenceResult
{
    Found,
    Absent,
    Unreadable,
}

/// <summary>
/// One look for a message whose fate was not known: what was searched, where, when, and what was seen.
/// </summary>
public sealed record SendEvidence
{
    public long Id { get; init; }
    public EvidenceSource Source { get; init; }
    public required string LookedAt { get; init; }
    public required string LookedFor { get; init; }
    public EvidenceResult Result { get; init; }
    public string? Detail { get; init; }
    public DateTime SeenAt { get; init; }
}

/// <summary>An uncertain attempt that is being searched for.</summary>
public sealed record Verification
{
    public long WorkspaceId { get; init; }
    public long AttemptId { get; init; }
    public long IntentId { get; init; }
    public long MailboxId { get; init; }
    public int SearchCount { get; init; }
    public DateTime? FirstSearchAt { get; init; }

    /// <summary>The draft that was to be sent, where the provider keeps one.</summary>
    public string? DraftId { get; init; }
}

/// <summary>A message of which nobody knows yet whether it arrived.</summary>
public sealed record UncertainMessage
{
    public long Id { get; init; }
    public string? ToAddress { get; init; }
    public string Subject { get; init; } = "";
    public string? Reason { get; init; }
    public DateTime Since { get; init; }

    /// <summary>True while it is looked for by itself; otherwise a person has to decide.</summary>
    public bool IsSearchedFor { get; init; }
}
