using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL that reads leads for ranking. Training and serving read the same view.</summary>
static class KnownLeadStore
{
    const string Columns =
        """
        select s.lead_id, l.state, c.full_name, s.created_at, l.ranked_at, l.score, s.title, s.country,
            s.region, s.company_name, s.company_domain, s.industry, s.description, s.employee_count,
            s.founded_year, s.raised_on, s.raised_usd,
            (select coalesce(jsonb_agg(
                    jsonb_build_object('field', f.field, 'value', f.value, 'at', f.observed_at)
                    order by f.field, f.observed_at desc), '[]')::text
             from (select * from facts p
                   where p.workspace_id = s.workspace_id and p.contact_id = s.contact_id
                   union all
                   select * from facts o
                   where o.workspace_id = s.workspace_id and o.company_id = s.company_id) f) as facts
        from stg_leads s
        join leads l on l.workspace_id = s.workspace_id and l.id = s.lead_id
        join contacts c on c.workspace_id = s.workspace_id and c.id = s.contact_id
        """;

    public static Task<IReadOnlyList<KnownLead>> List(
        Session session, IReadOnlyList<long> ids, CancellationToken cancel) =>
        session.List<KnownLead>(
            $"{Columns} where s.workspace_id = @WorkspaceId and s.lead_id = any(@ids) order by s.lead_id",
            new { session.WorkspaceId, ids = ids.ToArray() }, cancel);

    /// <summary>Leads that are ranked and wait to be enrolled, in their order.</summary>
    public static Task<IReadOnlyList<KnownLead>> Waiting(
        Session session, int limit, CancellationToken cancel) =>
        session.List<KnownLead>(
            $"""
            {Columns} where s.workspace_id = @WorkspaceId and l.state in ('ranked', 'accepted')
            order by l.rank_order desc nulls last, l.id limit @limit
            """,
            new { session.WorkspaceId, limit }, cancel);
}
