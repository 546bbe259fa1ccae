using System.Globalization;
using Dapper;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// The filtered, keyset-paged listing of leads. The numbers of a page are found first, by the narrowest
/// tables there are; names and addresses are looked up for those only.
/// </summary>
static class LeadListStore
{
    /// <summary>So few are all fetched and sorted; of more, the newest are looked for first.</summary>
    const long MostGathered = 5_000;

    /// <summary>
    /// Words on more than one lead in so many are sooner met by going through the leads in order than by
    /// gathering a stretch of them.
    /// </summary>
    const long CommonIn = 50;

    const long MostCounted = 5_000;

    /// <summary>The members of a list lie side by side.</summary>
    const long MostMembersCounted = 100_000;

    const long MostWithWords = 20_000;
    const int LeadsOfPartBits = 17;
    const int Widening = 4;

    const string WithTheseWords = "select from lead_search where workspace_id = @WorkspaceId";

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

    public static async Task<IReadOnlyList<LeadRow>> Page(
        Session session, LeadFilter filter, LeadCursor? after, int limit, CancellationToken cancel,
        string? alike = null)
    {
        var ids = await Ids(session, filter, after, limit, alike, cancel);
        return ids.Count == 0 ? [] : await session.List<LeadRow>(
            Details, new { session.WorkspaceId, ids = ids.ToArray() }, cancel);
    }

    /// <summary>The numbers of one page in its order.</summary>
    public static async Task<IReadOnlyList<long>> Ids(
        Session session, LeadFilter filter, LeadCursor? after, int limit, string? alike,
        CancellationToken cancel, IReadOnlyList<long>? only = null)
    {
        var query = await Query(session, filter, alike, cancel);
        if (only is not null) query.Only(only);
        var expected = query.Words is null ? long.MaxValue
            : await session.Expected(WithTheseWords, query.Values, cancel);
        var gathers = expected <= MostGathered;
        if (!gathers && query.Words is not null)
        {
            var all = await All(session, cancel);
            if (filter.Sort == LeadSort.Newest && only is null && expected * CommonIn <= all)
                return await NewestFirst(session, query, after, limit, cancel);
            // As many are gathered as would else be passed over on the way through all leads in order.
            gathers = filter.Sort != LeadSort.Newest && expected * expected <= limit * all;
        }

        var found = new List<long>();
        foreach (var stretch in LeadOrder.Stretches(filter.Sort, after, query.Id))
        {
            if (found.Count >= limit) break;
            query.Values.Add("limit", limit - found.Count);
            LeadOrder.AddTo(query.Values, after);
            found.AddRange(await session.List<long>(
                Select(query, stretch, gathers), query.Values, cancel));
        }

        return found;
    }

    public static async Task<RowTotal> Total(
        Session session, LeadFilter filter, string? alike, CancellationToken cancel)
    {
        var query = await Query(session, filter with { Sort = LeadSort.Newest }, alike, cancel);
        var (rows, most) = filter.IsWholeList
            ? ("from list_members where workspace_id = @WorkspaceId and list_id = @listId",
                MostMembersCounted)
            : ($"{query.Found}{query.Where}", MostCounted);
        var expected = await session.Expected($"select {rows}", query.Values, cancel);
        // Few leads may have a state and many the words: those would all be looked at.
        if (expected > most || (query.Words is not null
            && await session.Expected(WithTheseWords, query.Values, cancel) > MostWithWords))
            return new RowTotal(Plans.Rounded(expected), true);
        query.Values.Add("most", most + 1);
        var counted = await session.One<long>(
            $"select count(*) from (select {rows} limit @most) met", query.Values, cancel);
        return counted <= most ? new RowTotal(counted, false)
            : new RowTotal(Plans.Rounded(Math.Max(expected, counted)), true);
    }

    public static async Task<long> Count(Session session, LeadFilter filter, CancellationToken cancel) =>
        (await Total(session, filter, null, cancel)).Count;

    /// <summary>
    /// Leads of an audience that this campaign never enrolled and may enroll, in the order of the ranking:
    /// nobody who is active elsewhere, unless the campaign may overlap, and nobody whom another campaign has
    /// lost.
    /// </summary>
    public static async Task<IReadOnlyList<long>> NotEnrolled(
        Session session, LeadFilter filter, Campaign campaign, int limit, CancellationToken cancel)
    {
        var query = await Query(session, filter with { Sort = LeadSort.Score }, null, cancel);
        query.Values.Add("limit", limit);
        query.Values.Add("campaignId", campaign.Id);
        query.Values.Add("overlaps", campaign.AllowsOverlap);
        return await session.List<long>(
            $"""
            select l.id {query.Found}{query.Where}
              and l.state in ('ranked', 'accepted', 'enrolled')
              and not exists (select from enrollments e where e.workspace_id = l.workspace_id
                  and e.contact_id = l.contact_id
                  and (e.campaign_id = @campaignId or (e.state in ('active', 'paused') and not @overlaps)
                      or e.finish_reason not in ('completed', 'removed', 'ended')))
            order by l.rank_order desc nulls last, l.id limit @limit
            """,
            query.Values, cancel);
    }

    /// <summary>The lead with the fewest of the facts that texts are made of.</summary>
    public static async Task<long?> LeastKnown(
        Session session, LeadFilter filter, CancellationToken cancel)
    {
        var query = await Query(session, filter with { Sort = LeadSort.Newest }, null, cancel);
        return await session.Maybe<long?>(
            $"""
            select l.id
            from (select {query.Id} as id {query.Found}{query.Where} limit {MostCounted}) picked
            join leads l on l.workspace_id = @WorkspaceId and l.id = picked.id
            join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
            left join companies co on co.workspace_id = l.workspace_id and co.id = l.company_id
            order by num_nulls(c.first_name, c.last_name, c.title, co.name, co.industry, co.raised_usd,
                coalesce(c.city, co.city), coalesce(c.country, co.country)) desc, l.id limit 1
            """,
            query.Values, cancel);
    }

    /// <summary>Puts everybody whom the filter names on a list; returns how many were not on it.</summary>
    public static async Task<int> AddToList(
        Session session, LeadSelection selection, long toList, DateTime now, CancellationToken cancel)
    {
        var query = await Query(session, selection, cancel);
        query.Values.Add("toList", toList);
        query.Values.Add("now", now);
        return await session.Run(
            $"""
            insert into list_members (workspace_id, list_id, lead_id, added_at)
            select @WorkspaceId, @toList, {query.Id}, @now {query.Found}{query.Where}
            on conflict do nothing
            """,
            query.Values, cancel);
    }

    public static async Task<int> RemoveFromList(
        Session session, LeadSelection selection, long fromList, CancellationToken cancel)
    {
        var query = await Query(session, selection, cancel);
        query.Values.Add("fromList", fromList);
        return await session.Run(
            $"""
            delete from list_members where workspace_id = @WorkspaceId and list_id = @fromList
              and lead_id in (select {query.Id} {query.Found}{query.Where})
            """,
            query.Values, cancel);
    }

    /// <summary>Suppresses the address of everybody whom the filter names.</summary>
    public static async Task<int> Suppress(
        Session session, LeadSelection selection, string note, string by, DateTime now,
        CancellationToken cancel)
    {
        var query = await Query(session, selection, cancel);
        query.Values.Add("note", note);
        query.Values.Add("by", by);
        query.Values.Add("now", now);
        return await session.Run(
            $"""
            insert into suppressions (workspace_id, kind, value, reason, note, created_by, created_at)
            select distinct @WorkspaceId, 'address', c.email_key, 'manual', @note, @by, @now
            from contacts c join leads chosen
                on chosen.workspace_id = c.workspace_id and chosen.contact_id = c.id
            where c.workspace_id = @WorkspaceId and c.email_key is not null
              and chosen.id in (select {query.Id} {query.Found}{query.Where})
            on conflict do nothing
            """,
            query.Values, cancel);
    }

    static async Task<LeadQueryStore> Query(
        Session session, LeadSelection selection, CancellationToken cancel)
    {
        var query = await Query(session, selection.Filter with { Sort = LeadSort.Newest }, null, cancel);
        if (selection.Ids is { } ids) query.Only(ids);
        return query;
    }

    public static Task<IReadOnlyList<string>> Facets(
        Session session, string kind, CancellationToken cancel) =>
        session.List<string>(
            """
            select value from facet_values
            where workspace_id = @WorkspaceId and kind = @kind order by value limit 200
            """,
            new { session.WorkspaceId, kind }, cancel);

    /// <summary>The cursor that continues after this row.</summary>
    public static LeadCursor CursorOf(LeadRow row, LeadSort sort) => sort switch
    {
        LeadSort.Score => new LeadCursor(row.Score?.ToString(CultureInfo.InvariantCulture), row.Id),
        LeadSort.Name => new LeadCursor(row.NameKey, row.Id),
        LeadSort.Company => new LeadCursor(row.CompanyKey, row.Id),
        _ => new LeadCursor(null, row.Id),
    };

    static async Task<LeadQueryStore> Query(
        Session session, LeadFilter filter, string? alike, CancellationToken cancel)
    {
        var query = new LeadQueryStore(
            session, filter, alike, sortsByListing: filter.Sort is LeadSort.Name or LeadSort.Company,
            sortsByLead: filter.Sort is LeadSort.Score);
        await LeadQueryStore.LookFor(session, query.Words, cancel);
        return query;
    }

    // Few leads with these words are fetched by them, whatever the planner thinks of the order.
    static string Select(LeadQueryStore query, LeadStretch stretch, bool gathers) => gathers
        ? $"""
        with gathered as materialized (
            select lead_id from lead_search where workspace_id = @WorkspaceId)
        select {query.Id} {query.From}{query.Where}{stretch.Where}
          and {query.Id} in (select lead_id from gathered)
        {stretch.Order} limit @limit
        """
        : $"select {query.Id} {query.From}{query.WithWords}{stretch.Where} {stretch.Order} limit @limit";

    // Neither rare nor common: stretches of ids from the newest on, each four times as long as the one
    // before.
    static async Task<IReadOnlyList<long>> NewestFirst(
        Session session, LeadQueryStore query, LeadCursor? after, int limit, CancellationToken cancel)
    {
        var found = new List<long>();
        var below = after?.Id ?? await session.One<long>(
            "select coalesce(max(lead_id), 0) + 1 from lead_listing where workspace_id = @WorkspaceId",
            new { session.WorkspaceId }, cancel);
        var last = (below - 1) >> LeadsOfPartBits;
        query.Values.Add("below", below);
        for (var length = 1L; last >= 0 && found.Count < limit; length *= Widening)
        {
            var first = Math.Max(0, last - length + 1);
            await LeadQueryStore.LookFor(
                session, LeadWords.Within(query.Words!, first, last), cancel);
            query.Values.Add("limit", limit - found.Count);
            found.AddRange(await session.List<long>(
                $"""
                with gathered as materialized (
                    select lead_id from lead_search
                    where workspace_id = @WorkspaceId and lead_id < @below)
                select {query.Id} {query.From}{query.Where} and {query.Id} in (select lead_id from gathered)
                order by {query.Id} desc limit @limit
                """,
                query.Values, cancel));
            last = first - 1;
        }

        return found;
    }

    static Task<long> All(Session session, CancellationToken cancel) => session.Expected(
        "select from lead_listing where workspace_id = @WorkspaceId",
        new DynamicParameters(new { session.WorkspaceId }), cancel);
}
