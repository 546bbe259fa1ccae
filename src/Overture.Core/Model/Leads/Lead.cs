namespace Overture.Core.Model;

/// <summary>The life of a lead; docs/states/lead.md draws it.</summary>
public enum LeadState
{
    New,
    Enriched,
    Ranked,
    Accepted,
    Rejected,
    Enrolled,
    Closed,
}

/// <summary>Our pursuit of one contact.</summary>
public sealed record Lead
{
    public long Id { get; init; }
    public long ContactId { get; init; }
    public long? CompanyId { get; init; }
    public LeadState State { get; init; }
    public string? RejectReason { get; init; }
    public string? CloseReason { get; init; }
    public required string Source { get; init; }
    public string? SourceDetail { get; init; }
    public decimal? Score { get; init; }
    public string? ScoreReasons { get; init; }
    public string? RankMode { get; init; }
    public DateTime? EnrichedAt { get; init; }
    public DateTime? RankedAt { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }

    /// <summary>File and line; null for who came another way.</summary>
    internal string? ImportedFrom => Source == "import" ? SourceDetail : null;
}

/// <summary>A lead as a line of a table.</summary>
public sealed record LeadRow
{
    public long Id { get; init; }
    public required string FullName { get; init; }
    public string? Title { get; init; }
    public string? Email { get; init; }
    public string? LinkedInUrl { get; init; }
    public long? CompanyId { get; init; }
    public string? CompanyName { get; init; }
    public string? CompanyDomain { get; init; }
    public string? Industry { get; init; }
    public string? Country { get; init; }
    public LeadState State { get; init; }
    public decimal? Score { get; init; }
    public required string Source { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }

    /// <summary>What the row is sorted by; a cursor carries it on.</summary>
    internal string? NameKey { get; init; }

    internal string? CompanyKey { get; init; }
}

/// <summary>Everything the lead page shows.</summary>
public sealed record LeadDetail(
    Lead Lead, Contact Contact, Company? Company, IReadOnlyList<Fact> Facts,
    IReadOnlyList<ActivityEntry> Timeline, string? Suppression, LeadQuality Quality);
