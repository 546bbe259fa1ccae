using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class DuplicatesApi
{
    public static void MapDuplicates(this IEndpointRouteBuilder api)
    {
        var pairs = api.MapGroup("/duplicates").WithTags("Imports");
        pairs.MapGet("", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("Pairs that may be one person or one company");
        pairs.MapPost("/{id:long}/merge", Merge).RequireAuthorization(Policies.Member)
            .WithSummary("One of the two: the older one takes over everything");
        pairs.MapPost("/{id:long}/keep-apart", KeepApart).RequireAuthorization(Policies.Member)
            .WithSummary("Two of them, and not to be asked about again");
    }

    static async Task<Listing<DuplicateRow>> List(
        HttpContext http, Duplicates duplicates, int? limit, long? cursor, CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var (rows, total) = await duplicates.List(http.Caller().WorkspaceId, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, pair => pair.Id, total);
    }

    static async Task<NoContent> Merge(
        long id, HttpContext http, Duplicates duplicates, CancellationToken cancel)
    {
        var by = http.Caller();
        await duplicates.Merge(by.WorkspaceId, id, by.Name, cancel);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> KeepApart(
        long id, HttpContext http, Duplicates duplicates, CancellationToken cancel)
    {
        var by = http.Caller();
        await duplicates.KeepApart(by.WorkspaceId, id, by.Name, cancel);
        return TypedResults.NoContent();
    }
}
