using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// People by the thousand: one statement for a whole batch of them. Each is looked up by its own keys, also
/// while the planner still believes that the table is empty.
/// </summary>
static class ImportContactStore
{
    const string Columns =
        """
        c.id, c.company_id, c.full_name, c.first_name, c.last_name, c.title, c.email, c.phone,
        c.linkedin_url as LinkedInUrl, c.city, c.region, c.country, c.time_zone, c.source, c.created_at,
        c.updated_at
        """;

    /// <summary>Everybody who has one of these addresses or profiles; twice, who has both.</summary>
    public static Task<IReadOnlyList<Contact>> WithKeys(
        Session session, string[] emailKeys, string[] linkedInKeys, CancellationToken cancel) =>
        session.List<Contact>(
            $"""
            select {Columns} from unnest(@emailKeys) asked (key) cross join lateral (
                select * from contacts where workspace_id = @WorkspaceId and email_key = asked.key offset 0) c
            union all
            select {Columns} from unnest(@linkedInKeys) asked (key) cross join lateral (
                select * from contacts
                where workspace_id = @WorkspaceId and linkedin_key = asked.key offset 0) c
            order by id
            """,
            new { session.WorkspaceId, emailKeys, linkedInKeys }, cancel);

    /// <summary>Everybody of one of these names at the company beside it; the arrays are pairs.</summary>
    public static Task<IReadOnlyList<Contact>> WithNames(
        Session session, long[] companies, string[] names, CancellationToken cancel) =>
        session.List<Contact>(
            $"""
            with asked as materialized (
                select company_id, name, hashtext(name) as name_hash
                from unnest(@companies, @names) given (company_id, name))
            select {Columns} from asked cross join lateral (
                select * from contacts
                where workspace_id = @WorkspaceId and company_id = asked.company_id
                  and name_hash = asked.name_hash and lower(full_name) = asked.name offset 0) c
            order by c.id
            """,
            new { session.WorkspaceId, companies, names }, cancel);

    public static Task<IReadOnlyList<Contact>> Find(
        Session session, long[] ids, CancellationToken cancel) =>
        session.List<Contact>(
            $"select {Columns} from contacts c where c.workspace_id = @WorkspaceId and c.id = any(@ids)",
            new { session.WorkspaceId, ids }, cancel);

    public static async Task<IReadOnlyList<long>> Reserve(
        Session session, int count, CancellationToken cancel) =>
        count == 0 ? [] : await session.List<long>(
            "select nextval('contacts_id_seq') from generate_series(1, @count)",
            new { count }, cancel);

    public static Task<int> Insert(
        Session session, IReadOnlyList<Contact> rows, string?[] emailKeys, string?[] linkedInKeys,
        DateTime now, CancellationToken cancel) =>
        rows.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            insert into contacts (workspace_id, id, company_id, full_name, first_name, last_name,
                title, email,
                email_key, phone, linkedin_url, linkedin_key, city, region, country, time_zone, source,
                created_at, updated_at)
            overriding system value
            select @WorkspaceId, id, company_id, full_name, first_name, last_name, title, email, email_key,
                phone, linkedin_url, linkedin_key, city, region, country, time_zone, source, @now, @now
            from unnest(@ids, @companies, @names, @firstNames, @lastNames, @titles, @emails, @emailKeys,
                @phones, @linkedInUrls, @linkedInKeys, @cities, @regions, @countries, @timeZones, @sources)
                as given (id, company_id, full_name, first_name, last_name, title, email, email_key, phone,
                    linkedin_url, linkedin_key, city, region, country, time_zone, source)
            """,
            Values(session, rows, emailKeys, linkedInKeys, now), cancel);

    /// <summary>
    /// An insert that always meets its key: an update joined with what is given would have its order from
    /// the planner, who knows nothing of a table that was filled a minute ago.
    /// </summary>
    public static Task<int> Update(
        Session session, IReadOnlyList<Contact> rows, string?[] emailKeys, string?[] linkedInKeys,
        DateTime now, CancellationToken cancel) =>
        rows.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            insert into contacts (workspace_id, id, company_id, full_name, first_name, last_name,
                title, email,
                email_key, phone, linkedin_url, linkedin_key, city, region, country, time_zone, source,
                created_at, updated_at)
            overriding system value
            select @WorkspaceId, given.id, company_id, full_name, first_name, last_name, title, email,
                email_key, phone, linkedin_url, linkedin_key, city, region, country, time_zone, source,
                @now, @now
            from unnest(@ids, @companies, @names, @firstNames, @lastNames, @titles, @emails, @emailKeys,
                @phones, @linkedInUrls, @linkedInKeys, @cities, @regions, @countries, @timeZones, @sources)
                as given (id, company_id, full_name, first_name, last_name, title, email, email_key, phone,
                    linkedin_url, linkedin_key, city, region, country, time_zone, source)
            cross join lateral (
                select id from contacts
                where workspace_id = @WorkspaceId and id = given.id for update offset 0) standing
            on conflict (workspace_id, id) do update set company_id = excluded.company_id,
                full_name = excluded.full_name, first_name = excluded.first_name,
                last_name = excluded.last_name, title = excluded.title, email = excluded.email,
                email_key = excluded.email_key, phone = excluded.phone,
                linkedin_url = excluded.linkedin_url, linkedin_key = excluded.linkedin_key,
                city = excluded.city, region = excluded.region, country = excluded.country,
                time_zone = excluded.time_zone, updated_at = excluded.updated_at
            """,
            Values(session, rows, emailKeys, linkedInKeys, now), cancel);

    static object Values(
        Session session, IReadOnlyList<Contact> rows, string?[] emailKeys, string?[] linkedInKeys,
        DateTime now) => new
    {
        session.WorkspaceId, emailKeys, linkedInKeys, now,
        ids = rows.Column(row => row.Id), companies = rows.Column(row => row.CompanyId),
        names = rows.Column(row => row.FullName), firstNames = rows.Column(row => row.FirstName),
        lastNames = rows.Column(row => row.LastName), titles = rows.Column(row => row.Title),
        emails = rows.Column(row => row.Email),
        phones = rows.Column(row => row.Phone), linkedInUrls = rows.Column(row => row.LinkedInUrl),
        cities = rows.Column(row => row.City), regions = rows.Column(row => row.Region),
        countries = rows.Column(row => row.Country), timeZones = rows.Column(row => row.TimeZone),
        sources = rows.Column(row => row.Source),
    };
}
