namespace Overture.Core.Model;

/// <summary>Whether a conversation waits for us; docs/states/conversation.md draws it.</summary>
public enum ConversationState
{
    Open,
    Snoozed,
    Done,
}

/// <summary>What somebody who answered wants.</summary>
public enum ReplyIntent
{
    Positive,
    Neutral,
    Question,
    Referral,
    Negative,
    Refusal,
    WrongPerson,
    OutOfOffice,
}

/// <summary>What we and one person say to each other through one mailbox.</summary>
public sealed record Conversation
{
    public long Id { get; init; }
    public long MailboxId { get; init; }
    public string MailboxAddress { get; init; } = "";
    public required string Counterpart { get; init; }
    public string? Name { get; init; }
    public long? ContactId { get; init; }
    public long? LeadId { get; init; }
    public long? CampaignId { get; init; }
    public required string Subject { get; init; }
    public ConversationState State { get; init; }
    public DateTime? SnoozedUntil { get; init; }
    public long? AssignedTo { get; init; }
    public string? AssignedName { get; init; }
    public bool IsUnread { get; init; }
    public bool NeedsAnswer { get; init; }
    public ReplyIntent? Intent { get; init; }
    public float? IntentConfidence { get; init; }
    public string LastPreview { get; init; } = "";
    public DateTime LastReceivedAt { get; init; }
    public DateTime LastAt { get; init; }
}

/// <summary>One message that arrived, as it is kept.</summary>
public sealed record ReceivedMail
{
    public long Id { get; init; }
    public long MailboxId { get; init; }
    public required string Folder { get; init; }
    public long UidValidity { get; init; }
    public long Uid { get; init; }
    public required byte[] Identity { get; init; }

    /// <summary>The word of the kind, as in human, bounce or auto_reply.</summary>
    public required string Kind { get; init; }

    /// <summary>False for mail that has nothing to do with us: nothing of it is kept but its identity.</summary>
    public bool IsRelated { get; init; }

    public string? MatchedBy { get; init; }

    /// <summary>The Message-ID with its angle brackets.</summary>
    public string? MessageHeader { get; init; }

    public string? FromAddress { get; init; }
    public string? FromName { get; init; }
    public string? Subject { get; init; }
    public string? Words { get; init; }
    public byte[]? Content { get; init; }
    public long Size { get; init; }
    public bool IsCut { get; init; }
    public long? MessageId { get; init; }
    public long? EnrollmentId { get; init; }
    public long? ContactId { get; init; }
    public long? ConversationId { get; init; }
    public ReplyIntent? Intent { get; init; }
    public float? IntentConfidence { get; init; }
    public string? IntentWords { get; init; }
    public string? IntentBy { get; init; }
    public DateOnly? ReturnOn { get; init; }
    public string? Error { get; init; }
    public DateTime? WrittenAt { get; init; }
    public DateTime ReceivedAt { get; init; }
    public DateTime ReadAt { get; init; }
}
