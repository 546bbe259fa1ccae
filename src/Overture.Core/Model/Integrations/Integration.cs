namespace Overture.Core.Model;

/// <summary>A workspace's account at an outside service, without its secret.</summary>
public sealed record Integration
{
    public required string Provider { get; init; }
    public bool IsEnabled { get; init; }
    public int Position { get; init; }

    /// <summary>The most to be spent per UTC day, in the provider's unit; null = no cap.</summary>
    public decimal? DailyBudget { get; init; }

    public decimal SpentToday { get; init; }
    public int CallsToday { get; init; }
    public required string ConnectedBy { get; init; }
    public DateTime ConnectedAt { get; init; }
    public DateTime? LastSuccessAt { get; init; }
    public DateTime? LastFailureAt { get; init; }
    public string? LastFailure { get; init; }
}

/// <summary>One attempt to call a service.</summary>
public sealed record ProviderCall
{
    public long Id { get; init; }
    public required string Provider { get; init; }
    public required string Operation { get; init; }
    public DateTime StartedAt { get; init; }
    public int DurationMs { get; init; }
    public int Attempt { get; init; }
    public int? HttpCode { get; init; }
    public required string Outcome { get; init; }
    public decimal Cost { get; init; }
    public int BodyBytes { get; init; }
}
