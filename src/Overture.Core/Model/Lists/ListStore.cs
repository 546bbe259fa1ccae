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

    /// <summary>0 when another list has this name.</summary>
    public static Task<int> Rename(Session session, long id, string name, CancellationToken cancel) =>
        session.Run(
            """
            update lists l set name = @name where l.workspace_id = @WorkspaceId and l.id = @id
              and not exists (select from lists o
                  where o.workspace_id = @WorkspaceId and o.name = @name and o.id <> @id)
            """,
            new { session.WorkspaceId, id, name }, cancel);

    /// <summary>Names of the campaigns that go on and of the segments whose audience is this list.</summary>
    public static Task<IReadOnlyList<string>> UsedBy(Session session, long id, CancellationToken cancel) =>
        session.List<string>(
            """
            select name from campaigns where workspace_id = @WorkspaceId
              and state in ('draft', 'running', 'paused') and segment_id is null
              and (audience ->> 'list_id')::bigint = @id
            union all
            select name from segments where workspace_id = @WorkspaceId
              and (filter ->> 'list_id')::bigint = @id
            """,
            new { session.WorkspaceId, id }, cancel);

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

    /// <summary>0 when another view has this name.</summary>
    public static Task<int> RenameView(Session session, long id, string name, CancellationToken cancel) =>
        session.Run(
            """
            update saved_views v set name = @name where v.workspace_id = @WorkspaceId and v.id = @id
              and not exists (select from saved_views o
                  where o.workspace_id = @WorkspaceId and o.name = @name and o.id <> @id)
            """,
            new { session.WorkspaceId, id, name }, cancel);

    public static Task<int> DeleteView(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from saved_views where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);
}
