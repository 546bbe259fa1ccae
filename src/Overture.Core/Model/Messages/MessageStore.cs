using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// A written email, whose link ends the mail, who sends it, and until when a person may say yes to it.
/// </summary>
sealed record MessageToKeep(Message Message, byte[] UnsubscribeHash, long MailboxId, DateTime? ExpiresAt);

/// <summary>All SQL over messages.</summary>
static class MessageStore
{
    const string Columns =
        """
        id, enrollment_id, step_id, variant_id, contact_id, channel, state, to_address, subject, body,
        word_count, message_id, reference_token, error, composed_at, sent_at
        """;

    public static Task<Message?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Message>(
            $"select {Columns} from messages where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Rows<Message> FindMany(Batch batch, long[] ids) =>
        batch.List<Message>(
            $"select {Columns} from messages where workspace_id = @WorkspaceId and id = any(@ids)",
            new { batch.WorkspaceId, ids });

    /// <summary>
    /// Whom messages go to: the name beside the address, and the lead and campaign behind it.
    /// </summary>
    public static Rows<(long MessageId, string Name, long LeadId, bool Opens, bool Clicks)> Addressees(
        Batch batch, long[] ids) =>
        batch.List<(long, string, long, bool, bool)>(
            """
            select m.id, c.full_name, e.lead_id, coalesce(t.opens, false), coalesce(t.clicks, false)
            from messages m
            join contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
            join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            left join campaign_tracking t
                on t.workspace_id = e.workspace_id and t.campaign_id = e.campaign_id
            where m.workspace_id = @WorkspaceId and m.id = any(@ids)
            """,
            new { batch.WorkspaceId, ids });

    /// <summary>Keeps a written message; null when this step of this enrollment was written before.</summary>
    public static Task<long?> Insert(
        Session session, Message message, byte[]? unsubscribeHash, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            insert into messages (workspace_id, enrollment_id, step_id, variant_id, contact_id,
                channel, state, to_address, subject, body, word_count, message_id, reference_token,
                    unsubscribe_hash, composed_at)
            values (@WorkspaceId, @EnrollmentId, @StepId, @VariantId, @ContactId, @channel, @state,
                @ToAddress, @Subject, @Body, @WordCount, @MessageId, @ReferenceToken, @unsubscribeHash,
                    @ComposedAt)
            on conflict (workspace_id, enrollment_id, step_id) do nothing
            returning id
            """,
            new
            {
                session.WorkspaceId, message.EnrollmentId, message.StepId, message.VariantId,
                message.ContactId, channel = CampaignStore.Word(message.Channel), state = Word(message.State),
                message.ToAddress, message.Subject, message.Body, message.WordCount, message.MessageId,
                message.ReferenceToken, unsubscribeHash, message.ComposedAt,
            },
            cancel);

    /// <summary>
    /// Keeps emails in their order and, with each that needs no person's yes, the plan to send it.
    /// </summary>
    public static void InsertPlanned(Batch batch, IReadOnlyList<MessageToKeep> written, DateTime now) =>
        batch.Run(
            """
            with kept as (
                insert into messages (workspace_id, enrollment_id, step_id, variant_id, contact_id,
                    channel, state, to_address, subject, body, word_count, message_id, reference_token,
                    unsubscribe_hash, composed_at, expires_at)
                select @WorkspaceId, enrollment_id, step_id, variant_id, contact_id, 'email', state,
                    to_address, subject, body, words, message_id, reference, unsubscribe, @now, expires_at
                from unnest(@enrollments, @steps, @variants, @contacts, @states, @addresses, @subjects,
                    @bodies, @words, @messageIds, @references, @unsubscribes, @expiries) with ordinality
                    as t(enrollment_id, step_id, variant_id, contact_id, state, to_address, subject, body,
                        words, message_id, reference, unsubscribe, expires_at, nth)
                order by nth
                returning id, enrollment_id, step_id, state)
            insert into send_intents (workspace_id, enrollment_id, step_id, message_id, mailbox_id, state,
                due_at, created_at, updated_at)
            select @WorkspaceId, k.enrollment_id, k.step_id, k.id, s.mailbox_id, 'planned', @now, @now, @now
            from kept k
            join unnest(@enrollments, @mailboxes) as s(enrollment_id, mailbox_id)
                on s.enrollment_id = k.enrollment_id
            where k.state = 'scheduled' order by k.id
            """,
            new
            {
                batch.WorkspaceId, now, mailboxes = written.Select(one => one.MailboxId).ToArray(),
                enrollments = written.Select(one => one.Message.EnrollmentId).ToArray(),
                steps = written.Select(one => one.Message.StepId).ToArray(),
                variants = written.Select(one => one.Message.VariantId).ToArray(),
                contacts = written.Select(one => one.Message.ContactId).ToArray(),
                states = written.Select(one => Word(one.Message.State)).ToArray(),
                addresses = written.Select(one => one.Message.ToAddress).ToArray(),
                subjects = written.Select(one => one.Message.Subject).ToArray(),
                bodies = written.Select(one => one.Message.Body).ToArray(),
                words = written.Select(one => one.Message.WordCount).ToArray(),
                messageIds = written.Select(one => one.Message.MessageId).ToArray(),
                references = written.Select(one => one.Message.ReferenceToken).ToArray(),
                unsubscribes = written.Select(one => one.UnsubscribeHash).ToArray(),
                expiries = written.Select(one => one.ExpiresAt).ToArray(),
            });

    /// <summary>The steps that were written to these enrollments before.</summary>
    public static Rows<(long EnrollmentId, long StepId)> StepsWritten(Batch batch, long[] enrollmentIds) =>
        batch.List<(long, long)>(
            """
            select enrollment_id, step_id from messages
            where workspace_id = @WorkspaceId and enrollment_id = any(@enrollmentIds)
            """,
            new { batch.WorkspaceId, enrollmentIds });

    public static Task<int> SetState(
        Session session, long id, MessageState state, string? error, DateTime? sentAt,
        CancellationToken cancel) =>
        session.Run(
            """
            update messages set state = @state, error = @error, sent_at = coalesce(@sentAt, sent_at)
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = Word(state), error, sentAt }, cancel);

    /// <summary>
    /// What the enrollments of these messages were sent before them, oldest first: the threads of follow-ups.
    /// </summary>
    public static Rows<(long MessageId, string SentId, string Subject)> SentBefore(
        Batch batch, long[] ids) =>
        batch.List<(long, string, string)>(
            """
            select m.id, b.message_id, b.subject
            from messages m
            join messages b on b.workspace_id = m.workspace_id and b.enrollment_id = m.enrollment_id
                and b.id < m.id and b.channel = 'email' and b.state = 'sent'
            where m.workspace_id = @WorkspaceId and m.id = any(@ids)
            order by m.id, b.id
            """,
            new { batch.WorkspaceId, ids });

    public static async Task<IReadOnlyDictionary<long, long>> CountByVariant(
        Session session, long stepId, CancellationToken cancel) =>
        (await session.List<(long VariantId, long Count)>(
            """
            select variant_id, count(*) from messages where workspace_id = @WorkspaceId and step_id = @stepId
            group by variant_id
            """,
            new { session.WorkspaceId, stepId }, cancel)).ToDictionary(row => row.VariantId,
            row => row.Count);

    /// <summary>
    /// The identity under which the far side really keeps it; replies and follow-ups name that.
    /// </summary>
    public static Task<int> SetObservedId(
        Session session, long id, string messageId, CancellationToken cancel) =>
        session.Run(
            "update messages set message_id = @messageId where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id, messageId }, cancel);

    /// <summary>Whose link this is, in any workspace.</summary>
    public static Task<(long WorkspaceId, long MessageId, long EnrollmentId, long ContactId, string? Email)?>
        FindByUnsubscribe(Session session, byte[] hash, CancellationToken cancel) =>
        session.Maybe<(long, long, long, long, string?)?>(
            """
            select m.workspace_id, m.id, m.enrollment_id, m.contact_id, c.email
            from messages m join contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
            where m.unsubscribe_hash = @hash
            """,
            new { hash }, cancel);

    internal static string Word(MessageState state) => state.ToString().ToLowerInvariant();
}
