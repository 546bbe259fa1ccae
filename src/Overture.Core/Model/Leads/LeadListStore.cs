using System.Globalization;
using Dapper;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// The filtered, keyset-paged listing of leads. Every condition is one of the fixed texts below; what a
/// person typed travels only as a parameter.
/// </summary>
static class LeadListStore
{
    const string Rows =
        """
        select l.id, c.full_name, c.title, c.email, c.linkedin_url as LinkedInUrl, l.company_id,
               co.name as company_name, co.domain as company_domain, co.industry,
               coalesce(c.country, co.country) as country, l.state, l.score, l.source, l.created_at,
                   l.updated_at
        """;

    const string Source =
        """

        from leads l
        join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
        left join companies co on co.workspace_id = l.workspace_id and co.id = l.company_id
        where l.workspace_id = @WorkspaceId

        """;

    public static Task<IReadOnlyList<LeadRow>> Page(
        Session session, LeadFilter filter, LeadCursor? after, int limit, CancellationToken cancel)
    {
        var (where, values) = Conditions(session, filter);
        var (order, beyond) = Order(filter.Sort);
        if (after is not null)
        {
            where += beyond;
            values.Add("lastId", after.Id);
            values.Add("lastText", after.Value);
            values.Add("lastScore", Number(after.Value));
        }

        values.Add("limit", limit);
        return session.List<LeadRow>($"{Rows}{Source}{where}{order} limit @limit", values, cancel);
    }

    public static Task<long> Count(Session session, LeadFilter filter, CancellationToken cancel)
    {
        var (where, values) = Conditions(session, filter);
        return session.One<long>($"select count(*){Source}{where}", values, cancel);
    }

    /// <summary>
    /// Leads of an audience that this campaign never enrolled and may enroll, in the order of the ranking: nobody who is
    /// active elsewhere, unless the campaign may overlap, and nobody whom another campaign has lost.
    /// </summary>
    public static Task<IReadOnlyList<long>> NotEnrolled(
        Session session, LeadFilter filter, Campaign campaign, int limit, CancellationToken cancel)
    {
        var (where, values) = Conditions(session, filter);
        values.Add("limit", limit);
        values.Add("campaignId", campaign.Id);
        values.Add("overlaps", campaign.AllowsOverlap);
        return session.List<long>(
            $"""
            select l.id{Source}{where}
              and l.state in ('ranked', 'accepted', 'enrolled')
              and not exists (select from enrollments e where e.workspace_id = l.workspace_id
                  and e.contact_id = l.contact_id
                  and (e.campaign_id = @campaignId or (e.state in ('active', 'paused') and not @overlaps)
                      or e.finish_reason not in ('completed', 'removed', 'ended')))
            order by l.rank_order desc nulls last, l.id limit @limit
            """,
            values, cancel);
    }

    public static Task<IReadOnlyList<string>> Industries(Session session, CancellationToken cancel) =>
        session.List<string>(
            """
            select distinct industry from companies
            where workspace_id = @WorkspaceId and industry is not null order by 1 limit 200
            """,
            new { session.WorkspaceId }, cancel);

    public static Task<IReadOnlyList<string>> Sources(Session session, CancellationToken cancel) =>
        session.List<string>(
            "select distinct source from leads where workspace_id = @WorkspaceId order by 1 limit 200",
            new { session.WorkspaceId }, cancel);

    /// <summary>The cursor that continues after this row.</summary>
    public static LeadCursor CursorOf(LeadRow row, LeadSort sort) => sort switch
    {
        LeadSort.Score => new LeadCursor(row.Score?.ToString(CultureInfo.InvariantCulture), row.Id),
        LeadSort.Name => new LeadCursor(row.FullName, row.Id),
        LeadSort.Company => new LeadCursor(row.CompanyName, row.Id),
        _ => new LeadCursor(null, row.Id),
    };

    static (string Where, DynamicParameters Values) Conditions(Session session, LeadFilter filter)
    {
        var values = new DynamicParameters(new { session.WorkspaceId });
        var where = "";
        Add("and l.state = @state ", "state", filter.State is { } state ? LeadStore.Word(state) : null);
        Add("and l.source = @source ", "source", filter.Source);
        Add("and co.industry = @industry ", "industry", filter.Industry);
        Add("and coalesce(c.country, co.country) = @country ", "country", filter.Country);
        Add("and l.score >= @minScore ", "minScore", filter.MinScore);
        Add("and (c.email_key is not null) = @hasEmail ", "hasEmail", filter.HasEmail);
        Add("and l.company_id = @companyId ", "companyId", filter.CompanyId);
        Add(
            """
            and exists (select from enrollments n where n.workspace_id = l.workspace_id
                        and n.campaign_id = @enrolledIn and n.lead_id = l.id)

            """,
            "enrolledIn", filter.EnrolledIn);
        if (filter.Reached is { } phase)
            where += phase == LeadPhase.Enriched
                ? "and l.enriched_at is not null " : "and l.ranked_at is not null ";
        Add(
            """
            and exists (select from list_members m where m.workspace_id = l.workspace_id
                        and m.list_id = @listId and m.lead_id = l.id)

            """,
            "listId", filter.ListId);
        Add(
            "and (c.full_name ilike @search or c.title ilike @search or c.email ilike @search or co.name "
            + "ilike @search) ", "search", SearchPattern.Contains(filter.Search));
        return (where, values);

        void Add(string condition, string name, object? value)
        {
            if (value is null) return;
            where += condition;
            values.Add(name, value);
        }
    }

    static (string Order, string Beyond) Order(LeadSort sort) => sort switch
    {
        LeadSort.Score => (
            "order by l.score desc nulls last, l.id",
            """
            and case when @lastScore::numeric is null then l.score is null and l.id > @lastId
                else l.score < @lastScore or l.score is null or (l.score = @lastScore and l.id > @lastId) end

            """),
        LeadSort.Name => (
            "order by c.full_name, l.id",
            "and (c.full_name, l.id) > (@lastText, @lastId) "),
        LeadSort.Company => (
            "order by co.name nulls last, l.id",
            """
            and case when @lastText::text is null then co.name is null and l.id > @lastId
                else co.name > @lastText or co.name is null or (co.name = @lastText and l.id > @lastId) end

            """),
        _ => ("order by l.id desc", "and l.id < @lastId "),
    };

    static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
