using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Ranking;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that searches the sources of a discovery and proposes whom they name. A page and the place it
/// leaves the search at are one commit; a page asked for before the process was killed is not paid twice.
/// </summary>
public sealed class DiscoverLeads(
    Database database, DiscoverySources sources, Discoveries discoveries, TimeProvider time) : IJobKind
{
    public const string Name = "discover_leads";
    const int PreviewSize = 10;
    const int PageSize = 100;
    const int MostPages = 400;
    static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5);

    /// <summary>Asked from a page, where no node lives.</summary>
    const int NoNode = 0;

    public string Kind => Name;

    public sealed record Args(long DiscoveryId);

    public sealed record Summary(int Found, int Proposed, IReadOnlyList<string> Problems);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var discovery = await discoveries.Get(run.WorkspaceId, run.Parameters<Args>().DiscoveryId, cancel);
        var rules = DiscoveryRules.Parse(discovery.Rules);
        var asker = new Asker(run.WorkspaceId, run.Node);
        var reached = run.Checkpoint<Reached>() ?? new Reached(0, null, 0, 0, 0, []);
        while (reached.Source < discovery.Sources.Length && reached.Proposed < discovery.MostPerRun)
        {
            var source = discovery.Sources[reached.Source];
            var left = discovery.MostPerRun - reached.Proposed;
            // Pages are counted by their size, so it stays the same through a run.
            var size = Math.Min(PageSize, discovery.MostPerRun);
            var reply = await sources.Page(asker, source, rules, size, reached.Next, cancel);
            if (reply.Failure is { IsTemporary: true } temporary)
                return new JobOutcome.Retry(temporary.Sentence, temporary.RetryAfter ?? AfterTrouble);
            var page = reply.Value ?? FoundPage.End;
            var items = source == "dataforseo" ? await Visited(asker, page.Items, cancel) : page.Items;
            await using var session = await database.Open(run.WorkspaceId, cancel);
            var added =
                await Propose(session, discovery, source, rules, items.Take(left), page.RawRecordId, cancel);
            reached = Next(reached, page, added, Trouble(source, reply));
            await run.SaveCheckpoint(
                session, reached, reached.Proposed, discovery.MostPerRun, $"Searching {source}", cancel);
            if (reached.Source >= discovery.Sources.Length || reached.Proposed >= discovery.MostPerRun)
                await DiscoveryStore.MarkRun(session, discovery.Id, time.GetUtcNow().UtcDateTime, cancel);
            await session.Announce(Discoveries.LiveTopic, discovery.Id, cancel);
            await session.Commit(cancel);
        }

        return new JobOutcome.Completed(new Summary(reached.Found, reached.Proposed, reached.Problems));
    }

    /// <summary>
    /// Asks each source for ten, proposes them, and keeps what the sources say they have and what a whole run
    /// would cost.
    /// </summary>
    public async Task<IReadOnlyList<SourceEstimate>> Preview(
        long workspaceId, long id, CancellationToken cancel)
    {
        var discovery = await discoveries.Get(workspaceId, id, cancel);
        // A look waits for nobody.
        var rules = DiscoveryRules.Parse(discovery.Rules) with { Queued = false };
        var asker = new Asker(workspaceId, NoNode);
        var estimates = new List<SourceEstimate>();
        foreach (var source in discovery.Sources)
        {
            var reply = await sources.Page(asker, source, rules, PreviewSize, null, cancel);
            await database.InWorkspace(
                workspaceId,
                session => Propose(
                    session, discovery, source, rules, (reply.Value?.Items ?? []).Take(PreviewSize),
                    reply.RawRecordId, cancel), cancel);
            estimates.Add(Estimate(
                discovery, source, DiscoveryRules.Parse(discovery.Rules), reply.Value?.Total,
                Trouble(source, reply)));
        }

        var text = JsonSerializer.Serialize(estimates, JobJson.Options);
        await database.InWorkspace(
            workspaceId, session => DiscoveryStore.PutEstimate(session, id, text, cancel), cancel);
        return estimates;
    }

    /// <summary>What looking would cost, before anybody is asked.</summary>
    public static SourceEstimate Estimate(
        Discovery discovery, string source, DiscoveryRules rules, long? matches, string? trouble)
    {
        var (perPage, pageSize, perLead) = DiscoverySources.Price(source, rules);
        var wanted = Math.Min(matches ?? long.MaxValue, discovery.MostPerRun);
        var pages = source == "dataforseo"
            ? rules.WebSearches().Count : Math.Ceiling(wanted / (decimal)pageSize);
        return new SourceEstimate(
            source, matches, pages * perPage, perLead, ProviderKind.Of(source).Unit, trouble);
    }

    async Task<IReadOnlyList<Found>> Visited(
        Asker asker, IReadOnlyList<Found> items, CancellationToken cancel)
    {
        var visited = new List<Found>();
        foreach (var item in items)
            visited.Add(item with { Content = await sources.Visit(asker, item.Content, cancel) });
        return visited;
    }

    async Task<int> Propose(
        Session session, Discovery discovery, string source, DiscoveryRules rules, IEnumerable<Found> items,
        long? rawId, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var profile = rules.Profile();
        var added = 0;
        foreach (var item in items)
            added += await DiscoveryStore.Propose(
                session, discovery.Id, source, item.ExternalId, item.Content.ToJson(), item.IsMasked,
                profile.IsSilent
                ? null : profile.Score(Facts(item.Content), DateOnly.FromDateTime(now)).Value, rawId, now,
                cancel);
        return added;
    }

    static Reached Next(Reached reached, FoundPage page, int added, string? trouble)
    {
        var isLast = page.Next is null || reached.Pages + 1 >= MostPages;
        return new Reached(
            isLast ? reached.Source + 1 : reached.Source, isLast ? null : page.Next,
            isLast ? 0 : reached.Pages + 1, reached.Found + page.Items.Count, reached.Proposed + added,
            trouble is null ? reached.Problems : [.. reached.Problems, trouble]);
    }

    static string? Trouble(string source, Reply<FoundPage> reply) => reply.Kind switch
    {
        ReplyKind.Found => null,
        ReplyKind.Lost =>
            $"{source}: the answer was lost; it is not asked again today, as it may have been paid.",
        ReplyKind.Busy => $"{source} is being asked the same by somebody else; try again in a minute.",
        _ => reply.Failure?.Sentence ?? $"{source} gave no answer.",
    };

    static LeadFacts Facts(ProposalContent found) => new()
    {
        Title = found.Title, Country = found.Country, Region = found.City,
        Company = found.CompanyName is null ? null : new Ranking.CompanyFacts
        {
            Name = found.CompanyName, Domain = found.Domain, Industry = found.Industry,
            EmployeeCount = found.EmployeeCount is { } count and <= int.MaxValue ? (int)count : null,
            Description = found.Description,
        },
    };

    sealed record Reached(
        int Source, string? Next, int Pages, int Found, int Proposed, IReadOnlyList<string> Problems);
}
