namespace Overture.Core.Model;

public enum EnrichmentMode
{
    Offline,
    Off,
}

/// <summary>One team's world: its people, its campaigns, and the switches that hold sending back.</summary>
public sealed record Workspace
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required string TimeZone { get; init; }
    public required bool DryRun { get; init; }
    public required EnrichmentMode EnrichmentMode { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }
    public string? StoppedBy { get; init; }
    public string? StopReason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why this instance sends nothing until a person looked; null in ordinary life.</summary>
    public string? QuarantineReason { get; init; }

    /// <summary>
    /// Since when what is sent cannot be written down, so that nothing is sent; null in ordinary life.
    /// </summary>
    public DateTimeOffset? UnrecordedSince { get; init; }

    /// <summary>What the database says about it.</summary>
    public string? UnrecordedReason { get; init; }

    public bool IsStopped => StoppedAt is not null;
}
