namespace Overture.Core.Model;

/// <summary>Whom to look for, where, and how often.</summary>
public sealed record Discovery
{
    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The rules as YAML; <see cref="DiscoveryRules"/> reads them.</summary>
    public required string Rules { get; init; }

    public required string[] Sources { get; init; }
    public int MostPerRun { get; init; }

    /// <summary>Searched again after so many days; null = only when asked.</summary>
    public int? EveryDays { get; init; }

    public DateTime? DueAt { get; init; }
    public DateTime? LastRunAt { get; init; }
    public string? Estimate { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTime CreatedAt { get; init; }
}

/// <summary>What a person enters.</summary>
public sealed record DiscoveryDraft(
    string Name, string Rules, IReadOnlyList<string> Sources, int MostPerRun = 100, int? EveryDays = null);

/// <summary>What one source said it has, and what looking costs.</summary>
public sealed record SourceEstimate(
    string Source, long? Matches, decimal CostOfRun, decimal CostPerLead, string Unit, string? Trouble);

/// <summary>The life of a proposal; docs/states/proposal.md draws it.</summary>
public enum ProposalState
{
    Proposed,
    Approved,
    Taken,
    Dismissed,
}

/// <summary>Somebody a source proposed.</summary>
public sealed record Proposal
{
    public long Id { get; init; }
    public long DiscoveryId { get; init; }
    public required string Source { get; init; }
    public required string ExternalId { get; init; }

    /// <summary>What was found, as JSON of <see cref="ProposalContent"/>.</summary>
    public required string Found { get; init; }

    public bool IsMasked { get; init; }
    public int? Fit { get; init; }
    public ProposalState State { get; init; }
    public long? RawRecordId { get; init; }
    public long? LeadId { get; init; }
    public string? Note { get; init; }
    public DateTime FoundAt { get; init; }

    public ProposalContent Content => ProposalContent.Read(Found);
}

/// <summary>A proposal in our own words, so that no page needs to know the sources.</summary>
public sealed record ProposalContent
{
    public string? FullName { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Title { get; init; }
    public string? Email { get; init; }
    public string? LinkedInUrl { get; init; }
    public string? Country { get; init; }
    public string? City { get; init; }
    public string? CompanyName { get; init; }
    public string? Domain { get; init; }
    public string? Industry { get; init; }
    public string? Description { get; init; }
    public long? EmployeeCount { get; init; }
    public string? EmployeeRange { get; init; }
    public string? ContactPage { get; init; }

    /// <summary>The weight that the web gives to the domain, 0 to 100.</summary>
    public int? Authority { get; init; }

    public IReadOnlyList<string> Addresses { get; init; } = [];

    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, Jobs.JobJson.Options);

    public static ProposalContent Read(string json) =>
        System.Text.Json.JsonSerializer.Deserialize<ProposalContent>(json, Jobs.JobJson.Options)
        ?? new ProposalContent();
}
