using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL that takes an import back, and that tells beforehand what this does.</summary>
static class ImportUndoStore
{
    // Of a lead l: somebody has begun something with it that must not be lost.
    const string IsUsed =
        """
        (exists (select from enrollments e
            where e.workspace_id = @WorkspaceId and e.contact_id = l.contact_id)
         or exists (select from conversations v
            where v.workspace_id = @WorkspaceId and v.contact_id = l.contact_id)
         or exists (select from deals d where d.workspace_id = @WorkspaceId and d.lead_id = l.id)
         or exists (select from tasks t where t.workspace_id = @WorkspaceId and t.lead_id = l.id)
         or exists (select from activity a where a.workspace_id = @WorkspaceId and a.lead_id = l.id
            and a.kind in ('collected', 'accepted', 'rejected', 'merged') and a.actor <> 'waterfall')
         or exists (select from contacts p join suppressions s on s.workspace_id = @WorkspaceId
                and s.kind = 'address' and s.value = p.email_key and s.created_at > l.created_at
                and s.created_by <> 'enrichment'
            where p.workspace_id = @WorkspaceId and p.id = l.contact_id))
        """;

    // What the import added or opened and another one named.
    const string NamedSql =
        $"""
        select distinct on (m.record_id) m.record_id as id, m.import_id
        from import_mentions m
        where m.workspace_id = @WorkspaceId and m.kind = 'contact' and m.import_id <> @importId
          and m.record_id in (
            select unnest(added_contacts || lead_contacts) from import_batches
            where workspace_id = @WorkspaceId and import_id = @importId)
          and not exists (select from leads l
            where l.workspace_id = @WorkspaceId and l.contact_id = m.record_id and {IsUsed})
        order by m.record_id, m.id
        """;

    public static async Task<UndoForecast> Forecast(
        Session session, long importId, CancellationToken cancel) =>
        await Count(session, importId, cancel) with { HeldBy = await HeldBy(session, importId, cancel) };

    /// <summary>Those of these people with whom something was begun.</summary>
    public static Task<IReadOnlyList<long>> Used(
        Session session, long[] contacts, CancellationToken cancel) =>
        session.List<long>(
            $"""
            select l.contact_id from leads l
            where l.workspace_id = @WorkspaceId and l.contact_id = any(@contacts) and {IsUsed}
            """,
            new { session.WorkspaceId, contacts }, cancel);

    /// <summary>Leads that were opened on these people and with which nothing was begun.</summary>
    public static Task<int> RemoveLeads(Session session, long[] contacts, CancellationToken cancel) =>
        session.Run(
            $"""
            delete from leads l where l.workspace_id = @WorkspaceId and l.contact_id = any(@contacts)
              and not {IsUsed}
            """,
            new { session.WorkspaceId, contacts }, cancel);

    /// <summary>Those of these people who are nobody's lead any more.</summary>
    public static Task<int> RemoveContacts(Session session, long[] contacts, CancellationToken cancel) =>
        session.Run(
            """
            delete from contacts c where c.workspace_id = @WorkspaceId and c.id = any(@contacts)
              and not exists (select from leads l where l.workspace_id = @WorkspaceId and l.contact_id = c.id)
              and not exists (select from enrollments e
                  where e.workspace_id = @WorkspaceId and e.contact_id = c.id)
            """,
            new { session.WorkspaceId, contacts }, cancel);

    /// <summary>Those of these companies where nobody is left.</summary>
    public static Task<int> RemoveCompanies(Session session, long[] companies, CancellationToken cancel) =>
        session.Run(
            """
            delete from companies c where c.workspace_id = @WorkspaceId and c.id = any(@companies)
              and not exists (select from contacts p
                  where p.workspace_id = @WorkspaceId and p.company_id = c.id)
              and not exists (select from leads l where l.workspace_id = @WorkspaceId and l.company_id = c.id)
            """,
            new { session.WorkspaceId, companies }, cancel);

    /// <summary>Their leads stand where they do: what was said of their company was taken back.</summary>
    public static Task<int> MoveLeads(
        Session session, long[] contacts, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update leads set company_id = stands.company_id, updated_at = @now from (
                select l.id, c.company_id from leads l cross join lateral (
                    select company_id from contacts
                    where workspace_id = @WorkspaceId and id = l.contact_id offset 0) c
                where l.workspace_id = @WorkspaceId and l.contact_id = any(@contacts)
                  and l.company_id is distinct from c.company_id) stands
            where workspace_id = @WorkspaceId and leads.id = stands.id
            """,
            new { session.WorkspaceId, contacts, now }, cancel);

    /// <summary>The leads of these people come from this file by now.</summary>
    public static Task<int> NameSource(
        Session session, string fileName, long[] contacts, long?[] lines, CancellationToken cancel) =>
        session.Run(
            """
            update leads set source_detail = @fileName
                || coalesce(', line ' || (@lines::bigint[])[array_position(@contacts, contact_id)], '')
            where workspace_id = @WorkspaceId and contact_id = any(@contacts)
            """,
            new { session.WorkspaceId, fileName, contacts, lines }, cancel);

    static Task<UndoForecast> Count(Session session, long importId, CancellationToken cancel) =>
        session.One<UndoForecast>(
            $"""
            with batch as materialized (
                select * from import_batches where workspace_id = @WorkspaceId and import_id = @importId),
            added as materialized (select unnest(added_contacts) as id from batch),
            founded as materialized (select unnest(added_companies) as id from batch),
            named as materialized ({NamedSql}),
            going_leads as materialized (
                select l.id, l.contact_id from leads l
                where l.workspace_id = @WorkspaceId
                  and l.contact_id in (select unnest(lead_contacts) from batch)
                  and l.contact_id not in (select id from named) and not {IsUsed}),
            going as materialized (
                select c.id from contacts c
                where c.workspace_id = @WorkspaceId and c.id in (select id from added)
                  and c.id not in (select id from named)
                  and not exists (select from enrollments e
                      where e.workspace_id = @WorkspaceId and e.contact_id = c.id)
                  and not exists (select from leads l
                      where l.workspace_id = @WorkspaceId and l.contact_id = c.id
                        and l.id not in (select id from going_leads))),
            closing as materialized (
                select c.id from companies c
                where c.workspace_id = @WorkspaceId and c.id in (select id from founded)
                  and not exists (select from import_mentions m
                      where m.workspace_id = @WorkspaceId and m.kind = 'company' and m.record_id = c.id
                        and m.import_id <> @importId)
                  and not exists (select from contacts p
                      where p.workspace_id = @WorkspaceId and p.company_id = c.id
                        and p.id not in (select id from going))
                  and not exists (select from leads l
                      where l.workspace_id = @WorkspaceId and l.company_id = c.id
                        and l.id not in (select id from going_leads)))
            select (select count(*) from going_leads) as leads_removed,
                   (select count(*) from going) as contacts_removed,
                   (select count(*) from closing) as companies_removed,
                   (select count(*) from named) as contacts_held,
                   (select count(*) from contacts where workspace_id = @WorkspaceId
                        and id in (select id from added) and id not in (select id from named)
                        and id not in (select id from going)) as contacts_kept,
                   (select count(*) from companies where workspace_id = @WorkspaceId
                        and id in (select id from founded)
                        and id not in (select id from closing)) as companies_kept,
                   (select count(distinct record_id) from import_mentions
                    where workspace_id = @WorkspaceId and import_id = @importId and has_changed
                      and kind = 'contact' and record_id not in (select id from added)) as contacts_changed,
                   (select count(distinct record_id) from import_mentions
                    where workspace_id = @WorkspaceId and import_id = @importId and has_changed
                      and kind = 'company'
                      and record_id not in (select id from founded)) as companies_changed
            """,
            new { session.WorkspaceId, importId }, cancel);

    static Task<IReadOnlyList<HeldBy>> HeldBy(Session session, long importId, CancellationToken cancel) =>
        session.List<HeldBy>(
            $"""
            select i.id as import_id, i.file_name, count(*)::int as people
            from ({NamedSql}) named join imports i on i.workspace_id = @WorkspaceId and i.id = named.import_id
            group by i.id, i.file_name order by i.id
            """,
            new { session.WorkspaceId, importId }, cancel);
}
