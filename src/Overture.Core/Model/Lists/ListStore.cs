using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over lists and saved views, except who is put on a list by a filter.</summary>
static class ListStore
{
    public static Task<IReadOnlyList<LeadList>> All(Session session, CancellationToken cancel) =>
        session.List<LeadList>(
            """
            select l.id, l.name, l.created_at,
                   (select count(*) from list_members m
                    where m.workspace_id = l.workspace_id and m.list_id = l.id) as member_count
            from lists l where l.workspace_id = @WorkspaceId order by lower(l.name), l.id
            """,
            new { session.WorkspaceId }, cancel);

    public static Task<LeadList?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<LeadList>(
            """
            select l.id, l.name, l.created_at,
                   (select count(*) from list_members m
                    where m.workspace_id = l.workspace_id and m.list_id = l.id) as member_count
            from lists l where l.workspace_id = @WorkspaceId and l.id = @id
            """,
            new { session.WorkspaceId, id }, cancel);

    /// <summary>Null when a list of this name is there already.</summary>
    public static Task<long?> Insert(Session session, string name, DateTime now, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            insert into lists (workspace_id, name, created_at) values (@WorkspaceId, @name, @now)
            on conflict (workspace_id, name) do nothing returning id
            """,
            new { session.WorkspaceId, name, now }, cancel);

    public static Task<int> Delete(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from lists where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<IReadOnlyList<SavedView>> Views(Session session, CancellationToken cancel) =>
        session.List<SavedView>(
            """
            select id, name, query, created_by, created_at from saved_views
            where workspace_id = @WorkspaceId order by id
            """,
            new { session.WorkspaceId }, cancel);

    /// <summary>A view of the same name is replaced.</summary>
    public static Task<long> PutView(
        Session session, string name, string query, string by, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into saved_views (workspace_id, name, query, created_by, created_at)
            values (@WorkspaceId, @name, @query, @by, @now)
            on conflict (workspace_id, name) do update set query = excluded.query returning id
            """,
            new { session.WorkspaceId, name, query, by, now }, cancel);

    public static Task<int> DeleteView(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from saved_views where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);
}
