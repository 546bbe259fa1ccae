using Microsoft.AspNetCore.Http.HttpResults;
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
        leads.MapGet("/export", Export).RequireAuthorization(Policies.Viewer)
            .WithSummary("A filtered list as CSV, JSON or XLSX").Produces(StatusCodes.Status200OK);
        leads.MapPost("/export", ExportSelected).RequireAuthorization(Policies.Viewer)
            .WithSummary("The leads a filter names, or the ones listed, as CSV, JSON or XLSX")
            .Produces(StatusCodes.Status200OK);
        leads.MapPost("/suppress", Suppress).RequireAuthorization(Policies.Member)
            .WithSummary("Never write to those whom a filter names, or to the ones listed")
            .CanDryRun(Counted.ToAffected);
        leads.MapDelete("", Delete).RequireAuthorization(Policies.Admin)
            .WithSummary("Delete every lead that was never enrolled").CanDryRun(Deleted.ToAffected);
    }

    internal static async Task<Listing<LeadRow>> List(
        [AsParameters] LeadQuery query, HttpContext http, Leads leads, CancellationToken cancel)
    {
        var page = await leads.List(
            http.Caller().WorkspaceId, query.Filter(), query.Cursor, query.Limit ?? Paging.DefaultLimit,
            cancel);
        return new Listing<LeadRow>(page.Rows, page.NextCursor is not null, page.NextCursor, page.Total);
    }

    static IResult Export(
        [AsParameters] LeadQuery query, string? format, HttpContext http, LeadExport export,
        CancellationToken cancel) =>
        File(http, export, new LeadSelection(query.Filter()), format, cancel);

    static IResult ExportSelected(
        SelectedLeads selected, string? format, HttpContext http, LeadExport export,
        CancellationToken cancel) =>
        File(http, export, selected.Selection(), format, cancel);

    /// <summary>The answer that writes the file while it is read.</summary>
    internal static IResult File(
        HttpContext http, LeadExport export, LeadSelection selection, string? format,
        CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var kind = Format(format);
        return Results.Stream(
            output => export.Write(workspace, selection, kind, output, cancel),
            LeadExport.ContentType(kind), $"leads.{kind.ToString().ToLowerInvariant()}");
    }

    // The framework knows names of values in their own spelling only.
    static ExportFormat Format(string? word) => word?.ToLowerInvariant() switch
    {
        null or "" or "csv" => ExportFormat.Csv,
        "json" => ExportFormat.Json,
        "xlsx" => ExportFormat.Xlsx,
        _ => throw new RuleBroken("bad_format", "The format is csv, json or xlsx.", "format"),
    };

    static async Task<Counted> Suppress(
        SelectedLeads selected, HttpContext http, LeadLists lists, CancellationToken cancel)
    {
        var by = http.Caller();
        return new Counted(await lists.Suppress(by.WorkspaceId, selected.Selection(), by.Name, cancel));
    }

    internal static Task<LeadDetail> Get(long id, HttpContext http, Leads leads, CancellationToken cancel) =>
        leads.Get(http.Caller().WorkspaceId, id, cancel);

    static async Task<Created<IntakeResult>> Add(
        NewLead lead, HttpContext http, AddLead add, CancellationToken cancel)
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
    bool? HasEmail, LeadSort? Sort, int? Limit, string? Cursor, long? List = null, long? Company = null,
    LeadPhase? Reached = null, long? Campaign = null)
{
    public LeadFilter Filter() => new()
    {
        Search = Search, State = State, Source = Source, Industry = Industry, Country = Country,
        MinScore = MinScore, HasEmail = HasEmail, ListId = List, CompanyId = Company, Reached = Reached,
        EnrolledIn = Campaign, Sort = Sort ?? LeadSort.Newest,
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

public sealed record Deleted(int Count)
{
    internal static ValueTask<long> ToAffected(EndpointFilterInvocationContext context, object? answer) =>
        new(((Deleted)answer!).Count);
}

/// <summary>Leads by a filter, or the ones with these numbers; never everybody by mistake.</summary>
public sealed record SelectedLeads(LeadFilter? Filter = null, IReadOnlyList<long>? Ids = null)
{
    public LeadSelection Selection() => Filter is null && Ids is null
        ? throw new RuleBroken(
            "nothing_selected", "Give a filter (an empty one means everybody) or ids.", "filter")
        : new LeadSelection(Filter ?? new LeadFilter(), Ids);
}

public sealed record Counted(int Count)
{
    internal static ValueTask<long> ToAffected(EndpointFilterInvocationContext context, object? answer) =>
        new(((Counted)answer!).Count);
}
