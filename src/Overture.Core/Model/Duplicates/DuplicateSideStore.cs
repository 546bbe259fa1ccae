using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What is known of the records of pairs, for a person to compare.</summary>
static class DuplicateSideStore
{
    public static async Task<IReadOnlyDictionary<long, DuplicateSide>> Contacts(
        Session session, long[] ids, CancellationToken cancel) => ById(await session.List<DuplicateSide>(
            """
            select c.id, c.full_name as name, c.title, c.email, c.linkedin_url as LinkedInUrl, c.phone,
                   co.name as company_name, nullif(concat_ws(', ', c.city, c.region, c.country), '') as place,
                   c.source, c.created_at, l.state,
                   (select count(*) from messages m where m.workspace_id = c.workspace_id
                        and m.contact_id = c.id and m.state = 'sent') as message_count,
                   (select count(*) from list_members m where m.workspace_id = l.workspace_id
                        and m.lead_id = l.id) as list_count
            from contacts c
            left join companies co on co.workspace_id = c.workspace_id and co.id = c.company_id
            left join leads l on l.workspace_id = c.workspace_id and l.contact_id = c.id
            where c.workspace_id = @WorkspaceId and c.id = any(@ids)
            """,
            new { session.WorkspaceId, ids }, cancel));

    public static async Task<IReadOnlyDictionary<long, DuplicateSide>> Companies(
        Session session, long[] ids, CancellationToken cancel) => ById(await session.List<DuplicateSide>(
            """
            select c.id, c.name, coalesce(c.website, c.domain) as domain, c.linkedin_url as LinkedInUrl,
                   c.phone, c.industry, c.employee_count,
                   nullif(concat_ws(', ', c.city, c.region, c.country), '') as place, c.source, c.created_at,
                   (select count(*) from contacts p where p.workspace_id = c.workspace_id
                        and p.company_id = c.id) as person_count
            from companies c where c.workspace_id = @WorkspaceId and c.id = any(@ids)
            """,
            new { session.WorkspaceId, ids }, cancel));

    static Dictionary<long, DuplicateSide> ById(IReadOnlyList<DuplicateSide> sides) =>
        sides.ToDictionary(side => side.Id);
}
