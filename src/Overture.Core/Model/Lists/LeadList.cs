namespace Overture.Core.Model;

/// <summary>A fixed set of leads with a name.</summary>
public sealed record LeadList
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public long MemberCount { get; init; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>A filter with a name: a tab above the leads.</summary>
public sealed record SavedView
{
    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The part of the page's address after the question mark.</summary>
    public required string Query { get; init; }

    public string CreatedBy { get; init; } = "";
    public DateTime CreatedAt { get; init; }
}
