namespace Overture.Core.Model;

/// <summary>An organisation, known by its domain; by CIK or name where it has none.</summary>
public sealed record Company
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public string? Domain { get; init; }
    public string? Website { get; init; }
    public string? LinkedInUrl { get; init; }
    public string? Industry { get; init; }
    public string? Description { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? City { get; init; }
    public string? Phone { get; init; }
    public int? EmployeeCount { get; init; }
    public int? FoundedYear { get; init; }
    public string? Cik { get; init; }
    public decimal? RaisedUsd { get; init; }
    public DateOnly? RaisedOn { get; init; }
    public string Source { get; init; } = "";
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}
