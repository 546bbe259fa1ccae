using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A paused, broken or never tested mailbox sends nothing.</summary>
sealed record MailboxWorks : SendingRule
{
    public override Blocker? Check(SendingSituation situation) => situation.Mailbox switch
    {
        { State: MailboxState.Broken } broken when !situation.Workspace.DryRun => new Blocker(
            "mailbox_broken", $"The mailbox {broken.Address} does not work: {broken.BrokenReason}",
            "Correct its settings and press Test on the mailboxes page."),
        { State: MailboxState.Paused } paused => new Blocker(
            "mailbox_paused",
            $"The mailbox {paused.Address} is paused: {Limits.Ended(paused.PausedReason ?? "by hand")}",
            "Press Resume on the mailboxes page."),
        { State: MailboxState.Untested, CanReachAServer: true } fresh when !situation.Workspace.DryRun =>
            new Blocker(
                "mailbox_untested",
                $"The mailbox {fresh.Address} has not been tested with its present settings.",
                "Press Test on the mailboxes page."),
        _ => null,
    };
}

/// <summary>Without a server nothing can leave, except into the captured mail of a dry run.</summary>
sealed record ServerKnown : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        situation.Workspace.DryRun || situation.Mailbox.CanReachAServer
            ? null
            : new Blocker(
                "mailbox_without_server", $"The mailbox {situation.Mailbox.Address} has no mail server yet.",
                "Enter its SMTP server on the mailboxes page, or switch dry run on.");
}

/// <summary>When the far side says that enough was sent, it is believed.</summary>
sealed record NotExhausted : SendingRule
{
    public override Blocker? Check(SendingSituation situation) =>
        !situation.Workspace.DryRun && situation.Mailbox.ExhaustedUntil is { } until && until > situation.Now
            ? new Blocker(
                "mailbox_exhausted",
                $"The mail server of {situation.Mailbox.Address} asked us to wait: "
                + Limits.Ended(situation.Mailbox.ExhaustedReason),
                "It is tried again by itself; press Test on the mailboxes page to try at once.", until)
            : null;
}
