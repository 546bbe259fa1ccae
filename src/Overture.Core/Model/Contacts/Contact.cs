namespace Overture.Core.Model;

/// <summary>
/// A person: one row per human, known by address, then LinkedIn profile, then name at a company.
/// </summary>
public sealed record Contact
{
    public long Id { get; init; }
    public long? CompanyId { get; init; }
    public required string FullName { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Title { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? LinkedInUrl { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? Country { get; init; }
    public string? TimeZone { get; init; }
    public string Source { get; init; } = "";
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}

/// <summary>One learned attribute of a contact or a company, with who said it and when.</summary>
public sealed record Fact(
    string Field, string Value, string Provider, float Confidence, DateTime ObservedAt,
    long? RawRecordId = null);
