using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Reports;

/// <summary>Which conversations are wanted.</summary>
public enum InboxScope
{
    NeedsAnswer,
    Unread,
    Positive,
    Mine,
    Open,
    Snoozed,
    Done,
}

/// <summary>One thing said in a conversation: by us, by them, or as a note among ourselves.</summary>
public sealed record ThreadEntry
{
    /// <summary>The word sent, received, answer or note.</summary>
    public required string Kind { get; init; }

    public long Id { get; init; }
    public DateTime At { get; init; }
    public required string Author { get; init; }
    public string Subject { get; init; } = "";
    public string Text { get; init; } = "";
    public string State { get; init; } = "";
    public string? Detail { get; init; }
    public ReplyIntent? Intent { get; init; }
    public float? IntentConfidence { get; init; }
    public string? IntentWords { get; init; }
    public string? IntentBy { get; init; }
    public DateTime? DueAt { get; init; }
}

/// <summary>A conversation with everything said in it, oldest first.</summary>
public sealed record ConversationThread(
    Conversation Conversation, IReadOnlyList<ThreadEntry> Entries, DateTime? HeldUntil,
    long? HeldEnrollmentId, string? Suppression);

/// <summary>Read-only SQL of the inbox.</summary>
public sealed class InboxReport(Database database)
{
    const int MostEntries = 200;

    const string InScope =
        """
        case @scope
            when 'needs_answer' then v.needs_answer and v.state = 'open'
            when 'unread' then v.is_unread and v.state <> 'done'
            when 'positive' then v.intent = 'positive' and v.state <> 'done'
            when 'mine' then v.assigned_to = @userId and v.state <> 'done'
            when 'open' then v.state = 'open'
            when 'snoozed' then v.state = 'snoozed'
            else v.state = 'done' end
        """;

    /// <summary>One page, newest first; the cursor is the last row's moment and number.</summary>
    public Task<IReadOnlyList<Conversation>> List(
        long workspaceId, InboxScope scope, long? mailboxId, long userId, string? search,
        (DateTime At, long Id)? before, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<Conversation>(
                $"""
                select {ConversationStore.Columns} from {ConversationStore.Tables}
                where v.workspace_id = @WorkspaceId and {InScope}
                  and (@mailboxId::bigint is null or v.mailbox_id = @mailboxId)
                  and (@search::text is null or v.counterpart ilike @search or v.name ilike @search
                      or v.subject ilike @search)
                  and (@beforeAt::timestamptz is null or (v.last_at, v.id) < (@beforeAt, @beforeId))
                order by v.last_at desc, v.id desc limit @limit
                """,
                new
                {
                    session.WorkspaceId, scope = Word(scope), mailboxId, userId,
                    search = SearchPattern.Contains(search), beforeAt = before?.At, beforeId = before?.Id,
                    limit = Math.Clamp(limit, 1, PageSize.MostRows),
                },
                cancel),
            cancel);

    public async Task<IReadOnlyDictionary<InboxScope, long>> Counts(
        long workspaceId, long userId, CancellationToken cancel)
    {
        var counts = await database.InWorkspace(
            workspaceId,
            session => session.One<(long, long, long, long, long, long, long)>(
                """
                select count(*) filter (where needs_answer and state = 'open'),
                    count(*) filter (where is_unread and state <> 'done'),
                    count(*) filter (where intent = 'positive' and state <> 'done'),
                    count(*) filter (where assigned_to = @userId and state <> 'done'),
                    count(*) filter (where state = 'open'), count(*) filter (where state = 'snoozed'),
                    count(*) filter (where state = 'done')
                from conversations where workspace_id = @WorkspaceId
                """,
                new { session.WorkspaceId, userId }, cancel),
            cancel);
        long[] all =
            [counts.Item1, counts.Item2, counts.Item3, counts.Item4, counts.Item5, counts.Item6,
                counts.Item7];
        return Enum.GetValues<InboxScope>().ToDictionary(scope => scope, scope => all[(int)scope]);
    }

    public Task<ConversationThread> Thread(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var conversation = await ConversationStore.Find(session, id, cancel)
                    ?? throw RuleBroken.NotFound("conversation", id);
                var entries = await session.List<ThreadEntry>(
                    Entries, new { session.WorkspaceId, id, limit = MostEntries }, cancel);
                var hold = await session.Maybe<(long, DateTime)?>(
                    """
                    select h.enrollment_id, h.held_until from enrollment_holds h
                    join enrollments e on e.workspace_id = h.workspace_id and e.id = h.enrollment_id
                    where h.workspace_id = @WorkspaceId and e.contact_id = @ContactId
                      and e.state <> 'finished' and h.lifted_at is null
                    order by h.held_until desc limit 1
                    """,
                    new { session.WorkspaceId, conversation.ContactId }, cancel);
                return new ConversationThread(
                    conversation, [.. entries.Reverse()], hold?.Item2, hold?.Item1,
                    await SuppressionStore.Matching(session, conversation.Counterpart, cancel));
            },
            cancel);

    /// <summary>
    /// When the first answer may come: a day after the first message that leaves or has left.
    /// </summary>
    public Task<DateTime?> FirstSendAt(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.One<DateTime?>(
                """
                select min(moment) from (
                    select min(sent_at) as moment from messages
                    where workspace_id = @WorkspaceId and channel = 'email' and state = 'sent'
                    union all
                    select min(due_at) from send_intents
                    where workspace_id = @WorkspaceId and state = 'planned') moments
                """,
                new { session.WorkspaceId }, cancel),
            cancel);

    /// <summary>The bytes of one received message as they are kept.</summary>
    public Task<byte[]?> Content(long workspaceId, long receivedId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.Maybe<byte[]>(
                """
                select content from received_mail
                where workspace_id = @WorkspaceId and id = @receivedId and is_related
                """,
                new { session.WorkspaceId, receivedId }, cancel),
            cancel);

    /// <summary>
    /// The scope of a word such as needs_answer; null for no word, refused for a wrong one.
    /// </summary>
    public static InboxScope? ScopeOf(string? word) =>
        string.IsNullOrEmpty(word) ? null
        : Enum.TryParse<InboxScope>(word.Replace("_", "", StringComparison.Ordinal), true, out var scope)
            && Enum.IsDefined(scope) ? scope
        : throw new RuleBroken(
            "bad_scope",
            $"A scope is one of: {string.Join(", ", Enum.GetValues<InboxScope>().Select(Word))}.", "scope");

    public static string Word(InboxScope scope) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(scope.ToString());

    const string Entries =
        """
        select * from (
            select 'sent' as kind, m.id, coalesce(m.sent_at, m.composed_at) as at, b.address as author,
                m.subject, m.body as text, m.state, m.error as detail, null::text as intent,
                null::real as intent_confidence, null::text as intent_words, null::text as intent_by,
                null::timestamptz as due_at, 0 as nth
            from conversations v
            join messages m on m.workspace_id = v.workspace_id and m.contact_id = v.contact_id
                and m.channel = 'email' and m.state in ('sending', 'sent')
            join send_intents i on i.workspace_id = m.workspace_id and i.message_id = m.id
                and i.mailbox_id = v.mailbox_id
            join mailboxes b on b.workspace_id = v.workspace_id and b.id = v.mailbox_id
            where v.workspace_id = @WorkspaceId and v.id = @id
            union all
            select 'received', r.id, r.received_at, coalesce(r.from_name || ' <' || r.from_address || '>',
                    r.from_address, ''),
                coalesce(r.subject, ''), coalesce(r.words, ''), r.kind, null, replace(r.intent, '_', ''),
                r.intent_confidence, r.intent_words, r.intent_by, null, 1
            from received_mail r where r.workspace_id = @WorkspaceId and r.conversation_id = @id
            union all
            select 'answer', a.id, coalesce(a.finished_at, a.created_at), a.created_by, a.subject, a.body,
                a.state, a.response, null, null, null, null, a.due_at, 2
            from answers a where a.workspace_id = @WorkspaceId and a.conversation_id = @id
            union all
            select 'note', n.id, n.written_at, n.author, '', n.note, '', null, null, null, null, null, null, 3
            from conversation_notes n
                where n.workspace_id = @WorkspaceId and n.conversation_id = @id) all_entries
        order by at desc, nth desc, id desc limit @limit
        """;
}
