using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// A database that was restored or copied may not know what has left since; it sends nothing until a person
/// has looked.
/// </summary>
sealed record NotInQuarantine : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.Workspace is { DryRun: false, QuarantineReason: { } reason }
            ? new Blocker(
                "instance_in_quarantine",
                $"Nothing is sent until a person confirms it: {Limits.Ended(reason)}",
                "Look whether this is the instance that should send, then press Release in the bar on top of "
                + "every page, or run: overture sending release")
            : null;
}

/// <summary>Nothing leaves a workspace whose sending was stopped.</summary>
sealed record NotStopped : SendingRule
{
    public override Blocker? Check(SendingSituation situation) => situation.Workspace.StoppedAt is { } at
        ? new Blocker(
            "sending_stopped",
            $"Sending was stopped by {situation.Workspace.StoppedBy} at {at:yyyy-MM-dd HH:mm} UTC: "
            + Limits.Ended(situation.Workspace.StopReason), "Press Resume in the bar on top of every page.")
        : null;
}

/// <summary>A paused or archived campaign sends nothing.</summary>
sealed record CampaignRuns : SendingRule
{
    public override Blocker? Check(SendingSituation situation) => situation.Campaign switch
    {
        null or { State: CampaignState.Running } => null,
        { State: CampaignState.Draft } => new Blocker(
            "campaign_draft", "The campaign has not been started.", "Press Start on the campaign's page."),
        { State: CampaignState.Paused, PausedReason: var reason } => new Blocker(
            "campaign_paused", $"The campaign is paused: {Limits.Ended(reason ?? "by hand")}",
            "Press Resume on the campaign's page."),
        _ => new Blocker("campaign_archived", "The campaign is archived.", "Duplicate it to send again."),
    };
}

/// <summary>An enrollment that ended (reply, unsubscribe, bounce) gets nothing more.</summary>
sealed record EnrollmentActive : SendingRule
{
    public override Blocker? Check(SendingSituation situation) => situation.Enrollment switch
    {
        null or { State: EnrollmentState.Active } => null,
        { State: EnrollmentState.Paused } => new Blocker(
            "enrollment_paused", "This contact is paused.", "Resume the contact on the campaign's page."),
        var ended => new Blocker(
            "enrollment_finished", $"The sequence ended for this contact: {ended.FinishReason}.",
            "Nothing to do."),
    };
}

/// <summary>Whoever is on the suppression list is never contacted.</summary>
sealed record NotSuppressed : SendingRule
{
    public override Blocker? Check(SendingSituation situation) => situation.Suppression is { } reason
        ? new Blocker(
            "suppressed", $"The address is suppressed ({reason.Replace('_', ' ')}).",
            "Nothing to do: it stays unwritten.")
        : null;
}
