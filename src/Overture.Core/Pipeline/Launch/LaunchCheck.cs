namespace Overture.Core.Pipeline;

/// <summary>How one line of the checklist stands.</summary>
public enum CheckState
{
    Green,
    Amber,
    Red,
}

/// <summary>One line of the checklist: what was looked at, what is so, what to do and where.</summary>
public sealed record CheckLine(
    string Code, string Name, CheckState State, string Sentence, string? Remedy = null, string? Page = null);

/// <summary>Everything to look at before a campaign is launched.</summary>
public sealed record LaunchReview
{
    public required long CampaignId { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<CheckLine> Lines { get; init; }
    public required Forecast Forecast { get; init; }

    /// <summary>People who would be enrolled, and how many of the audience never may be written to.</summary>
    public required long Audience { get; init; }

    public required long Suppressed { get; init; }

    /// <summary>A red line stops the launch.</summary>
    public bool CanLaunch => Lines.All(line => line.State != CheckState.Red);
}
