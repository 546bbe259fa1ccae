namespace Overture.Core.Model;

/// <summary>A lead that was touched, what came of it, and the features it had on that day.</summary>
public sealed record TrainingExample
{
    public long LeadId { get; init; }
    public DateTime ContactedAt { get; init; }
    public required string Answer { get; init; }
    public DateTime? AnsweredAt { get; init; }
    public bool? IsYes { get; init; }
    public DateTime? KnownAt { get; init; }
    public float[]? Features { get; init; }
}

/// <summary>How many leads gave one kind of answer, and whether such an answer is an example.</summary>
public sealed record AnswerCount(string Answer, bool? IsYes, long Count);
