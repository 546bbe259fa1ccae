using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// A person answered: the sequence stops, for colleagues too, and somebody is asked to answer. A refusal is
/// final at once.
/// </summary>
static class RecordReply
{
    public static async Task Run(
        Session session, MatchedMail inbound, DateTime now, CancellationToken cancel)
    {
        // Enrollments first: whoever is about to send holds them too, and then either sees the reply or has
        // sent before it.
        var domain = FreeMail.CompanyDomainOf(inbound.Mail.From)
            ?? FreeMail.CompanyDomainOf(inbound.Sent.ToAddress);
        var ended = await ReceivedMailStore.HoldEndedByReply(
            session, inbound.ContactId, domain, cancel);
        var intent = ReplyIntentRules.Read(inbound.Mail.Subject, inbound.Mail.Words, inbound.Sent.Body);
        var isRefusal = intent is { Intent: ReplyIntent.Refusal, Confidence: >= ReplyIntentRules.Sure };
        var needsAnswer = !isRefusal && intent.Intent is not ReplyIntent.Negative;
        var receivedId = await inbound.Keep(session, intent, needsAnswer, now, cancel);
        await inbound.Tell(
            session, "replied",
            new
            {
                intent = ReceivedMailStore.Word(intent.Intent), confidence = intent.Confidence,
                received_id = receivedId,
            },
            now, cancel);
        await inbound.Note(
            session, "replied",
            $"Replied ({Words(intent.Intent)}): {Short(inbound.Mail.Words, inbound.Mail.Subject)}", now, cancel);
        await Stop(session, inbound, ended, now, cancel);
        if (isRefusal) await Refuse(session, inbound, intent, now, cancel);
        else await Ask(session, inbound, intent, now, cancel);
    }

    static async Task Stop(
        Session session, MatchedMail inbound,
        IReadOnlyList<(long Id, long CampaignId, long LeadId, long ContactId, bool IsColleague)> ended,
        DateTime now, CancellationToken cancel)
    {
        foreach (var enrollment in ended)
        {
            await EnrollmentStore.Finish(
                session, enrollment.Id,
                enrollment.IsColleague ? FinishReason.CompanyReplied : FinishReason.Replied, now, cancel);
            if (!enrollment.IsColleague) continue;
            await ActivityStore.Append(
                session, enrollment.LeadId, "finished", "monitor",
                $"The sequence ended: {inbound.Mail.From} of the same company replied", now, cancel);
        }
    }

    static async Task Refuse(
        Session session, MatchedMail inbound, IntentReading intent, DateTime now, CancellationToken cancel)
    {
        var note = $"They wrote: {intent.Words}";
        foreach (var address in new[] { inbound.Sent.ToAddress, inbound.Mail.From }.OfType<string>()
            .Select(address => ContactKey.ForEmail(address)!).Distinct())
            if (!inbound.IsFromColleague || address == inbound.Mail.From)
                await Suppressions.AddTo(session, address, "refused", note, "recipient", now, cancel);
        if (!inbound.IsFromColleague && inbound.Sent.LeadId is { } lead)
            await LeadStore.SetState(session, lead, LeadState.Closed, "refused", now, cancel);
    }

    static async Task Ask(
        Session session, MatchedMail inbound, IntentReading intent, DateTime now, CancellationToken cancel)
    {
        var who = inbound.Mail.FromName ?? inbound.Mail.From ?? "somebody";
        var title = intent.Intent switch
        {
            ReplyIntent.Positive => $"Answer {who}: interested",
            ReplyIntent.Question => $"Answer the question of {who}",
            ReplyIntent.Referral => $"{who} names somebody else: write to them",
            ReplyIntent.WrongPerson => $"{who} is the wrong person: find the right one",
            ReplyIntent.Refusal => $"Did {who} ask not to be written to? Decide in the inbox",
            ReplyIntent.Negative => null,
            _ => $"Answer {who}",
        };
        if (title is not null)
            await TaskStore.Insert(
                session, inbound.Sent.LeadId, "answer_reply", title, DateOnly.FromDateTime(now), now, cancel);
        if (intent.Intent == ReplyIntent.Positive && inbound.Sent.LeadId is { } lead)
            await DealStore.Replied(session, lead, now, cancel);
    }

    internal static string Words(ReplyIntent intent) => ReceivedMailStore.Word(intent)!.Replace('_', ' ');

    static string Short(string words, string subject)
    {
        const int MostCharacters = 200;
        var text = string.Join(
            ' ', (words.Length > 0 ? words : subject).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
    }
}
