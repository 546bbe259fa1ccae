using Overture.Core.Data;

namespace Overture.Core.Model;

public static class WorkspaceStore
{
    const string Columns =
        "id, name, time_zone, dry_run, enrichment_mode, stopped_at, stopped_by, stop_reason, created_at, "
        + "(select quarantine_reason from instance) as quarantine_reason, "
        + "(select unrecorded_since from instance) as unrecorded_since, "
        + "(select unrecorded_reason from instance) as unrecorded_reason";

    public static Task<long> Add(
        Session session, string name, string timeZone, DateTimeOffset now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into workspaces (name, time_zone, created_at) values (@name, @timeZone, @now)
            returning id
            """,
            new { name, timeZone, now },
            cancel);

    public static Task<Workspace?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Workspace>($"select {Columns} from workspaces where id = @id", new { id }, cancel);

    /// <summary>The workspace that the session is bound to.</summary>
    public static async Task<Workspace> Get(Session session, CancellationToken cancel) =>
        await Find(session, session.WorkspaceId, cancel)
            ?? throw RuleBroken.NotFound("workspace", session.WorkspaceId);

    /// <summary>Holds the row against a stop or a switch of the dry run until the transaction ends.</summary>
    public static Task<Workspace?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Workspace>(
            $"select {Columns} from workspaces where id = @id for share", new { id }, cancel);

    /// <summary>The same as part of a batch.</summary>
    public static Rows<Workspace> Hold(Batch batch) =>
        batch.List<Workspace>(
            $"select {Columns} from workspaces where id = @WorkspaceId for share", new { batch.WorkspaceId });

    public static Task<IReadOnlyList<Workspace>> All(Session session, CancellationToken cancel) =>
        session.List<Workspace>($"select {Columns} from workspaces order by id limit 1000", null, cancel);

    public static Task SetDetails(
        Session session, long id, string name, string timeZone, CancellationToken cancel) =>
        session.Run(
            "update workspaces set name = @name, time_zone = @timeZone where id = @id",
            new { id, name, timeZone },
            cancel);

    public static Task SetDryRun(Session session, long id, bool dryRun, CancellationToken cancel) =>
        session.Run("update workspaces set dry_run = @dryRun where id = @id", new { id, dryRun }, cancel);

    public static Task SetEnrichmentMode(
        Session session, long id, EnrichmentMode mode, CancellationToken cancel) =>
        session.Run(
            "update workspaces set enrichment_mode = @mode where id = @id",
            new { id, mode = mode.ToString().ToLowerInvariant() },
            cancel);

    /// <summary>Keeps the first stop: a second press must not hide who stopped and when.</summary>
    public static Task Stop(
        Session session, long id, string by, string reason, DateTimeOffset now, CancellationToken cancel) =>
        session.Run(
            """
            update workspaces set stopped_at = @now, stopped_by = @by, stop_reason = @reason
            where id = @id and stopped_at is null
            """,
            new { id, by, reason, now },
            cancel);

    public static Task Resume(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "update workspaces set stopped_at = null, stopped_by = null, stop_reason = null where id = @id",
            new { id },
            cancel);
}
