using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>Companies by the thousand: one statement for a whole batch of them.</summary>
static class ImportCompanyStore
{
    const string Columns =
        """
        id, name, domain, website, linkedin_url as LinkedInUrl, industry, description, country, region,
        city, phone, employee_count, founded_year, cik, raised_usd, raised_on, source, created_at, updated_at
        """;

    /// <summary>Every company that one of these domains or names may mean, the oldest first.</summary>
    public static Task<IReadOnlyList<Company>> Candidates(
        Session session, string[] domains, string[] matchNames, CancellationToken cancel) =>
        session.List<Company>(
            $"""
            select {Columns} from (
                select c.* from unnest(@domains) asked (domain) cross join lateral (
                    select * from companies
                    where workspace_id = @WorkspaceId and domain = asked.domain offset 0) c
                union
                select c.* from unnest(@matchNames) asked (name) cross join lateral (
                    select * from companies
                    where workspace_id = @WorkspaceId and match_name = asked.name offset 0) c) known
            order by id
            """,
            new { session.WorkspaceId, domains, matchNames }, cancel);

    /// <summary>When each of these was changed last.</summary>
    public static Task<IReadOnlyList<(long Id, DateTime UpdatedAt)>> LastChanges(
        Session session, long[] ids, CancellationToken cancel) =>
        session.List<(long, DateTime)>(
            "select id, updated_at from companies where workspace_id = @WorkspaceId and id = any(@ids)",
            new { session.WorkspaceId, ids }, cancel);

    public static Task<IReadOnlyList<Company>> Find(
        Session session, long[] ids, CancellationToken cancel) =>
        session.List<Company>(
            $"""
            select {Columns} from companies where workspace_id = @WorkspaceId and id = any(@ids)
            """,
            new { session.WorkspaceId, ids }, cancel);

    public static async Task<IReadOnlyList<long>> Reserve(
        Session session, int count, CancellationToken cancel) =>
        count == 0 ? [] : await session.List<long>(
            "select nextval('companies_id_seq') from generate_series(1, @count)",
            new { count }, cancel);

    public static Task<int> Insert(
        Session session, IReadOnlyList<Company> rows, string[] matchNames, DateTime now,
        CancellationToken cancel) =>
        rows.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            insert into companies (workspace_id, id, name, match_name, domain, website, linkedin_url,
                industry,
                description, country, region, city, phone, employee_count, founded_year, raised_usd, source,
                created_at, updated_at)
            overriding system value
            select @WorkspaceId, id, name, match_name, domain, website, linkedin_url, industry, description,
                country, region, city, phone, employee_count, founded_year, raised_usd, source, @now, @now
            from unnest(@ids, @names, @matchNames, @domains, @websites, @linkedInUrls, @industries,
                @descriptions, @countries, @regions, @cities, @phones, @employeeCounts, @foundedYears,
                @raisedUsd, @sources)
                as given (id, name, match_name, domain, website, linkedin_url, industry, description, country,
                    region, city, phone, employee_count, founded_year, raised_usd, source)
            """,
            Values(session, rows, matchNames, now), cancel);

    /// <summary>As in <see cref="ImportContactStore.Update"/>: each is found by its key.</summary>
    public static Task<int> Update(
        Session session, IReadOnlyList<Company> rows, string[] matchNames, DateTime now,
        CancellationToken cancel) =>
        rows.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            insert into companies (workspace_id, id, name, match_name, domain, website, linkedin_url,
                industry, description, country, region, city, phone, employee_count, founded_year,
                raised_usd, source, created_at, updated_at)
            overriding system value
            select @WorkspaceId, given.id, name, match_name, domain, website, linkedin_url, industry,
                description, country, region, city, phone, employee_count, founded_year, raised_usd, source,
                @now, @now
            from unnest(@ids, @names, @matchNames, @domains, @websites, @linkedInUrls, @industries,
                @descriptions, @countries, @regions, @cities, @phones, @employeeCounts, @foundedYears,
                @raisedUsd, @sources)
                as given (id, name, match_name, domain, website, linkedin_url, industry, description, country,
                    region, city, phone, employee_count, founded_year, raised_usd, source)
            cross join lateral (
                select id from companies
                where workspace_id = @WorkspaceId and id = given.id for update offset 0) standing
            on conflict (workspace_id, id) do update set name = excluded.name,
                match_name = excluded.match_name, domain = excluded.domain, website = excluded.website,
                linkedin_url = excluded.linkedin_url, industry = excluded.industry,
                description = excluded.description, country = excluded.country, region = excluded.region,
                city = excluded.city, phone = excluded.phone, employee_count = excluded.employee_count,
                founded_year = excluded.founded_year, raised_usd = excluded.raised_usd,
                updated_at = excluded.updated_at
            """,
            Values(session, rows, matchNames, now), cancel);

    static object Values(
        Session session, IReadOnlyList<Company> rows, string[] matchNames, DateTime now) => new
    {
        session.WorkspaceId, matchNames, now,
        ids = rows.Column(row => row.Id), names = rows.Column(row => row.Name),
        domains = rows.Column(row => row.Domain), websites = rows.Column(row => row.Website),
        linkedInUrls = rows.Column(row => row.LinkedInUrl), industries = rows.Column(row => row.Industry),
        descriptions = rows.Column(row => row.Description), countries = rows.Column(row => row.Country),
        regions = rows.Column(row => row.Region), cities = rows.Column(row => row.City),
        phones = rows.Column(row => row.Phone), employeeCounts = rows.Column(row => row.EmployeeCount),
        foundedYears = rows.Column(row => row.FoundedYear), raisedUsd = rows.Column(row => row.RaisedUsd),
        sources = rows.Column(row => row.Source),
    };
}
