using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A lead with everything that a file can hold of it.</summary>
public sealed record ExportedLead
{
    public long Id { get; init; }
    public string FullName { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Email { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? LinkedInUrl { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? Country { get; init; }
    public string? TimeZone { get; init; }
    public string? Company { get; init; }
    public string? Website { get; init; }
    public string? CompanyLinkedIn { get; init; }
    public string? Industry { get; init; }
    public string? Description { get; init; }
    public int? EmployeeCount { get; init; }
    public int? FoundedYear { get; init; }
    public decimal? RaisedUsd { get; init; }
    public LeadState State { get; init; }
    public decimal? Score { get; init; }
    public string Source { get; init; } = "";
    public DateTime CreatedAt { get; init; }
    internal string? NameKey { get; init; }
    internal string? CompanyKey { get; init; }
}

/// <summary>The wide rows of an export.</summary>
static class LeadExportStore
{
    public static Task<IReadOnlyList<ExportedLead>> Rows(
        Session session, IReadOnlyList<long> ids, CancellationToken cancel) =>
        session.List<ExportedLead>(
            """
            select l.id, c.full_name, c.first_name, c.last_name, c.email, c.title, c.phone,
                   c.linkedin_url as LinkedInUrl, c.city, c.region,
                       coalesce(c.country, co.country) as country,
                   c.time_zone, co.name as company, coalesce(co.website, co.domain) as website,
                   co.linkedin_url as CompanyLinkedIn, co.industry, co.description, co.employee_count,
                   co.founded_year, co.raised_usd, l.state, l.score, l.source, l.created_at, s.name_key,
                   s.company_key
            from unnest(@ids) with ordinality page (id, place)
            join leads l on l.workspace_id = @WorkspaceId and l.id = page.id
            join lead_listing s on s.workspace_id = l.workspace_id and s.lead_id = l.id
            join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
            left join companies co on co.workspace_id = l.workspace_id and co.id = l.company_id
            order by page.place
            """,
            new { session.WorkspaceId, ids = ids.ToArray() }, cancel);

    public static LeadCursor CursorOf(ExportedLead row, LeadSort sort) => LeadListStore.CursorOf(
        new LeadRow
        {
            Id = row.Id, FullName = row.FullName, Source = row.Source, Score = row.Score,
            NameKey = row.NameKey, CompanyKey = row.CompanyKey,
        },
        sort);
}
