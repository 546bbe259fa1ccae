using System.Globalization;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>The lines of the checklist, each from what it looks at.</summary>
static class LaunchLines
{
    public static CheckLine Audience(
        long campaign, long matching, long people, long suppressed, long withoutAddress, long enrolled)
    {
        var page = $"/campaigns/{campaign}/edit";
        if (people == 0 && enrolled > 0)
            return new CheckLine(
                "audience", "Audience", CheckState.Green,
                Say($"{enrolled:N0} are enrolled, and nobody else fits now. ")
                + "Who fits later is enrolled once ranked, unless another campaign writes to them.", null,
                page);
        if (people == 0 && matching > 0)
            return new CheckLine(
                "audience", "Audience", CheckState.Amber,
                Say($"{Many(matching, "lead matches", "leads match")}, and none can be enrolled yet."),
                "They are enrolled by themselves once they are ranked and in no other campaign.", page);
        var left = people - suppressed - withoutAddress;
        var counted = people >= ReviewCampaign.MostCounted
            ? Say($"{people:N0} or more") : Say($"{people:N0}");
        var sentence =
            $"{counted} people; {Say($"{suppressed:N0}")} of them are suppressed and stay unwritten, "
            + $"{Say($"{withoutAddress:N0}")} have no address.";
        return left <= 0
            ? new CheckLine(
                "audience", "Audience", CheckState.Red, sentence,
                "Widen the audience, or collect and rank leads.", page)
            : new CheckLine(
                "audience", "Audience", withoutAddress > 0 ? CheckState.Amber : CheckState.Green, sentence,
                withoutAddress > 0 ? "Enrich them, or leave them to other channels." : null, page);
    }

    public static CheckLine Texts(long campaign, IReadOnlyList<Step> steps)
    {
        var touches = steps.Where(step => step.IsTouch).ToList();
        return touches.Count == 0 || touches.Any(step => step.Variants.Count == 0)
            ? new CheckLine(
                "texts", "Sequence", CheckState.Red, "A step has no text yet.", "Write it.",
                $"/campaigns/{campaign}/edit")
            : new CheckLine(
                "texts", "Sequence", CheckState.Green,
                Say($"{Many(touches.Count, "touch", "touches")}, all with a text."), null,
                $"/campaigns/{campaign}/edit");
    }

    public static CheckLine MergeFields(long campaign, (int Count, string? Reason) unresolved, int looked) =>
        new(
            "merge_fields", "Merge fields",
            looked == 0 || unresolved.Count == 0 ? CheckState.Green
                : unresolved.Count == looked ? CheckState.Red : CheckState.Amber,
            looked == 0 ? "There is nobody to look at."
                : unresolved.Count == 0
                ? Say($"Every field has a value for the first {looked:N0} people.")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{unresolved.Count:N0} of the first {looked:N0} people cannot be written to: "
                    + $"{unresolved.Reason}"),
            unresolved.Count == 0 ? null : "Give the text a fallback, or complete the leads.",
            $"/campaigns/{campaign}/edit");

    public static IEnumerable<CheckLine> Mailboxes(
        long campaign, Workspace workspace, IReadOnlyList<Mailbox> senders)
    {
        if (senders.Count == 0)
            yield return new CheckLine(
                "mailbox", "Mailbox", CheckState.Red, "The campaign has no mailbox to send from.",
                "Choose one.", $"/campaigns/{campaign}/edit");
        foreach (var box in senders) yield return Mailbox(workspace, box);
    }

    static CheckLine Mailbox(Workspace workspace, Mailbox box)
    {
        var serious = workspace.DryRun ? CheckState.Amber : CheckState.Red;
        var (state, sentence, remedy) = box switch
        {
            { State: MailboxState.Broken } => (serious, $"{box.Address} does not work: {box.BrokenReason}",
                "Correct its settings and test it."),
            { State: MailboxState.Paused } => (CheckState.Red,
                $"{box.Address} is paused: {box.PausedReason ?? "by hand"}.", "Resume it."),
            { CanReachAServer: false } => (serious, $"{box.Address} has no mail server.",
                "Enter its SMTP server."),
            { State: MailboxState.Untested } => (serious,
                $"{box.Address} has not been tested with its present settings.", "Test it."),
            _ => (CheckState.Green, $"{box.Address} is connected"
                + (box.TestedAt is { } at ? Say($"; tested {at:yyyy-MM-dd HH:mm} UTC.") : "."),
                (string?)null),
        };
        return new CheckLine("mailbox", "Mailbox", state, sentence, remedy, "/mailboxes");
    }

    public static CheckLine Domain(
        Workspace workspace, string domain, (string Domain, DateTime CheckedAt, DateTime? FailingSince) known,
        DateTime now)
    {
        var (state, sentence, remedy) = known switch
        {
            { Domain: null } =>
                (CheckState.Amber, $"The DNS records of {domain} have not been looked at yet.",
                    "Check them on the deliverability page."),
            { FailingSince: { } since } when now - since > DomainKeepsTheRules.Grace && !workspace.DryRun =>
                (CheckState.Red,
                    Say($"{domain} has failed its DNS checks since {since:yyyy-MM-dd HH:mm} UTC."),
                    "Publish the records shown on the deliverability page."),
            { FailingSince: { } since } => (CheckState.Amber,
                Say($"{domain} fails its DNS checks since {since:yyyy-MM-dd HH:mm} UTC."),
                "Publish the records shown on the deliverability page."),
            _ => (CheckState.Green,
                Say($"{domain} passed its DNS checks; looked at {known.CheckedAt:yyyy-MM-dd HH:mm} UTC."),
                (string?)null),
        };
        return new CheckLine("dns", "DNS records", state, sentence, remedy, "/deliverability");
    }

    /// <summary>RFC 8058 asks for https; a link to this computer reaches nobody.</summary>
    public static CheckLine Unsubscribe(Uri publicUrl) =>
        publicUrl.Scheme == Uri.UriSchemeHttps && !publicUrl.IsLoopback
            ? new CheckLine(
                "unsubscribe", "Unsubscribe", CheckState.Green,
                $"Every message carries a link and one-click unsubscribe at {publicUrl.Host}.")
            : new CheckLine(
                "unsubscribe", "Unsubscribe", CheckState.Amber,
                $"The unsubscribe link leads to {publicUrl}, which recipients cannot reach or receivers do "
                + "not honour.", "Set Overture__PublicUrl to this instance's https address.");

    public static CheckLine PostalAddress(Workspace workspace, IReadOnlyList<Mailbox> senders) =>
        senders.FirstOrDefault(box => string.IsNullOrWhiteSpace(box.PostalAddress)) is { } without
            ? new CheckLine(
                "postal_address", "Postal address", workspace.DryRun ? CheckState.Amber : CheckState.Red,
                $"{without.Address} has no postal address.",
                "Enter one: many laws ask for it at the end of every message.",
                $"/mailboxes/{without.Id}/edit")
            : new CheckLine(
                "postal_address", "Postal address", CheckState.Green, "It ends every message.");

    public static CheckLine Wordings(long campaign, IReadOnlyList<Step> steps)
    {
        var tests = steps.Where(step => step.Variants.Count(text => text.Weight > 0) > 1).ToList();
        if (tests.Count == 0)
            return new CheckLine(
                "wordings", "Wordings", CheckState.Green, "One wording for each step; nothing is compared.");
        var lopsided = tests.FirstOrDefault(step =>
            step.Variants.Where(text => text.Weight > 0).Select(text => text.Weight).Distinct().Count() > 1);
        var page = $"/campaigns/{campaign}/edit";
        return lopsided is null
            ? new CheckLine(
                "wordings", "Wordings", CheckState.Green,
                Say($"{Many(tests.Count, "step compares", "steps compare")} wordings, evenly shared."), null,
                page)
            : new CheckLine(
                "wordings", "Wordings", CheckState.Amber,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Step {lopsided.Position} shares its wordings {Shares(lopsided)}; "
                    + $"the smaller one needs longer to tell anything."),
                "Share them evenly unless you mean it.", page);
    }

    public static CheckLine Schedule(IReadOnlyList<Mailbox> senders, long placed, long people)
    {
        if (senders.FirstOrDefault(box => box.WorkingDays.Length == 0) is { } idle)
            return new CheckLine(
                "schedule", "Schedule", CheckState.Red, $"{idle.Address} has no working day.",
                "Choose working days.", $"/mailboxes/{idle.Id}/edit");
        var hours = string.Join(
            "; ", senders.Select(box => Say($"{box.WindowOpens:HH:mm}–{box.WindowCloses:HH:mm}")).Distinct());
        return senders.Any(box => box.WindowZone == WindowZone.Recipient)
            ? new CheckLine(
                "schedule", "Schedule", CheckState.Green,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{hours} in the recipient's time zone. {placed:N0} of {people:N0} people have a zone "
                    + $"or a country of their own; for the others the ending of their address, then the "
                    + $"mailbox's zone counts."))
            : new CheckLine(
                "schedule", "Schedule", CheckState.Green,
                $"{hours} in {string.Join(", ", senders.Select(box => box.TimeZone).Distinct())}.");
    }

    public static CheckLine Capacity(Forecast forecast, long people) =>
        forecast.CapacityNow == 0
            ? new CheckLine(
                "capacity", "Capacity", CheckState.Red, "No sender has room in the next seven days.",
                "Raise its limits or add a mailbox.", "/mailboxes")
            : new CheckLine(
                "capacity", "Capacity", forecast.IsComplete ? CheckState.Green : CheckState.Amber,
                forecast.Total == 0
                    ? Say($"{forecast.CapacityNow:N0} a day at first; there is nothing to send.")
                : forecast is { IsComplete: true, LastDay: { } last }
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{forecast.CapacityNow:N0} a day at first, {forecast.CapacityAtFull:N0} at full "
                        + $"limits: {forecast.Total:N0} messages are through on {last:yyyy-MM-dd}.")
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{forecast.CapacityNow:N0} a day at first, {forecast.CapacityAtFull:N0} at full "
                        + $"limits: a year is not enough for {people:N0} people."),
                forecast.IsComplete ? null : "Add mailboxes, or narrow the audience.", "/mailboxes");

    public static CheckLine DryRun(Workspace workspace) =>
        workspace.IsStopped
            ? new CheckLine(
                "switches", "Switches", CheckState.Red,
                $"Sending was stopped by {workspace.StoppedBy}: {workspace.StopReason}",
                "Resume it in the bar on top of every page.")
            : new CheckLine(
                "switches", "Switches", CheckState.Green,
                workspace.DryRun ? "Dry run: everything is captured, nothing reaches anybody."
                    : "Messages reach real people.", null, "/settings");

    static string Shares(Step step) => string.Join(
        " : ", step.Variants.Where(text => text.Weight > 0).Select(text => text.Weight));

    static string Many(long count, string one, string more) => Say($"{count:N0} {(count == 1 ? one : more)}");

    static string Say(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
