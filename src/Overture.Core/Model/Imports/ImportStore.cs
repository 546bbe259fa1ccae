using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>All SQL over imports, except their files and batches.</summary>
static class ImportStore
{
    // An import whose job was given up or cancelled has failed; a resumed job makes it run again.
    const string Columns =
        """
        i.id, i.file_name, i.encoding, i.row_count, i.size_bytes, i.recognised, i.mapping::text as mapping,
        i.duplicate_rule as rule_word, i.report::text as report, i.job_id, i.created_by, i.created_at,
        i.finished_at, i.forgotten_at, i.undone_at, i.undo_report::text as undo_report,
        case when i.state = 'running' and j.state in ('discarded', 'cancelled') then 'failed'
             else i.state end as state
        """;

    const string Source =
        """
        from imports i left join jobs j on j.workspace_id = i.workspace_id and j.id = i.job_id
        where i.workspace_id = @WorkspaceId
        """;

    public static Task<Import?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Import>(
            $"select {Columns} {Source} and i.id = @id", new { session.WorkspaceId, id }, cancel);

    public static Task<IReadOnlyList<Import>> List(
        Session session, long? beforeId, int limit, CancellationToken cancel) =>
        session.List<Import>(
            $"""
            select {Columns} {Source} and (@beforeId::bigint is null or i.id < @beforeId)
            order by i.id desc limit @limit
            """,
            new { session.WorkspaceId, beforeId, limit }, cancel);

    public static Task<long> Insert(
        Session session, string fileName, string by, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into imports (workspace_id, file_name, state, created_by, created_at)
            values (@WorkspaceId, @fileName, 'uploaded', @by, @now)
            returning id
            """,
            new { session.WorkspaceId, fileName, by, now }, cancel);

    public static Task<int> SetFacts(
        Session session, long id, string encoding, long rowCount, long sizeBytes, string? recognised,
        IReadOnlyDictionary<string, string> mapping, CancellationToken cancel) =>
        session.Run(
            """
            update imports set encoding = @encoding, row_count = @rowCount, size_bytes = @sizeBytes,
                recognised = @recognised, mapping = @mapping::jsonb
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, encoding, rowCount, sizeBytes, recognised,
                mapping = Json(mapping) },
            cancel);

    public static Task<int> SetMapping(
        Session session, long id, IReadOnlyDictionary<string, string> mapping, DuplicateRule rule,
        CancellationToken cancel) =>
        session.Run(
            """
            update imports set mapping = @mapping::jsonb, duplicate_rule = @rule
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, mapping = Json(mapping), rule = Word(rule) }, cancel);

    public static Task<int> SetJob(Session session, long id, long jobId, CancellationToken cancel) =>
        session.Run(
            "update imports set job_id = @jobId, state = 'running' where workspace_id = @WorkspaceId and "
            + "id = @id", new { session.WorkspaceId, id, jobId }, cancel);

    public static Task<int> SetReport(
        Session session, long id, ImportState state, object report, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update imports set state = @state, report = @report::jsonb,
                               finished_at = case when @state = 'completed' then @now end
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = Word(state),
            report = JsonSerializer.Serialize(report, JobJson.Options), now }, cancel);

    public static Task<int> SetUndone(
        Session session, long id, object report, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update imports set state = 'undone', undone_at = @now, undo_report = @report::jsonb
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, now, report = JsonSerializer.Serialize(report, JobJson.Options) },
            cancel);

    internal static string Json(IReadOnlyDictionary<string, string> mapping) =>
        JsonSerializer.Serialize(mapping, JobJson.Options);

    internal static string Word(DuplicateRule rule) => rule switch
    {
        DuplicateRule.Overwrite => "overwrite",
        DuplicateRule.Skip => "skip",
        _ => "fill_blanks",
    };

    static string Word(ImportState state) => state.ToString().ToLowerInvariant();
}
