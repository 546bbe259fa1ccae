using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over what imports said about records that were there already.</summary>
static class ImportMentionStore
{
    const string Columns =
        "m.id, m.import_id, m.number, m.record_id, m.line, m.said::text as said, m.has_changed";

    public static Task<int> Insert(
        Session session, long importId, int number, MentionKind kind, IReadOnlyList<ImportMention> mentions,
        CancellationToken cancel) =>
        mentions.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            insert into import_mentions (workspace_id, import_id, number, kind, record_id, line, said,
                has_changed)
            select @WorkspaceId, @importId, @number, @kind, record_id, line, said::json, has_changed
            from unnest(@records, @lines, @said, @changed) given (record_id, line, said, has_changed)
            """,
            new
            {
                session.WorkspaceId, importId, number, kind = Word(kind),
                records = mentions.Column(mention => mention.RecordId),
                lines = mentions.Column(mention => mention.Line),
                said = mentions.Column(mention => mention.Said),
                changed = mentions.Column(mention => mention.HasChanged),
            },
            cancel);

    /// <summary>Those of one batch that changed something.</summary>
    public static Task<IReadOnlyList<ImportMention>> Changes(
        Session session, long importId, int number, MentionKind kind, CancellationToken cancel) =>
        session.List<ImportMention>(
            $"""
            select {Columns} from import_mentions m
            where m.workspace_id = @WorkspaceId and m.import_id = @importId and m.number = @number
              and m.kind = @kind and m.has_changed
            """,
            new { session.WorkspaceId, importId, number, kind = Word(kind) }, cancel);

    /// <summary>What other imports said about these records, the earliest first.</summary>
    public static async Task<ILookup<long, ImportMention>> OfOthers(
        Session session, long importId, MentionKind kind, IEnumerable<long> records,
        CancellationToken cancel) =>
        (await session.List<ImportMention>(
            $"""
            select {Columns}, i.duplicate_rule as rule_word, i.file_name
            from unnest(@records) asked (id) cross join lateral (
                select * from import_mentions
                where workspace_id = @WorkspaceId and record_id = asked.id and kind = @kind
                  and import_id <> @importId offset 0) m
            join imports i on i.workspace_id = @WorkspaceId and i.id = m.import_id
            order by m.id
            """,
            new { session.WorkspaceId, importId, kind = Word(kind), records = records.Distinct().ToArray() },
            cancel)).ToLookup(mention => mention.RecordId);

    /// <summary>Puts down anew what was said, seen from what the record holds by now.</summary>
    public static Task<int> Rewrite(
        Session session, IReadOnlyList<ImportMention> mentions, CancellationToken cancel) =>
        mentions.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            update import_mentions set
                said = (@said)[array_position(@ids, id)]::json,
                has_changed = (@changed)[array_position(@ids, id)]
            where workspace_id = @WorkspaceId and record_id = any(@records) and id = any(@ids)
            """,
            Values(session, mentions), cancel);

    public static Task<int> Delete(
        Session session, IReadOnlyList<ImportMention> mentions, CancellationToken cancel) =>
        mentions.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            delete from import_mentions
            where workspace_id = @WorkspaceId and record_id = any(@records) and id = any(@ids)
            """,
            Values(session, mentions), cancel);

    static object Values(Session session, IReadOnlyList<ImportMention> mentions) => new
    {
        session.WorkspaceId,
        records = mentions.Column(mention => mention.RecordId),
        ids = mentions.Column(mention => mention.Id),
        said = mentions.Column(mention => mention.Said),
        changed = mentions.Column(mention => mention.HasChanged),
    };

    static string Word(MentionKind kind) => kind.ToString().ToLowerInvariant();
}
