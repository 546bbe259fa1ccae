using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// What may be done to a workspace as a whole. The stop and the dry run are read by every send.
/// </summary>
public sealed class Workspaces(Database database, TimeProvider time)
{
    const int LongestName = 200;
    const int LongestReason = 500;

    public Task<Workspace> Get(long id, CancellationToken cancel) => database.InWorkspace(
        id,
        async session =>
            await WorkspaceStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("workspace", id),
        cancel);

    public Task<IReadOnlyList<Workspace>> All(CancellationToken cancel) =>
        database.InInstance(s => WorkspaceStore.All(s, cancel), cancel);

    /// <summary>
    /// A workspace for the command line. It belongs to those who own one already; while there is nobody, the
    /// claim link gives it an owner later.
    /// </summary>
    public Task<long> Add(string name, string timeZone, CancellationToken cancel)
    {
        CheckName(name);
        CheckTimeZone(timeZone);
        var now = time.GetUtcNow();
        return database.InInstance(
            async session =>
            {
                var id = await WorkspaceStore.Add(session, name.Trim(), timeZone, now, cancel);
                await UserStore.AddOwners(session, id, now, cancel);
                return id;
            },
            cancel);
    }

    public Task SetDetails(long id, string name, string timeZone, CancellationToken cancel)
    {
        CheckName(name);
        CheckTimeZone(timeZone);
        return Change(id, s => WorkspaceStore.SetDetails(s, id, name.Trim(), timeZone, cancel), cancel);
    }

    public Task SetDryRun(long id, bool dryRun, CancellationToken cancel) =>
        Change(id, s => WorkspaceStore.SetDryRun(s, id, dryRun, cancel), cancel);

    public Task SetEnrichmentMode(long id, EnrichmentMode mode, CancellationToken cancel) =>
        Change(id, s => WorkspaceStore.SetEnrichmentMode(s, id, mode, cancel), cancel);

    /// <summary>Stops all sending of the workspace at once; what waits keeps waiting.</summary>
    public Task Stop(long id, string by, string reason, CancellationToken cancel)
    {
        if (reason.Trim().Length is 0 or > LongestReason)
            throw new RuleBroken("reason_missing", "Say in a few words why sending stops.", "reason");
        return Change(id, s =>
            WorkspaceStore.Stop(s, id, by, reason.Trim(), time.GetUtcNow(), cancel), cancel);
    }

    public Task Resume(long id, CancellationToken cancel) =>
        Change(id, s => WorkspaceStore.Resume(s, id, cancel), cancel);

    internal static void CheckName(string name)
    {
        if (name.Trim().Length is 0 or > LongestName)
            throw new RuleBroken("workspace_name_missing", "Give the workspace a name.", "workspace_name");
    }

    internal static void CheckTimeZone(string timeZone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone) || !zone.HasIanaId)
            throw new RuleBroken(
                "time_zone_unknown", $"There is no time zone “{timeZone}”. Example: Europe/Vienna",
                    "time_zone");
    }

    Task Change(long id, Func<Session, Task> change, CancellationToken cancel) => database.InWorkspace(
        id,
        async session =>
        {
            await change(session);
            await session.In(id).Announce("workspace", id, cancel);
        },
        cancel);
}
