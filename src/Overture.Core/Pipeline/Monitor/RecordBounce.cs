using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail.Inbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// A delivery report came back. A failure for good suppresses the address; a passing one counts, and five in
/// a row suppress as well, and a campaign may end its sequence at the first; a delay is only told.
/// </summary>
static class RecordBounce
{
    const int MostSoftBounces = 5;

    public static async Task Run(
        Session session, MatchedMail inbound, DateTime now, CancellationToken cancel)
    {
        if (inbound.ContactId is { } contact) await ReceivedMailStore.HoldRunning(session, contact, cancel);
        var told = Told(inbound);
        await inbound.Keep(session, null, null, now, cancel);
        if (told is not { Action: "failed" })
        {
            await inbound.Tell(
                session, "deferred", new { detail = told?.Diagnostic ?? "Delayed", told?.Status }, now,
                cancel);
            await inbound.Note(session, "deferred", $"Delivery is delayed: {told?.Diagnostic}", now, cancel);
            return;
        }

        await inbound.Tell(
            session, "bounced",
            new { hard = told.Hard, reason = told.Reason, code = told.Status, detail = told.Diagnostic }, now,
            cancel);
        await inbound.Note(
            session, "bounced",
            $"{(told.Hard ? "Bounced for good" : "Bounced for now")} ({told.Reason}): {told.Diagnostic}", now,
            cancel);
        if (inbound.Sent.ToAddress is not { } address || inbound.Sent.EnrollmentId is not { } enrollment)
            return;
        if (told.Hard)
        {
            await EnrollmentStore.Finish(session, enrollment, FinishReason.Bounced, now, cancel);
            await Suppressions.AddTo(
                session, address, "hard_bounce", told.Diagnostic, "mail server", now, cancel);
        }
        else if (inbound.ContactId is { } soft
            && await ReceivedMailStore.SoftBouncesInARow(session, soft, cancel) >= MostSoftBounces)
        {
            await EnrollmentStore.Finish(session, enrollment, FinishReason.Bounced, now, cancel);
            await Suppressions.AddTo(
                session, address, "soft_bounces", $"{MostSoftBounces} in a row, the last: {told.Diagnostic}",
                "mail server", now, cancel);
        }
        else if (inbound.Sent.CampaignId is { } campaign
            && await CampaignStore.Find(session, campaign, cancel) is { StopOnBounce: true })
            await EnrollmentStore.Finish(session, enrollment, FinishReason.Bounced, now, cancel);
    }

    /// <summary>
    /// What the report says of our recipient. Our messages have one recipient; where the report hides or
    /// rewrites the address, its first failure is about them.
    /// </summary>
    static BouncedRecipient? Told(MatchedMail inbound)
    {
        var all = inbound.Mail.Reading.Bounce!.Recipients;
        return all.FirstOrDefault(one =>
                ContactKey.ForEmail(one.Address) == ContactKey.ForEmail(inbound.Sent.ToAddress))
            ?? all.FirstOrDefault(one => one.Action == "failed") ?? (all.Count > 0 ? all[0] : null);
    }
}

/// <summary>A recipient called our message spam: they are never written to again, at once.</summary>
static class RecordComplaint
{
    public static async Task Run(
        Session session, MatchedMail inbound, DateTime now, CancellationToken cancel)
    {
        var type = inbound.Mail.Reading.Complaint!.FeedbackType;
        var running = inbound.ContactId is { } contact
            ? await ReceivedMailStore.HoldRunning(session, contact, cancel) : [];
        await inbound.Keep(session, null, null, now, cancel);
        // RFC 6430: somebody took our message out of the spam folder. RFC 6591: a report about signatures.
        if (type is "not-spam" or "auth-failure") return;
        var isOptOut = type == "opt-out";
        await inbound.Tell(
            session, isOptOut ? "unsubscribed" : "complained", new { feedback = type }, now, cancel);
        await inbound.Note(
            session, isOptOut ? "unsubscribed" : "complained",
            isOptOut ? "Asked their provider to unsubscribe" : $"Reported our message as spam ({type})", now,
            cancel);
        foreach (var enrollment in running)
            await EnrollmentStore.Finish(
                session, enrollment, isOptOut ? FinishReason.Unsubscribed : FinishReason.Complained, now,
                cancel);
        if (inbound.Sent.ToAddress is { } address)
            await Suppressions.AddTo(
                session, address, isOptOut ? "unsubscribe" : "complaint", $"feedback report: {type}",
                "mail provider", now, cancel);
        if (inbound.Sent.LeadId is { } lead)
            await LeadStore.SetState(
                session, lead, LeadState.Closed, isOptOut ? "unsubscribed" : "complained", now, cancel);
    }
}
