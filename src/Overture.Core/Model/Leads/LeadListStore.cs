using System.Globalization;
using Dapper;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// What is done with everybody whom a filter names; <see cref="LeadPageStore"/> lists them.
/// </summary>
static class LeadListStore
{
    public static async Task<long> Count(Session session, LeadFilter filter, CancellationToken cancel) =>
        (await (await LeadPageStore.Open(session, filter, 1, cancel)).Total(cancel)).Count;

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
            from (select {query.Id} as id {query.Found}{query.Where} limit {LeadPageStore.MostCounted}) picked
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
}
