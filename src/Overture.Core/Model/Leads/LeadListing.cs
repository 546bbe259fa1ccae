namespace Overture.Core.Model;

/// <summary>
/// How the leads of one batch are listed: columns of equal length, and the facets among them.
/// </summary>
sealed record LeadListing
{
    public required long[] Contacts { get; init; }
    public required string[] NameKeys { get; init; }
    public required string?[] CompanyKeys { get; init; }
    public required string[] Words { get; init; }
    public required string[] Industries { get; init; }
    public required string[] Countries { get; init; }
    public required string Source { get; init; }
}
