namespace Overture.Core.Model;

/// <summary>Which database this is and in which of its lives, as the database itself says.</summary>
public sealed record InstanceRow
{
    public required string SystemIdentifier { get; init; }
    public int Epoch { get; init; }
    public DateTime AliveAt { get; init; }
    public DateTime? QuarantinedAt { get; init; }
    public string? QuarantineReason { get; init; }
    public DateTime? ReleasedAt { get; init; }
    public string? ReleasedBy { get; init; }

    /// <summary>Since when what is sent cannot be written down; nothing is sent meanwhile.</summary>
    public DateTime? UnrecordedSince { get; init; }

    public string? UnrecordedReason { get; init; }
}

/// <summary>
/// The same, as this installation last saw it; kept in a file outside the database, so that a restored or
/// copied database is found out.
/// </summary>
public sealed record InstanceWitness(string SystemIdentifier, int Epoch, DateTime AliveAt);
