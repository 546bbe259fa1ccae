namespace Overture.Ranking;

/// <summary>
/// Everything ranking may know about one lead, as facts of one moment. Null, or an empty list where noted,
/// means unknown; nothing here is ever guessed. The same record feeds the score, training and serving.
/// </summary>
public sealed record LeadFacts
{
    /// <summary>Job title, as the person writes it.</summary>
    public string? Title { get; init; }

    /// <summary>ISO 3166 two-letter code or the country's English name.</summary>
    public string? Country { get; init; }

    /// <summary>State, province or city, as written.</summary>
    public string? Region { get; init; }

    /// <summary>The LinkedIn profile, or what is known of it.</summary>
    public ProfileFacts? Profile { get; init; }

    /// <summary>The employer.</summary>
    public CompanyFacts? Company { get; init; }

    /// <summary>Free words known of the lead from elsewhere; searched for keywords.</summary>
    public string? Notes { get; init; }

    /// <summary>Dated signals; null = nobody looked, empty = looked and found none.</summary>
    public IReadOnlyList<SignalFact>? Signals { get; init; }
}

/// <summary>What is known of the employer.</summary>
public sealed record CompanyFacts
{
    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>Internet domain, lower case.</summary>
    public string? Domain { get; init; }

    /// <summary>Industry in words.</summary>
    public string? Industry { get; init; }

    /// <summary>Number of employees.</summary>
    public int? EmployeeCount { get; init; }

    /// <summary>Year of foundation.</summary>
    public int? FoundedYear { get; init; }

    /// <summary>Day of the latest funding round.</summary>
    public DateOnly? FundedOn { get; init; }

    /// <summary>Amount of the latest round, US dollars.</summary>
    public decimal? FundingUsd { get; init; }

    /// <summary>Free words on what the company does; searched for keywords.</summary>
    public string? Description { get; init; }
}

/// <summary>A dated fact that suggests need: kind ("hiring", "funding", "new_role") and day.</summary>
public sealed record SignalFact(string Kind, DateOnly SeenOn);

/// <summary>A LinkedIn profile as the parser reads it; null and empty mean absent.</summary>
public sealed record ProfileFacts
{
    /// <summary>1, 2 or 3; null out of the network or unknown.</summary>
    public int? ConnectionDegree { get; init; }

    /// <summary>The line under the name.</summary>
    public string? Headline { get; init; }

    /// <summary>The About text.</summary>
    public string? Summary { get; init; }

    /// <summary>Location as the person writes it.</summary>
    public string? LocationName { get; init; }

    /// <summary>Location LinkedIn derived, without the country.</summary>
    public string? GeoName { get; init; }

    /// <summary>Industry of the person.</summary>
    public string? Industry { get; init; }

    /// <summary>Work history, any order.</summary>
    public IReadOnlyList<PositionFacts> Positions { get; init; } = [];

    /// <summary>Schools, any order.</summary>
    public IReadOnlyList<EducationFacts> Educations { get; init; } = [];

    /// <summary>
    /// Only titles, employers and times of the positions were asked for: what else is empty is unknown.
    /// </summary>
    public bool IsWorkHistoryOnly { get; init; }
}

/// <summary>One position. An end of null means the person still holds it.</summary>
public sealed record PositionFacts(
    string? Title, string? CompanyName, string? Location, string? Description, YearMonth? Start,
    YearMonth? End);

/// <summary>One school.</summary>
public sealed record EducationFacts(string? School, string? Degree, string? Field);

/// <summary>A month as profiles give it: the month itself is often missing.</summary>
public sealed record YearMonth(int Year, int? Month = null);
