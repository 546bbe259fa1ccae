using System.Text.Json.Serialization;

namespace Overture.Core.Model;

/// <summary>The life of a campaign; docs/states/campaign.md draws it.</summary>
public enum CampaignState
{
    Draft,
    Running,
    Paused,
    Ended,
    Archived,
}

public enum Channel
{
    Email,
    LinkedIn,
}

/// <summary>What is done about a message of which nobody knows whether it arrived.</summary>
public enum OnUncertain
{
    Hold,
    AssumeSent,
    ResendAfterApproval,
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

    /// <summary>A <see cref="LeadFilter"/> as JSON; outside it is told as what it is.</summary>
    [JsonIgnore]
    public string Audience { get; init; } = "{}";

    /// <summary>The named audience it takes instead of its own; null when it has its own.</summary>
    public long? SegmentId { get; init; }

    public bool StopOnReply { get; init; } = true;
    public bool StopOnCompanyReply { get; init; } = true;

    /// <summary>Also for a bounce that may pass; one for good always ends the sequence.</summary>
    public bool StopOnBounce { get; init; }


    /// <summary>It may write to somebody whom another campaign writes to at the same time.</summary>
    public bool AllowsOverlap { get; init; }

    /// <summary>How many may be enrolled on one day of the mailbox's zone; null has no limit.</summary>
    public int? NewPerDayLimit { get; init; }

    public OnUncertain OnUncertain { get; init; } = OnUncertain.AssumeSent;

    /// <summary>Every email waits until a person has approved its text.</summary>
    public bool ApprovesEach { get; init; }

    /// <summary>No more than so many are enrolled; null enrolls the whole audience.</summary>
    public int? PilotSize { get; init; }

    public DateTime CreatedAt { get; init; }
    public DateTime? StartedAt { get; init; }
    public DateTime? EndedAt { get; init; }

    public bool CanStart => State is CampaignState.Draft or CampaignState.Paused;

    public bool CanPause => State is CampaignState.Running;

    public bool CanEnd => State is CampaignState.Running or CampaignState.Paused;

    public bool CanArchive => State is CampaignState.Draft or CampaignState.Paused or CampaignState.Ended;

    public bool CanEdit => State is not (CampaignState.Ended or CampaignState.Archived);

    public bool IsPilot => PilotSize is not null;
}
