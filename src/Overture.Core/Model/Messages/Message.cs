namespace Overture.Core.Model;

/// <summary>The life of a message; docs/states/message.md draws it.</summary>
public enum MessageState
{
    Draft,
    Approved,
    Scheduled,
    Sending,
    Sent,
    Failed,
    Cancelled,
}

/// <summary>One text we wrote to one contact.</summary>
public sealed record Message
{
    public long Id { get; init; }
    public long EnrollmentId { get; init; }
    public long StepId { get; init; }
    public long VariantId { get; init; }
    public long ContactId { get; init; }
    public Channel Channel { get; init; }
    public MessageState State { get; init; }
    public string? ToAddress { get; init; }
    public string Subject { get; init; } = "";
    public string Body { get; init; } = "";
    public int WordCount { get; init; }
    public required string MessageId { get; init; }
    public required string ReferenceToken { get; init; }
    public string? Error { get; init; }
    public DateTime ComposedAt { get; init; }
    public DateTime? SentAt { get; init; }
}
