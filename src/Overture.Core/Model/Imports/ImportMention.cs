namespace Overture.Core.Model;

enum MentionKind
{
    Contact,
    Company,
}

/// <summary>What one batch of an import said about a person or company that was there already.</summary>
sealed record ImportMention
{
    /// <summary>Later ones have higher numbers; 0 before it is kept.</summary>
    public long Id { get; init; }

    public long ImportId { get; init; }

    /// <summary>The number of the batch.</summary>
    public int Number { get; init; }

    public long RecordId { get; init; }

    public long? Line { get; init; }

    /// <summary>JSON: column to value before and after where it was changed, else to what was said.</summary>
    public required string Said { get; init; }

    public bool HasChanged { get; init; }

    public string RuleWord { get; init; } = "fill_blanks";

    public string FileName { get; init; } = "";

    public DuplicateRule Rule => Import.RuleOf(RuleWord);
}
