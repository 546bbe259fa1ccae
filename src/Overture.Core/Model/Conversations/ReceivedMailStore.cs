using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What of ours an inbound message belongs to, as the database knows it.</summary>
sealed record SentMatch
{
    public long? MessageId { get; init; }
    public long? AnswerId { get; init; }
    public long? ConversationId { get; init; }
    public string Header { get; init; } = "";
    public string ReferenceToken { get; init; } = "";
    public byte[]? UnsubscribeHash { get; init; }
    public string? Body { get; init; }
    public long? EnrollmentId { get; init; }
    public long? CampaignId { get; init; }
    public long? ContactId { get; init; }
    public long? LeadId { get; init; }
    public string? ToAddress { get; init; }
    public long? MailboxId { get; init; }
}

/// <summary>All SQL over mail that arrived, and over what it belongs to.</summary>
static class ReceivedMailStore
{
    const string Columns =
        """
        id, mailbox_id, folder, uid_validity, uid, identity, kind, is_related, matched_by, message_header,
        from_address, from_name, subject, words, content, size, is_cut, message_id, enrollment_id, contact_id,
        conversation_id, replace(intent, '_', '') as intent, intent_confidence, intent_words, intent_by,
        return_on, error, written_at, received_at, read_at
        """;

    const string OfMessage =
        """
        m.id as message_id, m.message_id as header, m.reference_token, m.unsubscribe_hash, m.body,
        m.enrollment_id, e.campaign_id, m.contact_id, e.lead_id, m.to_address,
        (select i.mailbox_id from send_intents i
         where i.workspace_id = m.workspace_id and i.message_id = m.id limit 1) as mailbox_id
        """;

    /// <summary>True when this message was taken before, from this place or from another one.</summary>
    public static Task<bool> IsKnown(
        Session session, long mailboxId, string folder, long uidValidity, long uid, byte[] identity,
        CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (select from received_mail
                           where workspace_id = @WorkspaceId and mailbox_id = @mailboxId and folder = @folder
                             and uid_validity = @uidValidity and uid = @uid)
                or exists (select from received_mail
                           where workspace_id = @WorkspaceId and identity = @identity)
            """,
            new { session.WorkspaceId, mailboxId, folder, uidValidity, uid, identity }, cancel);

    /// <summary>True when the place was read before, whatever lies there.</summary>
    public static Task<bool> IsReadPlace(
        Session session, long mailboxId, string folder, long uidValidity, long uid,
        CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (select from received_mail
                           where workspace_id = @WorkspaceId and mailbox_id = @mailboxId and folder = @folder
                             and uid_validity = @uidValidity and uid = @uid)
            """,
            new { session.WorkspaceId, mailboxId, folder, uidValidity, uid }, cancel);

    /// <summary>Keeps a message; null when it was kept before.</summary>
    public static Task<long?> Insert(Session session, ReceivedMail mail, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            insert into received_mail (workspace_id, mailbox_id, folder, uid_validity, uid, identity, kind,
                is_related, matched_by, message_header, from_address, from_name, subject, words, content,
                size, is_cut, message_id, enrollment_id, contact_id, conversation_id, intent,
                intent_confidence, intent_words, intent_by, return_on, error, written_at, received_at,
                read_at)
            values (@WorkspaceId, @MailboxId, @Folder, @UidValidity, @Uid, @Identity, @Kind,
                @IsRelated, @MatchedBy, @MessageHeader, @FromAddress, @FromName, @Subject, @Words, @Content,
                @Size, @IsCut, @MessageId, @EnrollmentId, @ContactId, @ConversationId, @intent,
                @IntentConfidence, @IntentWords, @IntentBy, @ReturnOn, @Error, @WrittenAt, @ReceivedAt,
                @ReadAt)
            on conflict do nothing
            returning id
            """,
            new
            {
                session.WorkspaceId, mail.MailboxId, mail.Folder, mail.UidValidity, mail.Uid, mail.Identity,
                mail.Kind, mail.IsRelated, mail.MatchedBy, mail.MessageHeader, mail.FromAddress,
                mail.FromName, mail.Subject, mail.Words, mail.Content, mail.Size, mail.IsCut, mail.MessageId,
                mail.EnrollmentId, mail.ContactId, mail.ConversationId, intent = Word(mail.Intent),
                mail.IntentConfidence, mail.IntentWords, mail.IntentBy, mail.ReturnOn, mail.Error,
                mail.WrittenAt, mail.ReceivedAt, mail.ReadAt,
            },
            cancel);

    public static Task<ReceivedMail?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<ReceivedMail>(
            $"select {Columns} from received_mail where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>What arrived in a conversation, oldest first, without the bytes.</summary>
    public static Task<IReadOnlyList<ReceivedMail>> InConversation(
        Session session, long conversationId, int limit, CancellationToken cancel) =>
        session.List<ReceivedMail>(
            $"""
            select {Columns.Replace("content,", "null::bytea as content,", StringComparison.Ordinal)}
            from received_mail where workspace_id = @WorkspaceId and conversation_id = @conversationId
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, conversationId, limit }, cancel);

    public static Task<int> SetIntent(
        Session session, long id, ReplyIntent intent, string by, CancellationToken cancel) =>
        session.Run(
            """
            update received_mail set intent = @intent, intent_confidence = 1, intent_by = @by
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, intent = Word(intent), by }, cancel);

    /// <summary>Our messages that bear one of these marks.</summary>
    public static Task<IReadOnlyList<SentMatch>> FindSent(
        Session session, string[] headers, string[] tokens, byte[][] unsubscribeHashes,
        CancellationToken cancel) =>
        session.List<SentMatch>(
            $"""
            select {OfMessage}, null::bigint as answer_id, null::bigint as conversation_id
            from messages m join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            where m.workspace_id = @WorkspaceId and m.channel = 'email'
              and (m.message_id = any(@headers) or m.reference_token = any(@tokens)
                   or m.unsubscribe_hash = any(@unsubscribeHashes))
            """,
            new { session.WorkspaceId, headers, tokens, unsubscribeHashes }, cancel);

    /// <summary>What a person of ours wrote back earlier, by the same marks.</summary>
    public static Task<IReadOnlyList<SentMatch>> FindAnswers(
        Session session, string[] headers, string[] tokens, CancellationToken cancel) =>
        session.List<SentMatch>(
            """
            select a.id as answer_id, a.message_header as header, a.reference_token, a.body, v.campaign_id,
                v.contact_id, v.lead_id, a.to_address, a.mailbox_id, v.id as conversation_id,
                null::bytea as unsubscribe_hash, null::bigint as message_id, null::bigint as enrollment_id
            from answers a
            join conversations v on v.workspace_id = a.workspace_id and v.id = a.conversation_id
            where a.workspace_id = @WorkspaceId
              and (a.message_header = any(@headers) or a.reference_token = any(@tokens))
            """,
            new { session.WorkspaceId, headers, tokens }, cancel);

    /// <summary>
    /// The latest email to one of these addresses that left from this mailbox since then.
    /// </summary>
    public static Task<SentMatch?> LatestTo(
        Session session, long mailboxId, string[] addresses, DateTime since, CancellationToken cancel) =>
        session.Maybe<SentMatch>(
            $"""
            select {OfMessage} from contacts c
            join messages m on m.workspace_id = c.workspace_id and m.contact_id = c.id
                and m.channel = 'email' and m.state in ('sending', 'sent') and m.sent_at >= @since
            join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            where c.workspace_id = @WorkspaceId and c.email_key = any(@addresses)
              and exists (select from send_intents i where i.workspace_id = m.workspace_id
                  and i.message_id = m.id and i.mailbox_id = @mailboxId)
            order by m.sent_at desc, m.id desc limit 1
            """,
            new { session.WorkspaceId, mailboxId, addresses, since }, cancel);

    /// <summary>The latest email to anybody at this registrable domain, from this mailbox.</summary>
    public static Task<SentMatch?> LatestToDomain(
        Session session, long mailboxId, string domain, DateTime since, CancellationToken cancel) =>
        session.Maybe<SentMatch>(
            $"""
            select {OfMessage} from contacts c
            join messages m on m.workspace_id = c.workspace_id and m.contact_id = c.id
                and m.channel = 'email' and m.state in ('sending', 'sent') and m.sent_at >= @since
            join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            where c.workspace_id = @WorkspaceId
              and (c.email_host = @host or (c.email_host > @host || '.' and c.email_host < @host || '/'))
              and exists (select from send_intents i where i.workspace_id = m.workspace_id
                  and i.message_id = m.id and i.mailbox_id = @mailboxId)
            order by m.sent_at desc, m.id desc limit 1
            """,
            new { session.WorkspaceId, mailboxId, host = Reversed(domain), since }, cancel);

    /// <summary>
    /// The enrollments that a reply may end: those of the contact, where their campaign stops on a reply, and
    /// with a domain those of colleagues, where it stops for the company. Held until the transaction ends, in
    /// one order, so that a message on its way either sees the end or has left before it.
    /// </summary>
    public static Task<IReadOnlyList<(
        long Id, long CampaignId, long LeadId, long ContactId, bool IsColleague)>>
        HoldEndedByReply(
            Session session, long? contactId, string? companyDomain, CancellationToken cancel) =>
        session.List<(long, long, long, long, bool)>(
            """
            select e.id, e.campaign_id, e.lead_id, e.contact_id,
                e.contact_id is distinct from @contactId as is_colleague
            from enrollments e
            join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
            join contacts p on p.workspace_id = e.workspace_id and p.id = e.contact_id
            where e.workspace_id = @WorkspaceId and e.state <> 'finished'
              and ((e.contact_id = @contactId
                    and c.stop_on_reply)
                or (e.contact_id is distinct from @contactId and c.stop_on_company_reply
                    and (p.email_host = @host
                        or (p.email_host > @host || '.' and p.email_host < @host || '/'))))
            order by e.id for update of e
            """,
            new
            {
                session.WorkspaceId, contactId,
                host = companyDomain is null ? null : Reversed(companyDomain),
            },
            cancel);

    /// <summary>Holds every enrollment of a contact that has not ended, in one order.</summary>
    public static Task<IReadOnlyList<long>> HoldRunning(
        Session session, long contactId, CancellationToken cancel) =>
        session.List<long>(
            """
            select id from enrollments
            where workspace_id = @WorkspaceId and contact_id = @contactId and state <> 'finished'
            order by id for update
            """,
            new { session.WorkspaceId, contactId }, cancel);

    /// <summary>
    /// How many of the latest emails to this contact bounced softly, without one in between that did not.
    /// </summary>
    public static Task<int> SoftBouncesInARow(Session session, long contactId, CancellationToken cancel) =>
        session.One<int>(
            """
            with sent as (
                select m.id, row_number() over (order by m.sent_at desc, m.id desc) as nth,
                    exists (select from events v where v.workspace_id = m.workspace_id
                        and v.message_id = m.id and v.kind = 'bounced') as has_bounced
                from messages m
                where m.workspace_id = @WorkspaceId and m.contact_id = @contactId and m.channel = 'email'
                  and m.state = 'sent')
            select count(*)::int from sent
            where has_bounced and nth < coalesce((select min(nth) from sent where not has_bounced), 1000000)
            """,
            new { session.WorkspaceId, contactId }, cancel);

    internal static string? Word(ReplyIntent? intent) =>
        intent is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(intent.Value.ToString());

    /// <summary>Hosts are kept from their end, so that all below a domain lie beside it.</summary>
    static string Reversed(string domain)
    {
        var reversed = domain.ToCharArray();
        Array.Reverse(reversed);
        return new string(reversed);
    }
}
