using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over everything that is kept of one person, wherever it stands.</summary>
static class PersonalDataStore
{
    /// <summary>Where something of a person stands; @contactId, @key, @workspace choose the rows.</summary>
    static readonly (string Section, string Rows)[] Sections =
    [
        ("contact", "from contacts t where t.workspace_id = @WorkspaceId and t.id = @contactId"),
        ("leads", "from leads t where t.workspace_id = @WorkspaceId and t.contact_id = @contactId"),
        ("facts", "from facts t where t.workspace_id = @WorkspaceId and t.contact_id = @contactId"),
        ("activity",
            """
            from activity t join leads l on l.workspace_id = t.workspace_id and l.id = t.lead_id
            where t.workspace_id = @WorkspaceId and l.contact_id = @contactId
            """),
        ("tasks",
            """
            from tasks t join leads l on l.workspace_id = t.workspace_id and l.id = t.lead_id
            where t.workspace_id = @WorkspaceId and l.contact_id = @contactId
            """),
        ("words of lists",
            """
            from import_mentions t
            where t.workspace_id = @WorkspaceId and t.kind = 'contact' and t.record_id = @contactId
            """),
        ("enrollments",
            "from enrollments t where t.workspace_id = @WorkspaceId and t.contact_id = @contactId"),
        ("messages", "from messages t where t.workspace_id = @WorkspaceId and t.contact_id = @contactId"),
        ("attempts",
            """
            from send_attempts t
            join send_intents i on i.workspace_id = t.workspace_id and i.id = t.intent_id
            join messages m on m.workspace_id = i.workspace_id and m.id = i.message_id
            where t.workspace_id = @WorkspaceId and m.contact_id = @contactId
            """),
        ("events", "from events t where t.workspace_id = @WorkspaceId and t.contact_id = @contactId"),
        ("received_mail",
            """
            from received_mail t where t.workspace_id = @WorkspaceId
              and (t.contact_id = @contactId or lower(t.from_address) = @key)
            """),
        ("conversations",
            """
            from conversations t where t.workspace_id = @WorkspaceId
              and (t.contact_id = @contactId or t.counterpart = @key)
            """),
        ("answers",
            """
            from answers t join conversations v on v.workspace_id = t.workspace_id
                and v.id = t.conversation_id
            where t.workspace_id = @WorkspaceId and (v.contact_id = @contactId or v.counterpart = @key)
            """),
        ("questions to providers",
            """
            from provider_questions t where t.workspace_id = @WorkspaceId
              and (t.question::text ilike '%' || @key || '%' or t.answer::text ilike '%' || @key || '%')
            """),
        ("visits",
            """
            from tracked_visits t join messages m on m.workspace_id = t.workspace_id and m.id = t.message_id
            where t.workspace_id = @WorkspaceId and m.contact_id = @contactId
            """),
        ("suppressions",
            """
            from suppressions t where t.workspace_id = @WorkspaceId and t.kind = 'address' and t.value = @key
            """),
    ];

    public static Task<long?> Find(Session session, string key, CancellationToken cancel) =>
        session.Maybe<long?>(
            "select id from contacts where workspace_id = @WorkspaceId and email_key = @key",
            new { session.WorkspaceId, key }, cancel);

    /// <summary>Every section as a JSON array of rows; bytes are written in base64.</summary>
    public static async Task<IReadOnlyList<(string Section, string Rows)>> Export(
        Session session, long? contactId, string key, CancellationToken cancel)
    {
        var sections = new List<(string, string)>();
        foreach (var (name, rows) in Sections)
            sections.Add((name, await session.One<string>(
                $"""
                select coalesce(jsonb_agg(to_jsonb(t) - 'workspace_id' - 'identity' - 'unsubscribe_hash'),
                    '[]')::text
                {rows}
                """,
                new { session.WorkspaceId, contactId, key }, cancel)));
        return sections;
    }

    /// <summary>Removes or empties every row; returns how many of each kind.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> Erase(
        Session session, long? contactId, string key, DateTime now, CancellationToken cancel)
    {
        await RefuseRunningImports(session, key, cancel);
        var removed = new Dictionary<string, int>();
        var words = await session.Maybe<string[]>(
            """
            select search_words(concat_ws(' ', full_name, title, email)) from contacts
            where workspace_id = @WorkspaceId and id = @contactId
            """,
            new { session.WorkspaceId, contactId }, cancel) ?? [];
        var profile = await session.Maybe<string>(
            "select linkedin_key from contacts where workspace_id = @WorkspaceId and id = @contactId",
            new { session.WorkspaceId, contactId }, cancel);
        foreach (var (name, sql) in Erasures)
            removed[name] = await session.Run(
                sql,
                new
                {
                    session.WorkspaceId, contactId, key, now, named = Pattern(key),
                    profile = profile is null ? null : Pattern(profile),
                },
                cancel);
        removed["search words"] = await session.Run(
            """
            delete from search_vocabulary v where v.workspace_id = @WorkspaceId and v.word = any(@words)
              and not exists (select from lead_listing l where l.workspace_id = v.workspace_id
                  and l.words @@ quote_literal(v.word)::tsquery)
            """,
            new { session.WorkspaceId, words }, cancel);
        return removed;
    }

    public static Task<long> KeepReceipt(
        Session session, string subjectHash, string receipt, string by, DateTime now,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into erasures (workspace_id, subject_hash, receipt, erased_by, erased_at)
            values (@WorkspaceId, @subjectHash, @receipt::jsonb, @by, @now)
            returning id
            """,
            new { session.WorkspaceId, subjectHash, receipt, by, now }, cancel);

    public static async Task<IReadOnlyList<ErasureReceipt>> Receipts(
        Session session, int limit, CancellationToken cancel) =>
        [.. (await session.List<(long Id, string Hash, string Receipt, string By, DateTime At)>(
            """
            select id, subject_hash, receipt::text, erased_by, erased_at from erasures
            where workspace_id = @WorkspaceId order by id desc limit @limit
            """,
            new { session.WorkspaceId, limit }, cancel))
            .Select(row => new ErasureReceipt(
                row.Id, row.Hash, JsonSerializer.Deserialize<JsonElement>(row.Receipt), row.By, row.At))];

    /// <summary>
    /// In this order: what hangs on other rows goes before them. The contact's row stays, empty, for the
    /// counters; a message keeps its identity, so that a late bounce is still known for one.
    /// </summary>
    static readonly (string Name, string Sql)[] Erasures =
    [
        ("received mail",
            """
            update received_mail set from_address = null, from_name = null, subject = null, words = null,
                content = null, message_header = null, intent_words = null, error = null, is_related = false,
                contact_id = null, enrollment_id = null, conversation_id = null
            where workspace_id = @WorkspaceId and (contact_id = @contactId or lower(from_address) = @key
                or conversation_id in (select id from conversations where workspace_id = @WorkspaceId
                    and (contact_id = @contactId or counterpart = @key)))
            """),
        ("conversations",
            """
            delete from conversations
            where workspace_id = @WorkspaceId and (contact_id = @contactId or counterpart = @key)
            """),
        ("visits",
            """
            delete from tracked_visits t using messages m
            where t.workspace_id = @WorkspaceId and m.workspace_id = t.workspace_id and m.id = t.message_id
              and m.contact_id = @contactId
            """),
        ("link addresses",
            """
            delete from tracked_links t using messages m
            where t.workspace_id = @WorkspaceId and m.workspace_id = t.workspace_id and m.id = t.message_id
              and m.contact_id = @contactId
            """),
        ("captured mail",
            """
            delete from captured_mail t using messages m
            where t.workspace_id = @WorkspaceId and m.workspace_id = t.workspace_id and m.id = t.message_id
              and m.contact_id = @contactId
            """),
        ("answers of servers",
            """
            update send_attempts t set response = null, recipient_domain = 'erased'
            from send_intents i join messages m on m.workspace_id = i.workspace_id and m.id = i.message_id
            where t.workspace_id = @WorkspaceId and i.workspace_id = t.workspace_id and i.id = t.intent_id
              and m.contact_id = @contactId
            """),
        ("details of evidence",
            """
            update send_evidence t set detail = null
            from send_intents i join messages m on m.workspace_id = i.workspace_id and m.id = i.message_id
            where t.workspace_id = @WorkspaceId and i.workspace_id = t.workspace_id and i.id = t.intent_id
              and m.contact_id = @contactId
            """),
        ("reasons",
            """
            update send_intents t set reason = null from messages m
            where t.workspace_id = @WorkspaceId and m.workspace_id = t.workspace_id and m.id = t.message_id
              and m.contact_id = @contactId
            """),
        ("messages",
            """
            update messages set to_address = null, subject = '', body = '', word_count = 0, error = null
            where workspace_id = @WorkspaceId and contact_id = @contactId
            """),
        ("details of events",
            """
            update events set data = null
            where workspace_id = @WorkspaceId and contact_id = @contactId and data is not null
            """),
        ("enrollments",
            """
            update enrollments set blocked_reason = null
            where workspace_id = @WorkspaceId and contact_id = @contactId
            """),
        ("activity",
            """
            delete from activity t using leads l where t.workspace_id = @WorkspaceId
              and l.workspace_id = t.workspace_id and l.id = t.lead_id and l.contact_id = @contactId
            """),
        // Nobody knows whom an answer named: the request stays known as done, what it was told is forgotten.
        ("answers kept for repeats",
            """
            update kept_answers set body = null where workspace_id = @WorkspaceId and body is not null
            """),
        ("tasks",
            """
            delete from tasks t using leads l where t.workspace_id = @WorkspaceId
              and l.workspace_id = t.workspace_id and l.id = t.lead_id and l.contact_id = @contactId
            """),
        ("lists",
            """
            delete from list_members t using leads l where t.workspace_id = @WorkspaceId
              and l.workspace_id = t.workspace_id and l.id = t.lead_id and l.contact_id = @contactId
            """),
        ("changes of imports",
            """
            delete from import_mentions
            where workspace_id = @WorkspaceId and kind = 'contact' and record_id = @contactId
            """),
        ("imported files",
            $"""
            delete from import_parts where workspace_id = @WorkspaceId and import_id in ({ImportsNaming})
            """),
        ("questions to providers",
            """
            delete from provider_questions where workspace_id = @WorkspaceId
              and (question::text ilike @named or answer::text ilike @named
                  or question::text ilike @profile or answer::text ilike @profile)
            """),
        ("proposals",
            """
            delete from proposals where workspace_id = @WorkspaceId
              and (found::text ilike @named or found::text ilike @profile
                  or lead_id in (select id from leads
                      where workspace_id = @WorkspaceId and contact_id = @contactId))
            """),
        ("possible duplicates",
            """
            delete from possible_duplicates where workspace_id = @WorkspaceId and kind = 'contact'
              and @contactId in (first_id, second_id)
            """),
        ("raw records",
            """
            update raw_records set content = ''::bytea, url = null
            where workspace_id = @WorkspaceId and (
                id in (select raw_record_id from leads
                       where workspace_id = @WorkspaceId and contact_id = @contactId)
                or id in (select raw_record_id from facts
                       where workspace_id = @WorkspaceId and contact_id = @contactId))
            """),
        ("facts", "delete from facts where workspace_id = @WorkspaceId and contact_id = @contactId"),
        ("leads",
            """
            update leads set state = 'closed', close_reason = 'erased', reject_reason = null,
                score_reasons = null, source_detail = null, raw_record_id = null, updated_at = @now
            where workspace_id = @WorkspaceId and contact_id = @contactId
            """),
        ("contact",
            """
            update contacts
                set full_name = 'Erased person', first_name = null, last_name = null, title = null,
                email = null, email_key = null, phone = null, linkedin_url = null, linkedin_key = null,
                    city = null, region = null, country = null, time_zone = null, updated_at = @now
            where workspace_id = @WorkspaceId and id = @contactId
            """),
        ("suppression in plain text",
            """
            delete from suppressions where workspace_id = @WorkspaceId and kind = 'address' and value = @key
            """),
    ];

    /// <summary>The uploaded files that name the address, however they were cut into parts.</summary>
    const string ImportsNaming =
        """
        select import_id from import_parts where workspace_id = @WorkspaceId group by import_id
        having position(@key in lower(encode(string_agg(content, ''::bytea order by position), 'escape'))) > 0
        """;

    /// <summary>A file that is being read would bring the person back behind our back.</summary>
    static async Task RefuseRunningImports(Session session, string key, CancellationToken cancel)
    {
        if (await session.Maybe<string>(
            $"""
            select file_name from imports
            where workspace_id = @WorkspaceId and state in ('uploaded', 'running') and id in ({ImportsNaming})
            order by id limit 1
            """,
            new { session.WorkspaceId, key }, cancel) is { } file)
            throw new RuleBroken(
                "import_running",
                $"The file {file} names this person and is being imported. Wait until it ended.");
    }

    static string Pattern(string text) =>
        "%" + text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal) + "%";
}
