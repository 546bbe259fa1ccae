using NodaTime;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail.Inbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// A machine answered for an absent person: what is planned waits until they are back and one working day
/// more. The wait of the next step is not used up meanwhile. Never a reply: the sequence goes on.
/// </summary>
static class RecordAutoReply
{
    /// <summary>How long somebody is waited for who does not say when they are back.</summary>
    static readonly TimeSpan UnknownAbsence = TimeSpan.FromDays(7);

    public static async Task Run(
        Session session, MatchedMail inbound, DateTime now, CancellationToken cancel)
    {
        var running = inbound.ContactId is { } contact
            ? await ReceivedMailStore.HoldRunning(session, contact, cancel) : [];
        var isAbsence = inbound.Mail.Reading.Kind == InboundKind.AutoReply;
        var intent = isAbsence
            ? new IntentReading(
                ReplyIntent.OutOfOffice, 1, inbound.Mail.Reading.AutoReply?.Evidence) : null;
        var returnOn = inbound.Mail.Reading.AutoReply?.ReturnOn;
        var receivedId = await inbound.Keep(session, intent, isAbsence ? false : null, now, cancel);
        await inbound.Tell(
            session, "auto_replied", new { return_on = returnOn, received_id = receivedId }, now, cancel);
        await inbound.Note(
            session, "auto_replied",
            returnOn is { } day ? $"Out of office until {day:yyyy-MM-dd}" : "Answered automatically", now, cancel);
        if (!isAbsence) return;
        foreach (var enrollment in running)
            await Hold(session, inbound, enrollment, returnOn, receivedId, now, cancel);
    }

    static async Task Hold(
        Session session, MatchedMail inbound, long enrollmentId, DateOnly? returnOn, long? receivedId,
        DateTime now, CancellationToken cancel)
    {
        var until = HoldUntil(inbound.Mail.Mailbox.Window, returnOn, now);
        if (!await HoldStore.Extend(session, enrollmentId, until, returnOn, receivedId, now, cancel)) return;
        await EventStore.Append(
            session, "held", inbound.Sent.CampaignId, enrollmentId, null, inbound.ContactId,
            System.Text.Json.JsonSerializer.Serialize(new { until, return_on = returnOn }), now, cancel);
        await inbound.Note(session, "held", $"Waits until {until:yyyy-MM-dd HH:mm} UTC", now, cancel);
    }

    /// <summary>
    /// The opening of the first working day after the return; a date that has passed says nothing.
    /// </summary>
    internal static DateTime HoldUntil(SendingWindow window, DateOnly? returnOn, DateTime now)
    {
        if (returnOn is not { } day || day < DateOnly.FromDateTime(now)) return now + UnknownAbsence;
        var dayAfter = DateTimeZoneProviders.Tzdb[window.TimeZone]
            .AtStartOfDay(LocalDate.FromDateOnly(day.AddDays(1))).ToDateTimeUtc();
        return window.NextOpening(dayAfter) ?? dayAfter;
    }
}

/// <summary>Their server wants proof that a person wrote: only a person can give it.</summary>
static class RecordChallenge
{
    public static async Task Run(
        Session session, MatchedMail inbound, DateTime now, CancellationToken cancel)
    {
        await inbound.Keep(session, null, true, now, cancel);
        await inbound.Tell(session, "auto_replied", new { challenge = true }, now, cancel);
        await inbound.Note(session, "auto_replied", "Their mail server asks us to confirm our message", now, cancel);
        await TaskStore.Insert(
            session, inbound.Sent.LeadId, "confirm_message",
            $"Confirm our message to {inbound.Sent.ToAddress}: their server asks for it",
            DateOnly.FromDateTime(now), now, cancel);
    }
}
