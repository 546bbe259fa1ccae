using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What one commit of an import did, in the form in which it is kept.</summary>
sealed record ImportBatch
{
    public required int Number { get; init; }
    public long[] AddedCompanies { get; init; } = [];
    public long[] AddedContacts { get; init; } = [];

    /// <summary>Field by field, by what the values of the added are known again.</summary>
    public short[] CompanyMarks { get; init; } = [];

    public short[] ContactMarks { get; init; } = [];

    /// <summary>
    /// Three columns of the leads to open: the person, their company, the line of the file.
    /// </summary>
    public long[] LeadContacts { get; init; } = [];

    public long?[] LeadCompanies { get; init; } = [];

    public long[] LeadLines { get; init; } = [];
}

/// <summary>All SQL over the batches of imports, and over what is looked up for a whole batch.</summary>
static class ImportBatchStore
{
    // What an undo reads of a batch: where its leads came from is no part of it.
    const string Columns =
        "number, added_companies, added_contacts, company_marks, contact_marks, lead_contacts";

    /// <summary>
    /// Whether what is joined is looked up by its key, row by row. The planner knows nothing yet of tables
    /// that an import has just begun to fill, and would read them whole for every batch.
    /// </summary>
    public static Task JoinByKeys(Session session, bool isOn, CancellationToken cancel) => session.Run(
        """
        select set_config(setting, @others, true)
        from unnest(array['enable_hashjoin', 'enable_mergejoin', 'enable_material']) setting
        """,
        new { others = isOn ? "off" : "on" }, cancel);

    /// <summary>
    /// Until the transaction ends no import is taken back, or with <paramref name="isAlone"/> none goes on:
    /// one must not lean on what the other takes away.
    /// </summary>
    public static Task Hold(Session session, bool isAlone, CancellationToken cancel) => session.Run(
        $"""
        select pg_advisory_xact_lock{(isAlone ? "" : "_shared")}(
            hashtextextended('imports of ' || @WorkspaceId, 0))
        """,
        new { session.WorkspaceId }, cancel);

    public static Task<int> Insert(
        Session session, long importId, ImportBatch batch, CancellationToken cancel) =>
        session.Run(
            """
            insert into import_batches (workspace_id, import_id, number, added_companies, added_contacts,
                company_marks, contact_marks, lead_contacts, lead_companies, lead_lines)
            values (@WorkspaceId, @importId, @Number, @AddedCompanies, @AddedContacts, @CompanyMarks,
                @ContactMarks, @LeadContacts, @LeadCompanies, @LeadLines)
            """,
            new
            {
                session.WorkspaceId, importId, batch.Number, batch.AddedCompanies, batch.AddedContacts,
                batch.CompanyMarks, batch.ContactMarks, batch.LeadContacts, batch.LeadCompanies,
                batch.LeadLines,
            },
            cancel);

    /// <summary>
    /// Opens the leads of the first batch that still waits for it; returns how many batches that were: 1 or
    /// 0.
    /// </summary>
    public static Task<int> OpenLeads(
        Session session, long importId, string source, string fileName, DateTime now,
        CancellationToken cancel) =>
        session.One<int>(
            """
            with batch as (
                update import_batches b set leads_opened = true
                where b.workspace_id = @WorkspaceId and b.import_id = @importId and b.number = (
                    select min(number) from import_batches
                    where workspace_id = @WorkspaceId and import_id = @importId and not leads_opened)
                returning b.lead_contacts, b.lead_companies, b.lead_lines),
            opened as (
                insert into leads (workspace_id, contact_id, company_id, state, source, source_detail,
                    created_at, updated_at)
                select @WorkspaceId, given.contact_id, given.company_id, 'new', @source,
                    @fileName || ', line ' || given.line, @now, @now
                from batch, unnest(lead_contacts, lead_companies, lead_lines)
                    given (contact_id, company_id, line)
                on conflict (workspace_id, contact_id) do nothing)
            select count(*)::int from batch
            """,
            new { session.WorkspaceId, importId, source, fileName, now }, cancel);

    /// <summary>The same for a batch whose listing is at hand; 0 when it was opened before.</summary>
    public static Task<int> OpenLeads(
        Session session, long importId, int number, LeadListing listing, string fileName, DateTime now,
        CancellationToken cancel) =>
        session.One<int>(
            """
            with given_here as materialized (select set_config('overture.listing', 'given', true)),
            batch as (
                update import_batches b set leads_opened = true
                from given_here
                where b.workspace_id = @WorkspaceId and b.import_id = @importId and b.number = @number
                    and not b.leads_opened
                returning b.lead_contacts, b.lead_companies, b.lead_lines),
            opened as (
                insert into leads (workspace_id, contact_id, company_id, state, source, source_detail,
                    created_at, updated_at)
                select @WorkspaceId, given.contact_id, given.company_id, 'new', @Source,
                    @fileName || ', line ' || given.line, @now, @now
                from batch, unnest(lead_contacts, lead_companies, lead_lines)
                    given (contact_id, company_id, line)
                on conflict (workspace_id, contact_id) do nothing
                returning id, contact_id),
            listed as (
                insert into lead_listing (workspace_id, lead_id, name_key, company_key, words)
                select @WorkspaceId, o.id, given.name_key, given.company_key, array_to_tsvector(
                    string_to_array(given.words, E'\x1f') || ('part=' || (o.id >> 17)))
                from opened o
                join unnest(@Contacts, @NameKeys, @CompanyKeys, @Words)
                    given (contact_id, name_key, company_key, words) on given.contact_id = o.contact_id
                order by o.id),
            facets as (
                insert into facet_values (workspace_id, kind, value)
                select @WorkspaceId, kind, left(value, 300) from (
                    select 'industry', unnest(@Industries) union select 'country', unnest(@Countries)
                    union select 'source', @Source) given (kind, value)
                where exists (select from batch)
                on conflict do nothing)
            select count(*)::int from batch
            """,
            new
            {
                session.WorkspaceId, importId, number, fileName, now, listing.Contacts, listing.NameKeys,
                listing.CompanyKeys, listing.Words, listing.Industries, listing.Countries, listing.Source,
            },
            cancel);

    /// <summary>
    /// Lists those leads of the import anew that a later row changed: they may have been listed as they were
    /// before.
    /// </summary>
    public static Task ListChangedAgain(Session session, long importId, CancellationToken cancel) =>
        session.Run(
            """
            with opened as materialized (
                select l.id, l.contact_id, l.company_id from import_batches b, unnest(b.lead_contacts) c
                join leads l on l.workspace_id = @WorkspaceId and l.contact_id = c
                where b.workspace_id = @WorkspaceId and b.import_id = @importId
                  and exists (select from import_mentions
                              where workspace_id = @WorkspaceId and import_id = @importId and has_changed)),
            changed as materialized (
                select kind, record_id from import_mentions
                where workspace_id = @WorkspaceId and import_id = @importId and has_changed)
            select list_leads_again(array_agg(@WorkspaceId), array_agg(id)) from opened
            where contact_id in (select record_id from changed where kind = 'contact')
               or company_id in (select record_id from changed where kind = 'company')
            having count(*) > 0
            """,
            new { session.WorkspaceId, importId }, cancel);

    /// <summary>Those of these people who have a lead, or will have one from this import.</summary>
    public static async Task<HashSet<long>> WithLead(
        Session session, long importId, long[] contacts, CancellationToken cancel) =>
        contacts.Length == 0 ? [] : [.. await session.List<long>(
            """
            select l.contact_id from unnest(@contacts) asked (contact_id) cross join lateral (
                select contact_id from leads
                where workspace_id = @WorkspaceId and contact_id = asked.contact_id offset 0) l
            union
            select unnest(lead_contacts) from import_batches
            where workspace_id = @WorkspaceId and import_id = @importId and not leads_opened
            """,
            new { session.WorkspaceId, importId, contacts }, cancel)];

    /// <summary>Those of these addresses and domains that must not be contacted.</summary>
    public static async Task<HashSet<string>> Suppressed(
        Session session, string[] addresses, string[] domains, CancellationToken cancel) =>
        addresses.Length == 0 ? [] : [.. await session.List<string>(
            """
            select value from suppressions
            where workspace_id = @WorkspaceId
              and ((kind = 'address' and value = any(@addresses))
                   or (kind = 'domain' and value = any(@domains)))
            """,
            new { session.WorkspaceId, addresses, domains }, cancel)];

    /// <summary>The last batches first.</summary>
    public static Task<ImportBatch?> Last(
        Session session, long importId, CancellationToken cancel) =>
        session.Maybe<ImportBatch>(
            $"""
            select {Columns} from import_batches
            where workspace_id = @WorkspaceId and import_id = @importId order by number desc limit 1
            """,
            new { session.WorkspaceId, importId }, cancel);

    /// <summary>
    /// What another import leaves behind becomes this one's: it had named the same. The arrays of a kind run
    /// beside each other.
    /// </summary>
    public static Task<int> Inherit(
        Session session, long importId, ImportBatch more, CancellationToken cancel) =>
        session.Run(
            """
            update import_batches set
                added_companies = added_companies || @AddedCompanies,
                company_marks = company_marks || @CompanyMarks,
                added_contacts = added_contacts || @AddedContacts,
                contact_marks = contact_marks || @ContactMarks,
                lead_contacts = lead_contacts || @LeadContacts,
                lead_companies = lead_companies || @LeadCompanies, lead_lines = lead_lines || @LeadLines
            where workspace_id = @WorkspaceId and import_id = @importId and number = @Number
            """,
            new
            {
                session.WorkspaceId, importId, more.Number, more.AddedCompanies, more.CompanyMarks,
                more.AddedContacts, more.ContactMarks, more.LeadContacts, more.LeadCompanies, more.LeadLines,
            },
            cancel);

    public static Task<int> Delete(
        Session session, long importId, int number, CancellationToken cancel) =>
        session.Run(
            """
            delete from import_batches
            where workspace_id = @WorkspaceId and import_id = @importId and number = @number
            """,
            new { session.WorkspaceId, importId, number }, cancel);
}
