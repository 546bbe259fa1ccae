using Dapper;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over companies.</summary>
static class CompanyStore
{
    const long MostCounted = 20_000;

    /// <summary>So few are all fetched by their words; more are soon met from the newest on.</summary>
    const long MostGathered = 5_000;

    const string Found =
        "and id in (select found.id from company_search found where found.workspace_id = @WorkspaceId)";

    const string Columns =
        """
        id, name, domain, website, linkedin_url as LinkedInUrl, industry, description, country, region,
        city, phone, employee_count, founded_year, cik, raised_usd, raised_on, source, created_at, updated_at
        """;

    public static Task<Company?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Company>(
            $"select {Columns} from companies where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>The companies of these leads.</summary>
    public static Rows<Company> OfLeads(Batch batch, long[] leadIds) =>
        batch.List<Company>(
            $"""
            select {Columns} from companies
            where workspace_id = @WorkspaceId and id in (
                select company_id from leads where workspace_id = @WorkspaceId and id = any(@leadIds))
            """,
            new { batch.WorkspaceId, leadIds });

    /// <summary>
    /// The company that these marks identify: by CIK, then domain, then name where neither contradicts.
    /// </summary>
    public static Task<Company?> FindSame(
        Session session, string? cik, string? domain, string matchName, CancellationToken cancel) =>
        session.Maybe<Company>(
            $"""
            select {Columns} from companies
            where workspace_id = @WorkspaceId
              and (cik = @cik or domain = @domain
                   or (match_name = @matchName and (@domain::text is null or domain is null)
                       and (@cik::text is null or cik is null)))
            order by (cik = @cik) desc nulls last, (domain = @domain) desc nulls last, id
            limit 1
            """,
            new { session.WorkspaceId, cik, domain, matchName }, cancel);

    /// <summary>
    /// The next company with a domain, in the order of their numbers: one of those named, or one in which
    /// nobody is known.
    /// </summary>
    public static Task<Company?> NextWithoutPeople(
        Session session, long[]? ids, long afterId, CancellationToken cancel) =>
        session.Maybe<Company>(
            $"""
            select {Columns} from companies c
            where c.workspace_id = @WorkspaceId and c.id > @afterId and c.domain is not null
              and (c.id = any(@ids) or (@ids::bigint[] is null and not exists (
                  select from contacts p where p.workspace_id = c.workspace_id and p.company_id = c.id)))
            order by c.id limit 1
            """,
            new { session.WorkspaceId, ids, afterId }, cancel);

    public static Task<long> CountWithoutPeople(Session session, CancellationToken cancel) =>
        session.One<long>(
            """
            select count(*) from companies c
            where c.workspace_id = @WorkspaceId and c.domain is not null and not exists (
                select from contacts p where p.workspace_id = c.workspace_id and p.company_id = c.id)
            """,
            new { session.WorkspaceId }, cancel);

    public static Task<long> Insert(
        Session session, Company company, string matchName, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into companies (workspace_id, name, match_name, domain, website, linkedin_url, industry,
                description, country, region, city, phone, employee_count, founded_year, cik, raised_usd,
                raised_on, source, created_at, updated_at)
            values (@WorkspaceId, @Name, @matchName, @Domain, @Website, @LinkedInUrl, @Industry, @Description,
                @Country, @Region, @City, @Phone, @EmployeeCount, @FoundedYear, @Cik, @RaisedUsd, @RaisedOn,
                    @Source, @now, @now)
            returning id
            """,
            Values(session, company, matchName, now), cancel);

    /// <summary>Writes the whole merged record; what to keep was decided before.</summary>
    public static Task<int> Update(
        Session session, Company company, string matchName, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update companies set name = @Name, match_name = @matchName, domain = @Domain, website = @Website,
                linkedin_url = @LinkedInUrl, industry = @Industry, description = @Description,
                country = @Country, region = @Region, city = @City, phone = @Phone,
                employee_count = @EmployeeCount, founded_year = @FoundedYear, cik = @Cik,
                raised_usd = @RaisedUsd, raised_on = @RaisedOn, updated_at = @now
            where workspace_id = @WorkspaceId and id = @Id
            """,
            Values(session, company, matchName, now), cancel);

    public static async Task<IReadOnlyList<Company>> List(
        Session session, string? words, long? beforeId, int limit, CancellationToken cancel)
    {
        await LeadQueryStore.LookFor(session, words, cancel);
        var isCommon = words is not null && MostGathered < await session.Expected(
            "select from company_search where workspace_id = @WorkspaceId",
            new DynamicParameters(new { session.WorkspaceId }), cancel);
        return await session.List<Company>(
            $"""
            select {Columns} from companies
            where workspace_id = @WorkspaceId
            {(words is null ? "" : isCommon ? "and words @@ @words::tsquery" : Found)}
            {(beforeId is null ? "" : "and id < @beforeId")}
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, words, beforeId, limit }, cancel);
    }

    /// <summary>Counted up to a limit, estimated beyond it.</summary>
    public static async Task<RowTotal> Total(Session session, string? words, CancellationToken cancel)
    {
        var query = $"select from {(words is null ? "companies" : "company_search")} "
            + "where workspace_id = @WorkspaceId";
        var values = new DynamicParameters(new { session.WorkspaceId, most = MostCounted + 1 });
        await LeadQueryStore.LookFor(session, words, cancel);
        var expected = await session.Expected(query, values, cancel);
        if (expected > MostCounted) return new RowTotal(Plans.Rounded(expected), true);
        var counted = await session.One<long>(
            $"select count(*) from ({query} limit @most) met", values, cancel);
        return counted <= MostCounted ? new RowTotal(counted, false)
            : new RowTotal(Plans.Rounded(counted), true);
    }

    static object Values(Session session, Company company, string matchName, DateTime now) => new
    {
        session.WorkspaceId, company.Id, company.Name, matchName, company.Domain, company.Website,
        company.LinkedInUrl, company.Industry, company.Description, company.Country, company.Region,
        company.City, company.Phone, company.EmployeeCount, company.FoundedYear, company.Cik,
        company.RaisedUsd, company.RaisedOn, company.Source, now,
    };
}
