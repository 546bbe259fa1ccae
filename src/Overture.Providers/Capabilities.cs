using Overture.Providers.Outbound;

namespace Overture.Providers;

/// <summary>A configured outside service.</summary>
public interface IProvider
{
    /// <summary>The short name ("hunter").</summary>
    string Name { get; }

    /// <summary>A free call that shows whether the settings work.</summary>
    Task<ProviderResult<bool>> Test(CancellationToken cancellation = default);
}

/// <summary>Finds the address of a person of whom name and company are known.</summary>
public interface IEmailFinder : IProvider
{
    /// <summary>NotFound when no address is known.</summary>
    Task<ProviderResult<PersonFacts>> FindEmail(PersonQuery person, CancellationToken cancellation = default);
}

/// <summary>Checks whether an address exists.</summary>
public interface IEmailVerifier : IProvider
{
    /// <summary>Pending when the check takes longer; ask again.</summary>
    Task<ProviderResult<EmailVerification>> Verify(string email, CancellationToken cancellation = default);
}

/// <summary>Tells what is known about a person.</summary>
public interface IPersonEnricher : IProvider
{
    /// <summary>NotFound when nobody matches.</summary>
    Task<ProviderResult<PersonFacts>> EnrichPerson(
        PersonQuery person, CancellationToken cancellation = default);
}

/// <summary>Tells what is known about a company.</summary>
public interface ICompanyEnricher : IProvider
{
    /// <summary>NotFound when none matches.</summary>
    Task<ProviderResult<CompanyFacts>> EnrichCompany(
        CompanyQuery company, CancellationToken cancellation = default);
}

/// <summary>Searches people by what they do and where.</summary>
public interface IPeopleSearch : IProvider
{
    /// <summary>One page; an empty one when nobody fits.</summary>
    Task<ProviderResult<SearchPage<PersonFacts>>> SearchPeople(
        PeopleSearch search, CancellationToken cancellation = default);
}

/// <summary>Searches companies by what they are.</summary>
public interface ICompanySearch : IProvider
{
    /// <summary>One page; an empty one when none fits.</summary>
    Task<ProviderResult<SearchPage<CompanyFacts>>> SearchCompanies(
        CompanySearch search, CancellationToken cancellation = default);
}

/// <summary>A person to look up; give all that is known.</summary>
public sealed record PersonQuery
{
    /// <summary>The provider's own id, from a search.</summary>
    public string? ProviderId { get; init; }

    /// <summary>Address.</summary>
    public string? Email { get; init; }

    /// <summary>First name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Family name.</summary>
    public string? LastName { get; init; }

    /// <summary>The employer's name.</summary>
    public string? CompanyName { get; init; }

    /// <summary>The employer's domain; better than its name.</summary>
    public string? Domain { get; init; }

    /// <summary>Profile at LinkedIn.</summary>
    public string? LinkedInUrl { get; init; }
}

/// <summary>A company to look up; the domain is the best key.</summary>
public sealed record CompanyQuery
{
    /// <summary>The provider's own id, from a search.</summary>
    public string? ProviderId { get; init; }

    /// <summary>Domain.</summary>
    public string? Domain { get; init; }

    /// <summary>Name.</summary>
    public string? CompanyName { get; init; }

    /// <summary>Page at LinkedIn.</summary>
    public string? LinkedInUrl { get; init; }
}

/// <summary>Whom to search for; empty lists mean any.</summary>
public sealed record PeopleSearch
{
    /// <summary>Titles.</summary>
    public IReadOnlyList<string> Titles { get; init; } = [];

    /// <summary>Seniorities in the provider's words.</summary>
    public IReadOnlyList<string> Seniorities { get; init; } = [];

    /// <summary>Employers' domains.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Employers' ids at the provider.</summary>
    public IReadOnlyList<string> CompanyIds { get; init; } = [];

    /// <summary>Places or country codes.</summary>
    public IReadOnlyList<string> Locations { get; init; } = [];

    /// <summary>How many at once.</summary>
    public int Limit { get; init; } = 25;

    /// <summary>From the page before.</summary>
    public string? Next { get; init; }
}

/// <summary>Which companies to search for; empty lists mean any.</summary>
public sealed record CompanySearch
{
    /// <summary>Part of the name.</summary>
    public string? CompanyName { get; init; }

    /// <summary>Domains.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Keywords or categories, in the provider's words.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Places or country codes.</summary>
    public IReadOnlyList<string> Locations { get; init; } = [];

    /// <summary>Ranges of employees such as "11-50".</summary>
    public IReadOnlyList<string> EmployeeRanges { get; init; } = [];

    /// <summary>Only companies funded on this day or later.</summary>
    public DateOnly? FundedSince { get; init; }

    /// <summary>How many at once.</summary>
    public int Limit { get; init; } = 25;

    /// <summary>From the page before.</summary>
    public string? Next { get; init; }
}
