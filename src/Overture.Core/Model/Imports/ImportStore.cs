using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>All SQL over imports.</summary>
static class ImportStore
{
    public static Task<Import?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Import>(
            """
            select id, file_name, content, mapping::text as mapping, duplicate_rule as rule_word, state,
                   report::text as report, job_id, created_at
            from imports where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id }, cancel);

    public static Task<long> Insert(
        Session session, string fileName, byte[] content, IReadOnlyDictionary<string, string> mapping,
        string by,
        DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into imports (workspace_id, file_name, content, mapping, state, created_by, created_at)
            values (@WorkspaceId, @fileName, @content, @mapping::jsonb, 'uploaded', @by, @now)
            returning id
            """,
            new { session.WorkspaceId, fileName, content, mapping = Json(mapping), by, now }, cancel);

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
        Session session, long id, string state, object report, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update imports set state = @state, report = @report::jsonb,
                               finished_at = case when @state = 'completed' then @now end
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state, report = JsonSerializer.Serialize(report, JobJson.Options),
            now }, cancel);

    static string Json(IReadOnlyDictionary<string, string> mapping) =>
        JsonSerializer.Serialize(mapping, JobJson.Options);

    static string Word(DuplicateRule rule) => rule switch
    {
        DuplicateRule.Overwrite => "overwrite",
        DuplicateRule.Skip => "skip",
        _ => "fill_blanks",
    };
}
