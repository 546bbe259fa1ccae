using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with discoveries and their proposals.</summary>
public sealed class Discoveries(Database database, TimeProvider time)
{
    public const string LiveTopic = "discoveries";
    public const int MostPerRun = 10_000;
    public const int LongestPauseDays = 365;
    const int LongestName = 200, MostShown = 200;

    public static IReadOnlyList<string> Sources { get; } =
        [.. ProviderKind.All.Where(kind => kind.CanDiscover).Select(kind => kind.Name)];

    public Task<IReadOnlyList<Discovery>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => DiscoveryStore.List(session, cancel), cancel);

    public Task<Discovery> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => Find(session, id, cancel), cancel);

    public Task<long> Create(long workspaceId, DiscoveryDraft draft, string by, CancellationToken cancel)
    {
        draft = Checked(draft);
        return database.InWorkspace(
            workspaceId,
            async session => await DiscoveryStore.Insert(
                session, draft, by, time.GetUtcNow().UtcDateTime, cancel)
                ?? throw new RuleBroken("name_taken", $"There is “{draft.Name}” already.", "name"),
            cancel);
    }

    public Task Update(long workspaceId, long id, DiscoveryDraft draft, CancellationToken cancel)
    {
        draft = Checked(draft);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var others = await DiscoveryStore.List(session, cancel);
                if (others.Any(other => other.Id != id && other.Name == draft.Name))
                    throw new RuleBroken("name_taken", $"There is “{draft.Name}” already.", "name");
                if (await DiscoveryStore.Update(
                    session, id, draft, time.GetUtcNow().UtcDateTime, cancel) == 0)
                    throw RuleBroken.NotFound("discovery", id);
            },
            cancel);
    }

    /// <summary>Deletes it with its proposals; leads made from them stay.</summary>
    public Task Delete(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await DiscoveryStore.Delete(session, id, cancel) == 0)
                    throw RuleBroken.NotFound("discovery", id);
            },
            cancel);

    public Task<(IReadOnlyList<Proposal> Rows, IReadOnlyDictionary<string, long> Counts)> Proposals(
        long workspaceId, long id, ProposalState? state, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                await Find(session, id, cancel);
                return (
                    await DiscoveryStore.Proposals(
                        session, id, state?.ToString().ToLowerInvariant(), MostShown, cancel),
                    await DiscoveryStore.CountByState(session, id, cancel));
            },
            cancel);

    /// <summary>Approves or dismisses proposals, all of them when none are named; returns how many.</summary>
    public Task<int> Decide(
        long workspaceId, long id, IReadOnlyList<long>? proposals, bool isApproved,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                await Find(session, id, cancel);
                var decided = await DiscoveryStore.Decide(
                    session, id, proposals?.ToArray(),
                    isApproved ? ProposalState.Approved : ProposalState.Dismissed,
                    time.GetUtcNow().UtcDateTime, cancel);
                await session.Announce(LiveTopic, id, cancel);
                return decided;
            },
            cancel);

    static async Task<Discovery> Find(Session session, long id, CancellationToken cancel) =>
        await DiscoveryStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("discovery", id);

    static DiscoveryDraft Checked(DiscoveryDraft draft)
    {
        var name = draft.Name.Trim();
        if (name.Length is 0 or > LongestName)
            throw new RuleBroken("name_missing", $"A name has 1 to {LongestName} letters.", "name");
        if (draft.Sources.Count == 0)
            throw new RuleBroken("source_missing", "Choose at least one source.", "sources");
        if (draft.Sources.FirstOrDefault(source => !Sources.Contains(source)) is { } unknown)
            throw new RuleBroken(
                "unknown_source", $"“{unknown}” is no source; there are {string.Join(", ", Sources)}.",
                "sources");
        if (draft.MostPerRun is < 1 or > MostPerRun)
            throw new RuleBroken("bad_number", $"A run finds 1 to {MostPerRun:N0}.", "most_per_run");
        if (draft.EveryDays is < 1 or > LongestPauseDays)
            throw new RuleBroken("bad_number", $"Repeat after 1 to {LongestPauseDays} days.", "every_days");
        var rules = DiscoveryRules.Parse(draft.Rules);
        if (draft.Sources.Contains("dataforseo") && rules.WebSearches().Count == 0)
            throw new RuleBroken(
                "searches_missing", "DataForSEO needs “searches” or “categories”: what to type into the "
                + "search engine.", "rules");
        return draft with { Name = name, Sources = [.. draft.Sources.Distinct()] };
    }
}
