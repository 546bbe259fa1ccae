namespace Overture.Core.Model;

/// <summary>The life of a pair in doubt; docs/states/duplicate.md draws it.</summary>
public enum DuplicateState
{
    Open,
    Merged,
    Apart,
}

public enum DuplicateKind
{
    Contact,
    Company,
}

/// <summary>Two records that may be one, to be decided by a person.</summary>
public sealed record PossibleDuplicate
{
    public long Id { get; init; }
    public DuplicateKind Kind { get; init; }
    public long FirstId { get; init; }
    public long SecondId { get; init; }
    public required string Reason { get; init; }
    public DuplicateState State { get; init; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>A pair as the review shows it.</summary>
public sealed record DuplicateRow
{
    public long Id { get; init; }
    public DuplicateKind Kind { get; init; }
    public long FirstId { get; init; }
    public long SecondId { get; init; }
    public long? FirstLeadId { get; init; }
    public long? SecondLeadId { get; init; }
    public string FirstName { get; init; } = "";
    public string SecondName { get; init; } = "";

    /// <summary>What tells the two apart: address, profile or domain.</summary>
    public string? FirstMark { get; init; }

    public string? SecondMark { get; init; }
    public string Reason { get; init; } = "";
    public DateTime CreatedAt { get; init; }

    /// <summary>What is known of the older one; it stays when they are merged.</summary>
    public DuplicateSide? First { get; init; }

    public DuplicateSide? Second { get; init; }
}

/// <summary>One of a pair, to be laid beside the other; what its kind does not have is null.</summary>
public sealed record DuplicateSide
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string? Title { get; init; }
    public string? Email { get; init; }
    public string? LinkedInUrl { get; init; }
    public string? Phone { get; init; }
    public string? CompanyName { get; init; }
    public string? Domain { get; init; }
    public string? Industry { get; init; }
    public int? EmployeeCount { get; init; }
    public string? Place { get; init; }
    public string Source { get; init; } = "";
    public DateTime CreatedAt { get; init; }
    public LeadState? State { get; init; }

    public long MessageCount { get; init; }
    public long ListCount { get; init; }
    public long PersonCount { get; init; }
}

/// <summary>A pair as it is found, before it is kept.</summary>
sealed record DoubtfulPair(DuplicateKind Kind, long FirstId, long SecondId, string Reason)
{
    public static DoubtfulPair OfCompanies(long one, long other) => new(
        DuplicateKind.Company, Math.Min(one, other), Math.Max(one, other),
        "The same name under two domains.");

    public static DoubtfulPair OfContacts(long one, long other, string reason) => new(
        DuplicateKind.Contact, Math.Min(one, other), Math.Max(one, other), reason);
}
