using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with lists, saved views, and many leads at once.</summary>
public sealed class LeadLists(Database database, TimeProvider time)
{
    const int MaxNameCharacters = 200;
    const int MaxQueryCharacters = 2_000;

    public Task<IReadOnlyList<LeadList>> All(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => ListStore.All(session, cancel), cancel);

    public Task<LeadList> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            await ListStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("list", id), cancel);

    public Task<long> Create(long workspaceId, string name, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await ListStore.Insert(session, Checked(name), Now(), cancel)
                ?? throw new RuleBroken(
                    "list_exists", $"There is a list “{name.Trim()}” already; choose another name.", "name"),
            cancel);

    /// <summary>The leads themselves stay.</summary>
    public Task Delete(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await ListStore.Delete(session, id, cancel) == 0) throw RuleBroken.NotFound("list", id);
                await session.Announce("leads", 0, cancel);
            },
            cancel);

    /// <summary>Puts leads on a list; returns how many were not on it before.</summary>
    public Task<int> Add(long workspaceId, long id, LeadSelection selection, CancellationToken cancel) =>
        Change(workspaceId, id, session => LeadListStore.AddToList(session, selection, id, Now(), cancel),
            cancel);

    public Task<int> Remove(long workspaceId, long id, LeadSelection selection, CancellationToken cancel) =>
        Change(workspaceId, id, session => LeadListStore.RemoveFromList(session, selection, id, cancel),
            cancel);

    /// <summary>Never to write to any of them again; returns how many addresses that adds.</summary>
    public Task<int> Suppress(
        long workspaceId, LeadSelection selection, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var added = await LeadListStore.Suppress(
                    session, selection, "Chosen in the list of leads", by, Now(), cancel);
                await session.Announce("suppressions", 0, cancel);
                return added;
            },
            cancel);

    public Task<IReadOnlyList<SavedView>> Views(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => ListStore.Views(session, cancel), cancel);

    /// <summary>Keeps a filter under a name; the same name takes the newer filter.</summary>
    public Task<long> SaveView(
        long workspaceId, string name, string query, string by, CancellationToken cancel)
    {
        if (query.Length > MaxQueryCharacters)
            throw new RuleBroken(
                "view_too_long", $"The filter has more than {MaxQueryCharacters:N0} letters.", "query");
        return database.InWorkspace(
            workspaceId, session => ListStore.PutView(session, Checked(name), query, by, Now(), cancel),
            cancel);
    }

    public Task DeleteView(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await ListStore.DeleteView(session, id, cancel) == 0)
                    throw RuleBroken.NotFound("view", id);
            },
            cancel);

    Task<int> Change(
        long workspaceId, long id, Func<Session, Task<int>> change, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await ListStore.Find(session, id, cancel) is null) throw RuleBroken.NotFound("list", id);
                var changed = await change(session);
                await session.Announce("leads", 0, cancel);
                return changed;
            },
            cancel);

    DateTime Now() => time.GetUtcNow().UtcDateTime;

    static string Checked(string name) => name.Trim() is { Length: > 0 and <= MaxNameCharacters } text
        ? text
        : throw new RuleBroken(
            "bad_name", $"Give it a name of at most {MaxNameCharacters} letters.", "name");
}
