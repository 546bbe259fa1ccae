using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over conversations and their notes, except the listing (<see cref="InboxStore"/>).</summary>
static class ConversationStore
{
    internal const string Columns =
        """
        v.id, v.mailbox_id, b.address as mailbox_address, v.counterpart, v.name, v.contact_id, v.lead_id,
        v.campaign_id, v.subject, v.state, v.snoozed_until, v.assigned_to, u.name as assigned_name,
        v.is_unread, v.needs_answer, replace(v.intent, '_', '') as intent, v.intent_confidence,
        v.last_preview, v.last_received_at, v.last_at
        """;

    internal const string Tables =
        """
        conversations v
        join mailboxes b on b.workspace_id = v.workspace_id and b.id = v.mailbox_id
        left join users u on u.id = v.assigned_to
        """;

    /// <summary>
    /// Something arrived: opens the conversation, or brings it back whatever was done with it.
    /// </summary>
    public static Task<long> Receive(
        Session session, Conversation conversation, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into conversations (workspace_id, mailbox_id, counterpart, name, contact_id, lead_id,
                campaign_id, subject, state, is_unread, needs_answer, intent, intent_confidence,
                last_preview, last_received_at, last_at, created_at)
            values (@WorkspaceId, @MailboxId, @Counterpart, @Name, @ContactId, @LeadId, @CampaignId, @Subject,
                'open', true, @NeedsAnswer, @intent, @IntentConfidence, @LastPreview, @LastReceivedAt,
                @LastReceivedAt, @now)
            on conflict (workspace_id, mailbox_id, counterpart) do update set
                name = coalesce(excluded.name, conversations.name),
                contact_id = coalesce(excluded.contact_id, conversations.contact_id),
                lead_id = coalesce(excluded.lead_id, conversations.lead_id),
                campaign_id = coalesce(excluded.campaign_id, conversations.campaign_id),
                subject = excluded.subject, is_unread = true, last_preview = excluded.last_preview,
                state = case when excluded.intent = 'out_of_office' then conversations.state
                    else 'open' end,
                snoozed_until = case when excluded.intent = 'out_of_office'
                    then conversations.snoozed_until end,
                needs_answer = conversations.needs_answer or excluded.needs_answer,
                intent = case when excluded.intent is null
                        or (excluded.intent = 'out_of_office' and conversations.intent is not null)
                    then conversations.intent else excluded.intent end,
                intent_confidence = case when excluded.intent is null
                        or (excluded.intent = 'out_of_office' and conversations.intent is not null)
                    then conversations.intent_confidence else excluded.intent_confidence end,
                last_received_at = greatest(conversations.last_received_at, excluded.last_received_at),
                last_at = greatest(conversations.last_at, excluded.last_at)
            returning id
            """,
            new
            {
                session.WorkspaceId, conversation.MailboxId, conversation.Counterpart, conversation.Name,
                conversation.ContactId, conversation.LeadId, conversation.CampaignId, conversation.Subject,
                conversation.NeedsAnswer, intent = ReceivedMailStore.Word(conversation.Intent),
                conversation.IntentConfidence, conversation.LastPreview, conversation.LastReceivedAt, now,
            },
            cancel);

    public static Task<Conversation?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Conversation>(
            $"select {Columns} from {Tables} where v.workspace_id = @WorkspaceId and v.id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<int> MarkRead(Session session, long id, bool isRead, CancellationToken cancel) =>
        session.Run(
            """
            update conversations set is_unread = not @isRead
            where workspace_id = @WorkspaceId and id = @id and is_unread = @isRead
            """,
            new { session.WorkspaceId, id, isRead }, cancel);

    public static Task<int> SetState(
        Session session, long id, ConversationState state, DateTime? snoozedUntil, CancellationToken cancel) =>
        session.Run(
            """
            update conversations set state = @state, snoozed_until = @snoozedUntil,
                needs_answer = needs_answer and @state <> 'done'
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = Word(state), snoozedUntil }, cancel);

    public static Task<int> Answered(Session session, long id, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update conversations set needs_answer = false, is_unread = false, last_at = greatest(last_at, @now)
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, now }, cancel);

    public static Task<int> Assign(Session session, long id, long? userId, CancellationToken cancel) =>
        session.Run(
            "update conversations set assigned_to = @userId where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id, userId }, cancel);

    public static Task<int> SetIntent(
        Session session, long id, ReplyIntent intent, CancellationToken cancel) =>
        session.Run(
            """
            update conversations set intent = @intent, intent_confidence = 1
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, intent = ReceivedMailStore.Word(intent) }, cancel);

    /// <summary>Brings back what was put off until now, in every workspace; returns whose.</summary>
    public static Task<IReadOnlyList<(long WorkspaceId, long Id)>> WakeSnoozed(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<(long, long)>(
            """
            update conversations set state = 'open', snoozed_until = null, is_unread = true
            where state = 'snoozed' and snoozed_until <= @now
            returning workspace_id, id
            """,
            new { now }, cancel);

    public static Task<long> AddNote(
        Session session, long id, string author, string note, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into conversation_notes (workspace_id, conversation_id, author, note, written_at)
            values (@WorkspaceId, @id, @author, @note, @now)
            returning id
            """,
            new { session.WorkspaceId, id, author, note, now }, cancel);

    internal static string Word(ConversationState state) => state.ToString().ToLowerInvariant();
}
