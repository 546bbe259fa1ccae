using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a source found: a company, a person, or both, and what it says of them.</summary>
public sealed record CollectedLead
{
    public Company? Company { get; init; }
    public Contact? Contact { get; init; }
    public required string Source { get; init; }

    /// <summary>Where in the source: the filing, the file and row, the seed.</summary>
    public string? Detail { get; init; }

    public long? RawRecordId { get; init; }
    public IReadOnlyList<Fact> CompanyFacts { get; init; } = [];
    public IReadOnlyList<Fact> ContactFacts { get; init; } = [];
}

public enum IntakeEffect
{
    None,
    Added,
    Updated,
    Unchanged,
}

/// <summary>What one collected lead did to the database.</summary>
public sealed record IntakeResult(
    IntakeEffect Company, IntakeEffect Contact, IntakeEffect Lead, string? Suppression, long? LeadId);
