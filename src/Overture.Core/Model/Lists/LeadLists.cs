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
                ?? throw ListExists(name),
            cancel);

    public Task Rename(long workspaceId, long id, string name, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await ListStore.Find(session, id, cancel) is null) throw RuleBroken.NotFound("list", id);
                if (await ListStore.Rename(session, id, Checked(name), cancel) == 0) throw ListExists(name);
                await session.Announce("leads", 0, cancel);
            },
            cancel);

    /// <summary>
    /// The leads themselves stay. A list that a campaign or an audience draws on stays too: without it they
    /// would name nobody, and nobody would be told.
    /// </summary>
    public Task Delete(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var users = await ListStore.UsedBy(session, id, cancel);
                if (users.Count > 0)
                    throw new RuleBroken(
                        "list_in_use",
                        $"The list is the audience of “{string.Join("”, “", users)}”. Choose another one "
                        + "there first.");
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

    /// <summary>
    /// Never to write to any of them again, and to stop what runs; returns how many addresses that adds.
    /// </summary>
    public Task<int> Suppress(
        long workspaceId, LeadSelection selection, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var added = await LeadListStore.Suppress(
                    session, selection, "Chosen in the list of leads", by, Now(), cancel);
                await EnrollmentStore.FinishAllSuppressed(session, Now(), cancel);
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

    public Task RenameView(long workspaceId, long id, string name, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if ((await ListStore.Views(session, cancel)).All(view => view.Id != id))
                    throw RuleBroken.NotFound("view", id);
                if (await ListStore.RenameView(session, id, Checked(name), cancel) == 0)
                    throw new RuleBroken(
                        "view_exists", $"There is a view “{name.Trim()}” already; choose another name.",
                        "name");
            },
            cancel);

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

    static RuleBroken ListExists(string name) => new(
        "list_exists", $"There is a list “{name.Trim()}” already; choose another name.", "name");

    static string Checked(string name) => name.Trim() is { Length: > 0 and <= MaxNameCharacters } text
        ? text
        : throw new RuleBroken(
            "bad_name", $"Give it a name of at most {MaxNameCharacters} letters.", "name");
}
