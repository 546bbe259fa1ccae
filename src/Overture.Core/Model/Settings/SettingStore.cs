using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over settings.</summary>
static class SettingStore
{
    public static Task<string?> Find(Session session, string key, CancellationToken cancel) =>
        session.Maybe<string>(
            "select value::text from settings where workspace_id = @WorkspaceId and key = @key",
            new { session.WorkspaceId, key }, cancel);

    public static Task<int> Put(
        Session session, string key, string value, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into settings (workspace_id, key, value, updated_at, updated_by)
            values (@WorkspaceId, @key, @value::jsonb, @now, @by)
            on conflict (workspace_id, key) do update
                set value = excluded.value, updated_at = excluded.updated_at, updated_by = excluded.updated_by
            """,
            new { session.WorkspaceId, key, value, by, now }, cancel);
}
