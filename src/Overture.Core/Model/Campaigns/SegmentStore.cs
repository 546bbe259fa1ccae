using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>A filter with a name; who belongs to it is found anew each time it is read.</summary>
public sealed record Segment(long Id, string Name, LeadFilter Filter);

/// <summary>All SQL over segments.</summary>
static class SegmentStore
{
    public static async Task<IReadOnlyList<Segment>> List(Session session, CancellationToken cancel) =>
        [.. (await session.List<(long Id, string Name, string Filter)>(
            "select id, name, filter::text from segments where workspace_id = @WorkspaceId order by name",
            new { session.WorkspaceId }, cancel)).Select(row => new Segment(row.Id, row.Name,
            Read(row.Filter)))];

    /// <summary>Keeps a filter under its name, also when there is one of that name.</summary>
    public static Task<long> Put(
        Session session, string name, LeadFilter filter, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into segments (workspace_id, name, filter, created_at, updated_at)
            values (@WorkspaceId, @name, @filter::jsonb, @now, @now)
            on conflict (workspace_id, name) do update
                set filter = excluded.filter, updated_at = excluded.updated_at
            returning id
            """,
            new { session.WorkspaceId, name, filter = JsonSerializer.Serialize(filter, JobJson.Options),
            now }, cancel);

    public static Task<int> Delete(Session session, long id, CancellationToken cancel) =>
        session.Run(
            """
            delete from segments s where workspace_id = @WorkspaceId and id = @id and not exists (
                select from campaigns c where c.workspace_id = s.workspace_id and c.segment_id = s.id)
            """,
            new { session.WorkspaceId, id }, cancel);

    /// <summary>Whom a campaign is for: its segment as it is now, or else its own filter.</summary>
    public static async Task<LeadFilter> AudienceOf(
        Session session, Campaign campaign, CancellationToken cancel) =>
        Read(campaign.SegmentId is not { } id ? campaign.Audience : await session.One<string>(
            "select filter::text from segments where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel));

    static LeadFilter Read(string filter) =>
        JsonSerializer.Deserialize<LeadFilter>(filter, JobJson.Options) ?? new LeadFilter();
}

/// <summary>What a person may do with segments.</summary>
public sealed class Segments(Database database, TimeProvider time)
{
    public Task<IReadOnlyList<Segment>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => SegmentStore.List(session, cancel), cancel);

    public Task<long> Put(long workspaceId, string name, LeadFilter filter, CancellationToken cancel)
    {
        if (name.Trim().Length is 0 or > 200)
            throw new RuleBroken(
                "segment_name", "Give the segment a name of at most 200 characters.", "name");
        return database.InWorkspace(
            workspaceId,
            session => SegmentStore.Put(session, name.Trim(), filter, time.GetUtcNow().UtcDateTime, cancel),
            cancel);
    }

    public Task Delete(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await SegmentStore.Delete(session, id, cancel) == 0)
                    throw new RuleBroken(
                        "segment_in_use", "There is no such segment, or a campaign uses it as its audience.");
            },
            cancel);
}
