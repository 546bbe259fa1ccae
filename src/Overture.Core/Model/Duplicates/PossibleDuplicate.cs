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
