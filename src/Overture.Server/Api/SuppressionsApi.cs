using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class SuppressionsApi
{
    public static void MapSuppressions(this IEndpointRouteBuilder api)
    {
        var suppressions = api.MapGroup("/suppressions").WithTags("Suppressions");
        suppressions.MapGet("", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("Who is never contacted");
        suppressions.MapPost("", Add).RequireAuthorization(Policies.Member)
            .WithSummary("Never contact an address or a domain");
    }

    static async Task<Listing<Suppression>> List(
        HttpContext http, Suppressions suppressions, string? search, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = Math.Clamp(limit ?? Paging.DefaultLimit, 1, Leads.MaxPageSize - 1);
        var rows = await suppressions.List(http.Caller().WorkspaceId, search, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static async Task<IResult> Add(
        NewSuppression wanted, HttpContext http, Suppressions suppressions, CancellationToken cancel)
    {
        var by = http.Caller();
        await suppressions.Add(by.WorkspaceId, wanted.Value, "manual", wanted.Note, by.Name, cancel);
        return TypedResults.Created("/api/v1/suppressions", wanted);
    }
}

public sealed record NewSuppression(string Value, string? Note = null);
