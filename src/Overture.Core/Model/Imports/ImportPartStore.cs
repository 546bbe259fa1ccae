using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the parts of an uploaded file.</summary>
static class ImportPartStore
{
    public static Task<int> Insert(
        Session session, long importId, int position, byte[] content, CancellationToken cancel) =>
        session.Run(
            """
            insert into import_parts (workspace_id, import_id, position, content)
            values (@WorkspaceId, @importId, @position, @content)
            """,
            new { session.WorkspaceId, importId, position, content }, cancel);

    /// <summary>One part; null beyond the last one.</summary>
    public static Task<byte[]?> Find(
        Session session, long importId, int position, CancellationToken cancel) =>
        session.Maybe<byte[]>(
            """
            select content from import_parts
            where workspace_id = @WorkspaceId and import_id = @importId and position = @position
            """,
            new { session.WorkspaceId, importId, position }, cancel);

    /// <summary>
    /// Forgets the files and the undo of imports that began before this day, in every workspace.
    /// </summary>
    public static Task<int> Forget(
        Session session, DateTime before, DateTime now, int limit, CancellationToken cancel) =>
        session.Run(
            """
            with old as (
                select workspace_id, id from imports
                where created_at < @before and forgotten_at is null limit @limit for update skip locked),
            parts as (
                delete from import_parts p using old
                where p.workspace_id = old.workspace_id and p.import_id = old.id),
            batches as (
                delete from import_batches b using old
                where b.workspace_id = old.workspace_id and b.import_id = old.id and b.leads_opened)
            update imports i set forgotten_at = @now
            from old where i.workspace_id = old.workspace_id and i.id = old.id
            """,
            new { before, now, limit }, cancel);
}
