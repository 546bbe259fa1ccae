using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class LeadsApi
{
    public static void MapLeads(this IEndpointRouteBuilder api)
    {
        var leads = api.MapGroup("/leads").WithTags("Leads");
        leads.MapGet("", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("Leads by filter, page by page");
        leads.MapGet("/{id:long}", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("A lead with its facts and timeline");
        leads.MapPost("", Add).RequireAuthorization(Policies.Member).WithSummary("A lead typed in by hand");
        leads.MapPost("/{id:long}/accept", Accept).RequireAuthorization(Policies.Member)
            .WithSummary("Worth writing to, whatever its score");
        leads.MapPost("/{id:long}/reject", Reject).RequireAuthorization(Policies.Member)
            .WithSummary("Not to be pursued");
        leads.MapDelete("", Delete).RequireAuthorization(Policies.Admin)
            .WithSummary("Delete every lead that was never enrolled");
    }

    internal static async Task<Listing<LeadRow>> List(
        [AsParameters] LeadQuery query, HttpContext http, Leads leads, CancellationToken cancel)
    {
        var page = await leads.List(
            http.Caller().WorkspaceId, query.Filter(), query.Cursor, query.Limit ?? Paging.DefaultLimit,
            cancel);
        return new Listing<LeadRow>(page.Rows, page.NextCursor is not null, page.NextCursor, page.Total);
    }

    internal static Task<LeadDetail> Get(long id, HttpContext http, Leads leads, CancellationToken cancel) =>
        leads.Get(http.Caller().WorkspaceId, id, cancel);

    static async Task<IResult> Add(NewLead lead, HttpContext http, AddLead add, CancellationToken cancel)
    {
        var result = await add.Run(http.Caller().WorkspaceId, lead.Contact(), lead.Company(), cancel);
        return TypedResults.Created($"/api/v1/leads/{result.LeadId}", result);
    }

    static async Task<LeadDetail> Accept(long id, HttpContext http, Leads leads, CancellationToken cancel)
    {
        var by = http.Caller();
        await leads.Accept(by.WorkspaceId, id, by.Name, cancel);
        return await leads.Get(by.WorkspaceId, id, cancel);
    }

    static async Task<LeadDetail> Reject(
        long id, Rejection rejection, HttpContext http, Leads leads, CancellationToken cancel)
    {
        var by = http.Caller();
        await leads.Reject(by.WorkspaceId, id, rejection.Reason, by.Name, cancel);
        return await leads.Get(by.WorkspaceId, id, cancel);
    }

    internal static async Task<Deleted> Delete(HttpContext http, Leads leads, CancellationToken cancel) =>
        new(await leads.DeleteUntouched(http.Caller().WorkspaceId, cancel));
}

public sealed record LeadQuery(
    string? Search, LeadState? State, string? Source, string? Industry, string? Country, decimal? MinScore,
    bool? HasEmail, LeadSort? Sort, int? Limit, string? Cursor)
{
    public LeadFilter Filter() => new()
    {
        Search = Search, State = State, Source = Source, Industry = Industry, Country = Country,
        MinScore = MinScore, HasEmail = HasEmail, Sort = Sort ?? LeadSort.Newest,
    };
}

public sealed record NewLead(
    string FullName, string? Title = null, string? Email = null, string? LinkedinUrl = null,
    string? CompanyName = null, string? Website = null, string? Industry = null, string? Country = null)
{
    public Contact Contact() => new()
    {
        FullName = FullName, Title = Title, Email = Email, LinkedInUrl = LinkedinUrl, Country = Country,
    };

    public Company? Company() => string.IsNullOrWhiteSpace(CompanyName)
        ? null
        : new() { Name = CompanyName.Trim(), Website = Website, Industry = Industry, Country = Country };
}

public sealed record Rejection(string Reason);

public sealed record Deleted(int Count);
