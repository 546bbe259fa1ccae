namespace Overture.Providers;

/// <summary>What one provider says about a company. Everything may be absent.</summary>
public sealed record CompanyFacts
{
    /// <summary>The provider's id of the company.</summary>
    public string? ProviderId { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>The domain without "www.", lower case.</summary>
    public string? Domain { get; init; }

    /// <summary>Web site as given.</summary>
    public string? Website { get; init; }

    /// <summary>Description.</summary>
    public string? Description { get; init; }

    /// <summary>Industry in the provider's words.</summary>
    public string? Industry { get; init; }

    /// <summary>Keywords, categories, tags.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Employees; null when only a range is known.</summary>
    public long? EmployeeCount { get; init; }

    /// <summary>A range of employees such as "11-50" or "10001+".</summary>
    public string? EmployeeRange { get; init; }

    /// <summary>Yearly revenue in US dollars.</summary>
    public decimal? Revenue { get; init; }

    /// <summary>A range of revenue in the provider's words.</summary>
    public string? RevenueRange { get; init; }

    /// <summary>Year of foundation.</summary>
    public int? FoundedYear { get; init; }

    /// <summary>Money raised in all, US dollars.</summary>
    public decimal? TotalFunding { get; init; }

    /// <summary>"Series A", "seed" … as given.</summary>
    public string? LastFundingStage { get; init; }

    /// <summary>Date of the last round.</summary>
    public DateOnly? LastFundedOn { get; init; }

    /// <summary>Technologies in use.</summary>
    public IReadOnlyList<string> Technologies { get; init; } = [];

    /// <summary>Telephone as written.</summary>
    public string? Phone { get; init; }

    /// <summary>Page at LinkedIn, as a full https address.</summary>
    public string? LinkedInUrl { get; init; }

    /// <summary>Twitter page or handle.</summary>
    public string? Twitter { get; init; }

    /// <summary>Street.</summary>
    public string? Street { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>State or region.</summary>
    public string? Region { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Country, name or code as given.</summary>
    public string? Country { get; init; }

    /// <summary>Stock symbol.</summary>
    public string? Ticker { get; init; }

    /// <summary>"{first}.{last}": how addresses are built there.</summary>
    public string? EmailPattern { get; init; }

    /// <summary>The domain accepts every address.</summary>
    public bool? IsCatchAll { get; init; }

    /// <summary>Further facts by name (custom fields).</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = PersonFacts.NoFacts;
}

/// <summary>One page of a search.</summary>
/// <param name="Items">What was found.</param>
/// <param name="Total">How many there are in all; null when unknown.</param>
/// <param name="Next">Give it to the next call; null at the end.</param>
public sealed record SearchPage<T>(IReadOnlyList<T> Items, long? Total, string? Next);

/// <summary>The answer to one question of a batch, in the order asked.</summary>
/// <param name="Question">What was asked, if the provider repeats it.</param>
/// <param name="Found">The provider's id; null when nothing matched.</param>
public sealed record Match(IReadOnlyDictionary<string, string> Question, string? Found);

/// <summary>What is left of an account's allowance.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Used">Used in this period, by kind.</param>
/// <param name="Available">Allowed or left in this period, by kind.</param>
/// <param name="ResetOn">When the period ends.</param>
public sealed record Allowance(
    string? Plan, IReadOnlyDictionary<string, decimal> Used, IReadOnlyDictionary<string, decimal> Available,
    DateOnly? ResetOn);
