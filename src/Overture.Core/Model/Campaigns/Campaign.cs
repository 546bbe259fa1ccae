namespace Overture.Core.Model;

/// <summary>The life of a campaign; docs/states/campaign.md draws it.</summary>
public enum CampaignState
{
    Draft,
    Running,
    Paused,
    Archived,
}

public enum Channel
{
    Email,
    LinkedIn,
}

/// <summary>A goal, an audience, a sequence and a sender.</summary>
public sealed record Campaign
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public string Goal { get; init; } = "";
    public CampaignState State { get; init; }
    public string? PausedReason { get; init; }
    public long? MailboxId { get; init; }

    /// <summary>A <see cref="LeadFilter"/> as JSON.</summary>
    public string Audience { get; init; } = "{}";

    public DateTime CreatedAt { get; init; }
    public DateTime? StartedAt { get; init; }

    public bool CanStart => State is CampaignState.Draft or CampaignState.Paused;

    public bool CanPause => State is CampaignState.Running;

    public bool CanArchive => State is CampaignState.Draft or CampaignState.Paused;

    public bool CanEdit => State is not CampaignState.Archived;
}

/// <summary>
/// One planned touch of a sequence: which channel, how long after the one before, in which words.
/// </summary>
public sealed record Step
{
    public long Id { get; init; }
    public int Position { get; init; }
    public Channel Channel { get; init; }
    public int DelayDays { get; init; }
    public IReadOnlyList<Variant> Variants { get; init; } = [];
}

/// <summary>One wording of a step.</summary>
public sealed record Variant
{
    public long Id { get; init; }
    public long StepId { get; init; }
    public required string Name { get; init; }
    public string Subject { get; init; } = "";
    public required string Body { get; init; }
}
