namespace Overture.Core.Model;

/// <summary>The life of a question put to a paying service; docs/states/question.md draws it.</summary>
public enum QuestionState
{
    /// <summary>Being asked; written before the call leaves.</summary>
    Asking,

    /// <summary>Answered, and the answer is kept.</summary>
    Answered,

    /// <summary>The service knows nothing.</summary>
    Nothing,

    /// <summary>The person objected: never to be asked again.</summary>
    Blocked,

    /// <summary>Nobody heard the answer; it may have been paid, so it is not asked again by itself.</summary>
    Lost,
}

/// <summary>A question as it stands in the database.</summary>
sealed record Question
{
    public long Id { get; init; }
    public QuestionState State { get; init; }
    public bool IsAskerAlive { get; init; }
    public bool IsExpired { get; init; }
    public string? Answer { get; init; }
    public long? RawRecordId { get; init; }
    public DateTime? AnsweredAt { get; init; }
}
