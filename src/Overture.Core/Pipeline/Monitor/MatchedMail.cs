using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A message that arrived and what of ours it belongs to.</summary>
sealed record MatchedMail(ArrivedMail Mail, SentMatch Sent, string By)
{
    const int PreviewCharacters = 160;

    /// <summary>Somebody else at the contact's company wrote of their own accord.</summary>
    public bool IsFromColleague => By == "company";

    public long? ContactId => IsFromColleague ? null : Sent.ContactId;

    /// <summary>Whom we talk to: the contact we wrote to, wherever they answer from.</summary>
    string Counterpart => IsFromColleague || Sent.ToAddress is null
        ? Mail.From ?? "unknown" : ContactKey.ForEmail(Sent.ToAddress)!;

    /// <summary>
    /// Keeps the message; with an intent in a conversation, which is opened or brought back.
    /// </summary>
    public async Task<long?> Keep(
        Session session, IntentReading? intent, bool? needsAnswer, DateTime now, CancellationToken cancel)
    {
        long? conversation = needsAnswer is { } needs
            ? await ConversationStore.Receive(session, Conversation(intent, needs), now, cancel) : null;
        return await ReceivedMailStore.Insert(
            session,
            TakeMail.Kept(Mail, By, now) with
            {
                MessageId = IsFromColleague ? null : Sent.MessageId,
                EnrollmentId = IsFromColleague ? null : Sent.EnrollmentId, ContactId = ContactId,
                ConversationId = conversation ?? Sent.ConversationId, Intent = intent?.Intent,
                IntentConfidence = intent?.Confidence, IntentWords = intent?.Words,
                IntentBy = intent is null ? null : "rules",
            },
            cancel);
    }

    public Task Tell(
        Session session, string kind, object data, DateTime now, CancellationToken cancel) =>
        EventStore.Append(
            session, kind, Sent.CampaignId, IsFromColleague ? null : Sent.EnrollmentId,
            IsFromColleague ? null : Sent.MessageId, ContactId,
            JsonSerializer.Serialize(data), now, cancel);

    public async Task Note(
        Session session, string kind, string summary, DateTime now, CancellationToken cancel)
    {
        if (Sent.LeadId is { } lead)
            await ActivityStore.Append(
                session, lead, kind, Mail.From ?? "mail server", summary, now, cancel);
    }

    Conversation Conversation(IntentReading? intent, bool needsAnswer) => new()
    {
        MailboxId = Mail.Mailbox.Id, Counterpart = Counterpart, Name = Mail.FromName, ContactId = ContactId,
        LeadId = IsFromColleague ? null : Sent.LeadId, CampaignId = Sent.CampaignId, Subject = Mail.Subject,
        NeedsAnswer = needsAnswer, Intent = intent?.Intent, IntentConfidence = intent?.Confidence,
        LastPreview = Preview(Mail.Words), LastReceivedAt = Mail.Copy.ReceivedAt,
    };

    static string Preview(string words)
    {
        var line = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= PreviewCharacters ? line : line[..PreviewCharacters].TrimEnd() + "…";
    }
}
