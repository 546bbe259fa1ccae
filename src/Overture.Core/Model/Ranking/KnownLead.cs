namespace Overture.Core.Model;

/// <summary>A lead and everything that is known of it, as the view stg_leads shows it.</summary>
public sealed record KnownLead
{
    public long LeadId { get; init; }
    public LeadState State { get; init; }
    public required string FullName { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? RankedAt { get; init; }
    public decimal? Score { get; init; }
    public string? Title { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? CompanyName { get; init; }
    public string? CompanyDomain { get; init; }
    public string? Industry { get; init; }
    public string? Description { get; init; }
    public int? EmployeeCount { get; init; }
    public int? FoundedYear { get; init; }
    public DateOnly? RaisedOn { get; init; }
    public decimal? RaisedUsd { get; init; }

    /// <summary>
    /// A JSON list of {field, value, at}: what providers said of the person and the company.
    /// </summary>
    public required string Facts { get; init; }
}
