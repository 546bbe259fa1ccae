using Dapper;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// One filtered list of leads, page by page, and how many are on it. The numbers of a page are found first,
/// by the narrowest tables there are; names and addresses are looked up for those only.
/// </summary>
sealed class LeadPageStore
{
    /// <summary>The part of the list that is counted; beyond it the number is an estimate.</summary>
    public const long MostCounted = 5_000;

    /// <summary>The members of a list lie side by side.</summary>
    const long MostMembersCounted = 100_000;

    /// <summary>So many rows with the words are looked at to count those that meet everything else.</summary>
    const long MostLookedAt = 5_000;

    const int Widening = 4;

    /// <summary>
    /// Stretches of so many parts are the last that name them; the next one takes all the rest.
    /// </summary>
    const int MostPartsNamed = 16;

    const string Details =
        """
        select l.id, c.full_name, c.title, c.email, c.linkedin_url as LinkedInUrl, l.company_id,
               co.name as company_name, co.domain as company_domain, co.industry,
               coalesce(c.country, co.country) as country, l.state, l.score, l.source, l.created_at,
               l.updated_at, s.name_key, s.company_key
        from unnest(@ids) with ordinality page (id, place)
        join leads l on l.workspace_id = @WorkspaceId and l.id = page.id
        join lead_listing s on s.workspace_id = l.workspace_id and s.lead_id = l.id
        join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
        left join companies co on co.workspace_id = l.workspace_id and co.id = l.company_id
        order by page.place
        """;

    readonly Session session;
    readonly LeadFilter filter;
    readonly LeadQueryStore query;
    readonly LeadWay? way;

    LeadPageStore(Session session, LeadFilter filter, LeadQueryStore query, LeadWay? way) =>
        (this.session, this.filter, this.query, this.way) = (session, filter, query, way);

    /// <param name="alike">Takes the place of what was typed, when nothing has those words.</param>
    public static async Task<LeadPageStore> Open(
        Session session, LeadFilter filter, int limit, CancellationToken cancel, string? alike = null)
    {
        var query = Query(session, filter, alike);
        return new LeadPageStore(session, filter, query, await Way(session, filter, query, limit, cancel));
    }

    /// <summary>The same of a selection; few who were ticked are found by their numbers.</summary>
    public static async Task<LeadPageStore> Open(
        Session session, LeadSelection selection, int limit, CancellationToken cancel)
    {
        if (selection.Ids is not { } ids) return await Open(session, selection.Filter, limit, cancel);
        var query = Query(session, selection.Filter, null);
        query.Only(ids);
        return new LeadPageStore(session, selection.Filter, query, null);
    }

    public async Task<IReadOnlyList<LeadRow>> Page(LeadCursor? after, int limit, CancellationToken cancel)
    {
        var ids = await Ids(after, limit, cancel);
        return ids.Count == 0 ? [] : await session.List<LeadRow>(
            Details, new { session.WorkspaceId, ids = ids.ToArray() }, cancel);
    }

    /// <summary>The numbers of one page in its order.</summary>
    public async Task<IReadOnlyList<long>> Ids(LeadCursor? after, int limit, CancellationToken cancel)
    {
        if (way is { Route: LeadRoute.InStretches }) return await NewestFirst(way, after, limit, cancel);
        var from = way switch
        {
            { Route: LeadRoute.Gathered } => query.FromGathered,
            { Route: LeadRoute.GatheredInOrder } => query.FromLeadsGathered,
            _ => $"{query.From}{query.WithWords}",
        };
        var gather = "";
        if (way is { Route: not LeadRoute.InOrder })
        {
            await LeadQueryStore.LookFor(session, way.Sought, cancel);
            gather = Gather(way);
        }

        var found = new List<long>();
        foreach (var stretch in LeadOrder.Stretches(filter.Sort, after, query.Id))
        {
            if (found.Count >= limit) break;
            query.Values.Add("limit", limit - found.Count);
            LeadOrder.AddTo(query.Values, after);
            found.AddRange(await session.List<long>(
                $"{gather} select {query.Id} {from}{stretch.Where} {stretch.Order} limit @limit",
                query.Values, cancel));
        }

        return found;
    }

    /// <summary>Exact for a short list, about so many for a long one.</summary>
    public async Task<RowTotal> Total(CancellationToken cancel)
    {
        if (way is not null) return await TotalWithWords(way, cancel);
        var plain = new LeadQueryStore(session, filter, null, sortsByListing: false, sortsByLead: false);
        var (rows, most) = filter.IsWholeList
            ? ("from list_members where workspace_id = @WorkspaceId and list_id = @listId",
                MostMembersCounted)
            : ($"{plain.From}{plain.Where}", MostCounted);
        var expected = await session.Expected($"select {rows}", plain.Values, cancel);
        return expected > most ? new RowTotal(Plans.Rounded(expected), true)
            : await Counted("", rows, expected, most, plain.Values, cancel);
    }

    async Task<RowTotal> TotalWithWords(LeadWay way, CancellationToken cancel)
    {
        if (way.Expected > MostCounted || way.Found > MostLookedAt)
            return new RowTotal(Plans.Rounded((long)Math.Max(1, way.Expected)), true);
        await LeadQueryStore.LookFor(session, way.Sought, cancel);
        return await Counted(
            Gather(way), query.FromGathered, (long)way.Expected, MostCounted, query.Values, cancel);
    }

    async Task<RowTotal> Counted(
        string gather, string rows, long expected, long most, DynamicParameters values,
        CancellationToken cancel)
    {
        values.Add("most", most + 1);
        var counted = await session.One<long>(
            $"{gather} select count(*) from (select {rows} limit @most) met", values, cancel);
        return counted <= most ? new RowTotal(counted, false)
            : new RowTotal(Plans.Rounded(Math.Max(expected, counted)), true);
    }

    // Stretches of ids from the newest on, each four times as long as the one before.
    async Task<IReadOnlyList<long>> NewestFirst(
        LeadWay way, LeadCursor? after, int limit, CancellationToken cancel)
    {
        var found = new List<long>();
        var below = after?.Id ?? await session.One<long>(
            "select coalesce(max(lead_id), 0) + 1 from lead_listing where workspace_id = @WorkspaceId",
            new { session.WorkspaceId }, cancel);
        for (var length = 1L; below > 0 && found.Count < limit; length *= Widening)
        {
            var last = (below - 1) >> LeadWords.LeadsOfPartBits;
            var first = length > MostPartsNamed ? 0 : Math.Max(0, last - length + 1);
            await LeadQueryStore.LookFor(
                session, length > MostPartsNamed ? way.Sought : LeadWords.Within(way.Sought, first, last),
                cancel);
            query.Values.Add("below", below);
            query.Values.Add("limit", limit - found.Count);
            found.AddRange(await session.List<long>(
                $"""
                {Gather(way, " and lead_id < @below")}
                select {query.Id} {query.FromGathered} order by {query.Id} desc limit @limit
                """,
                query.Values, cancel));
            below = first << LeadWords.LeadsOfPartBits;
        }

        return found;
    }

    static LeadQueryStore Query(Session session, LeadFilter filter, string? alike) => new(
        session, filter, alike, sortsByListing: filter.Sort is LeadSort.Name or LeadSort.Company,
        sortsByLead: filter.Sort is LeadSort.Score);

    // Read by their words first, whatever the planner thinks of the order.
    static string Gather(LeadWay way, string within = "") =>
        $"""
        with gathered as materialized (
            select workspace_id, lead_id, name_key, company_key from lead_search
            where workspace_id = @WorkspaceId{within}{(way.SeeksAll ? "" : " and words @@ @words::tsquery")})
        """;

    static async Task<LeadWay?> Way(
        Session session, LeadFilter filter, LeadQueryStore query, int limit, CancellationToken cancel)
    {
        if (query.Terms.Count == 0) return null;
        const string listed = "select from lead_listing where workspace_id = @WorkspaceId";
        var asked = session.Together();
        var all = asked.Expected(listed, new { session.WorkspaceId });
        var each = query.Terms.Select(term => asked.Expected(
            $"{listed} and words @@ @words::tsquery", new { session.WorkspaceId, words = term.Condition }))
            .ToList();
        await asked.Send(cancel);
        var leads = Math.Max(1, all.Rows);
        var others = query.OnLead is { } onLead
            ? await session.Expected(onLead, query.Values, cancel) : leads;
        return LeadWay.Of(
            [.. query.Terms.Zip(each, (term, expected) => (term, expected.Rows))], leads,
            Math.Min(1, (double)others / leads),
            filter.IsOrderedByIndex ? others : leads, filter.Sort, limit);
    }
}
