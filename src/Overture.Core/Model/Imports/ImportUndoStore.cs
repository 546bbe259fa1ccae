using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What taking an import back would do now.</summary>
public sealed record UndoForecast
{
    public long LeadsRemoved { get; init; }
    public long ContactsRemoved { get; init; }
    public long CompaniesRemoved { get; init; }

    /// <summary>Added by the import, and written to, heard from or merged since.</summary>
    public long ContactsKept { get; init; }

    public long CompaniesKept { get; init; }

    /// <summary>Known before; they get back what the import changed and nobody changed since.</summary>
    public long ContactsChanged { get; init; }

    public long CompaniesChanged { get; init; }
}

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
         or exists (select from activity a
            where a.workspace_id = @WorkspaceId and a.lead_id = l.id and a.kind = 'merged'))
        """;

    public static Task<UndoForecast> Forecast(Session session, long importId, CancellationToken cancel) =>
        session.One<UndoForecast>(
            $"""
            with batch as materialized (
                select * from import_batches where workspace_id = @WorkspaceId and import_id = @importId),
            added as materialized (select unnest(added_contacts) as id from batch),
            founded as materialized (select unnest(added_companies) as id from batch),
            going_leads as materialized (
                select l.id, l.contact_id from leads l
                where l.workspace_id = @WorkspaceId
                  and l.contact_id in (select unnest(lead_contacts) from batch) and not {IsUsed}),
            going as materialized (
                select c.id from contacts c
                where c.workspace_id = @WorkspaceId and c.id in (select id from added)
                  and not exists (select from enrollments e
                      where e.workspace_id = @WorkspaceId and e.contact_id = c.id)
                  and not exists (select from leads l
                      where l.workspace_id = @WorkspaceId and l.contact_id = c.id
                        and l.id not in (select id from going_leads))),
            closing as materialized (
                select c.id from companies c
                where c.workspace_id = @WorkspaceId and c.id in (select id from founded)
                  and not exists (select from contacts p
                      where p.workspace_id = @WorkspaceId and p.company_id = c.id
                        and p.id not in (select id from going))
                  and not exists (select from leads l
                      where l.workspace_id = @WorkspaceId and l.company_id = c.id
                        and l.id not in (select id from going_leads)))
            select (select count(*) from going_leads) as leads_removed,
                   (select count(*) from going) as contacts_removed,
                   (select count(*) from closing) as companies_removed,
                   (select count(*) from contacts where workspace_id = @WorkspaceId
                        and id in (select id from added)
                        and id not in (select id from going)) as contacts_kept,
                   (select count(*) from companies where workspace_id = @WorkspaceId
                        and id in (select id from founded)
                        and id not in (select id from closing)) as companies_kept,
                   (select count(distinct change ->> 'id')
                    from batch, jsonb_array_elements(changed_contacts) change
                    where (change ->> 'id')::bigint not in (select id from added)) as contacts_changed,
                   (select count(distinct change ->> 'id')
                    from batch, jsonb_array_elements(changed_companies) change
                    where (change ->> 'id')::bigint not in (select id from founded)) as companies_changed
            """,
            new { session.WorkspaceId, importId }, cancel);

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
}
