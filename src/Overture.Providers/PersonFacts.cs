namespace Overture.Providers;

/// <summary>
/// What one provider says about a person. Everything may be absent; texts are as the provider gave them.
/// </summary>
public sealed record PersonFacts
{
    /// <summary>The provider's id of the person.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The whole name.</summary>
    public string? FullName { get; init; }

    /// <summary>First name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Family name; shortened or masked when <see cref="IsMasked"/>.</summary>
    public string? LastName { get; init; }

    /// <summary>Some of the facts are hidden until the person is enriched (costs credits).</summary>
    public bool IsMasked { get; init; }

    /// <summary>Job title.</summary>
    public string? Title { get; init; }

    /// <summary>The line below the name on a profile.</summary>
    public string? Headline { get; init; }

    /// <summary>Seniority in the provider's words ("executive", "c_suite", "cxo").</summary>
    public string? Seniority { get; init; }

    /// <summary>Department in the provider's words.</summary>
    public string? Department { get; init; }

    /// <summary>Addresses, the best one first.</summary>
    public IReadOnlyList<EmailFacts> Emails { get; init; } = [];

    /// <summary>Telephone numbers as written.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>Profile at LinkedIn, as a full https address.</summary>
    public string? LinkedInUrl { get; init; }

    /// <summary>Twitter profile or handle.</summary>
    public string? Twitter { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>State or region.</summary>
    public string? Region { get; init; }

    /// <summary>Country, name or code as given.</summary>
    public string? Country { get; init; }

    /// <summary>The present employer.</summary>
    public CompanyFacts? Company { get; init; }

    /// <summary>Positions held, newest first as given.</summary>
    public IReadOnlyList<PositionFacts> Positions { get; init; } = [];

    /// <summary>How sure the provider is that this is the right person, 0 to 1.</summary>
    public double? Confidence { get; init; }

    /// <summary>When the provider last looked, if it says so.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Further facts by name (custom fields).</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = NoFacts;

    internal static readonly IReadOnlyDictionary<string, string> NoFacts = new Dictionary<string, string>();
}

/// <summary>An e-mail address and what is said about it.</summary>
/// <param name="Address">The address as given.</param>
/// <param name="Kind">"work", "personal", "generic" or null.</param>
/// <param name="State">What the provider knows of its deliverability.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Sources">Pages where it was found.</param>
public sealed record EmailFacts(
    string Address, string? Kind = null, Deliverability State = Deliverability.Unknown,
    double? Confidence = null,
    IReadOnlyList<string>? Sources = null);

/// <summary>A position held.</summary>
public sealed record PositionFacts(
    string? Title, string? CompanyName, string? StartedOn, string? EndedOn, bool IsCurrent);

/// <summary>Whether mail to an address can be expected to arrive.</summary>
public enum Deliverability
{
    /// <summary>Nothing is known.</summary>
    Unknown,
    /// <summary>The mailbox exists.</summary>
    Valid,
    /// <summary>The domain accepts everything, or the answer is a guess.</summary>
    Risky,
    /// <summary>The mailbox does not exist.</summary>
    Invalid,
}

/// <summary>The result of checking an address.</summary>
/// <param name="Email">The address.</param>
/// <param name="State">The verdict.</param>
/// <param name="Said">The provider's own word for it.</param>
public sealed record EmailVerification(string Email, Deliverability State, string? Said)
{
    /// <summary>0 to 1.</summary>
    public double? Score { get; init; }

    /// <summary>The domain accepts every address.</summary>
    public bool? IsCatchAll { get; init; }

    /// <summary>A throw-away service.</summary>
    public bool? IsDisposable { get; init; }

    /// <summary>A public mail service.</summary>
    public bool? IsWebmail { get; init; }

    /// <summary>The domain has mail servers.</summary>
    public bool? HasMailServer { get; init; }
}
