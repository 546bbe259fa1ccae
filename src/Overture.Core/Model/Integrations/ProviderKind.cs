namespace Overture.Core.Model;

/// <summary>A part of a credential: its name, its label, and whether it must never be shown.</summary>
public sealed record CredentialField(string Name, string Label, bool IsSecret = true, string? Hint = null);

/// <summary>What a service can be asked in the waterfall.</summary>
public static class FieldSet
{
    public const string Company = "company";
    public const string Email = "email";
    public const string Person = "person";
    public const string Verification = "verification";

    /// <summary>In the order in which a lead needs them: a company's domain helps to find an address.</summary>
    public static IReadOnlyList<string> All { get; } = [Company, Email, Person, Verification];
}

/// <summary>An outside service a workspace can be connected to.</summary>
/// <param name="Name">The short name, as the adapters have it.</param>
/// <param name="Title">The name people know.</param>
/// <param name="Gives">What it is for, in one sentence.</param>
/// <param name="Without">What works while it is not connected.</param>
/// <param name="Unit">What its calls cost: credits, calls or dollars.</param>
/// <param name="Fields">What to enter.</param>
/// <param name="Answers">The field sets it can be asked for, best first.</param>
public sealed record ProviderKind(
    string Name, string Title, string Gives, string Without, string Unit,
    IReadOnlyList<CredentialField> Fields, IReadOnlyList<string> Answers)
{
    const string NoKey = "Leads are enriched by the offline rules; the other services are asked.";
    static readonly CredentialField[] Key = [new("api_key", "API key")];

    /// <summary>A word of warning shown wherever the service is; null for most.</summary>
    public string? Notice { get; init; }

    /// <summary>Whether leads or companies can be searched there.</summary>
    public bool CanDiscover { get; init; }

    /// <summary>THE table of services, in the order in which they are asked at first.</summary>
    public static IReadOnlyList<ProviderKind> All { get; } =
    [
        new("hunter", "Hunter", "Finds addresses at a domain, checks them, and knows people and companies.",
            NoKey, "credits", Key,
            [FieldSet.Email, FieldSet.Verification, FieldSet.Person, FieldSet.Company]),
        new("people_data_labs", "People Data Labs", "Knows people and companies; no match is free.", NoKey,
            "credits", Key, [FieldSet.Person, FieldSet.Email, FieldSet.Company]),
        new("apollo", "Apollo", "Searches people and companies; reveals addresses for credits.", NoKey,
            "credits", Key, [FieldSet.Email, FieldSet.Person, FieldSet.Company]) { CanDiscover = true },
        new("explorium", "Explorium", "Searches people and companies; firmographics and addresses.", NoKey,
            "credits", Key, [FieldSet.Company, FieldSet.Email]) { CanDiscover = true },
        new("crunchbase", "Crunchbase", "Companies and their funding rounds.",
            "Funding is read from SEC filings and imported files.", "calls",
            [new("user_key", "User key")], [FieldSet.Company]) { CanDiscover = true },
        new("clearbit", "Clearbit", "People and companies, for those who still have a contract.", NoKey,
            "lookups", Key, [FieldSet.Company, FieldSet.Person])
        {
            Notice = "Closed to new customers since 2023. Hunter's enrichment has the same fields.",
        },
        new("dataforseo", "DataForSEO", "Search results, whose sites are then visited for contact addresses.",
            "Companies come from the other sources.", "dollars",
            [new("login", "Login", IsSecret: false), new("api_password", "API password")], [])
        {
            CanDiscover = true,
        },
        new("hubspot", "HubSpot", "Brings contacts and companies over.",
            "A CSV export of HubSpot can be imported.", "calls",
            [new("access_token", "Service key or access token")], []),
        new("lemlist", "lemlist", "Brings leads and unsubscribes over.",
            "A CSV export of lemlist can be imported.", "calls", Key, []),
        new("sec_edgar", "SEC EDGAR", "New Form D filings: who raised money, and who signed.",
            "Collections use the identity of the configuration, if there is one.", "calls",
            [new("user_agent", "Who you are", IsSecret: false,
                "Organisation and contact address, such as AcmeCo admin@acme.example. The SEC asks for it.")],
            []),
        new("crawler", "Site visits", "Reads contact pages of company sites, as robots.txt allows.",
            "No sites are visited.", "pages",
            [new("contact", "Contact", IsSecret: false,
                "A web page or address where site owners find out who visits.")],
            []),
    ];

    /// <exception cref="RuleBroken">There is no such service.</exception>
    public static ProviderKind Of(string name) =>
        Find(name) ?? throw new RuleBroken(
            "unknown_provider",
            $"There is no provider “{name}”; there are {string.Join(", ", All.Select(kind => kind.Name))}.",
            "provider");

    public static ProviderKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
