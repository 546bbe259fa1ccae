using Microsoft.AspNetCore.Http.HttpResults;
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
        suppressions.MapGet("/reason", Reason).RequireAuthorization(Policies.Viewer)
            .WithSummary("Whether an address may be contacted, and if not, why");
        suppressions.MapDelete("/{id:long}", Remove).RequireAuthorization(Policies.Admin)
            .WithSummary("Take back what was typed in; what people asked for stays");
    }

    static async Task<Listing<Suppression>> List(
        HttpContext http, Suppressions suppressions, string? search, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await suppressions.List(http.Caller().WorkspaceId, search, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static async Task<Created<NewSuppression>> Add(
        NewSuppression wanted, HttpContext http, Suppressions suppressions, CancellationToken cancel)
    {
        var by = http.Caller();
        await suppressions.Add(by.WorkspaceId, wanted.Value, "manual", wanted.Note, by.Name, cancel);
        return TypedResults.Created("/api/v1/suppressions", wanted);
    }

    static async Task<SuppressionAnswer> Reason(
        string email, HttpContext http, Suppressions suppressions, CancellationToken cancel)
    {
        var reason = await suppressions.ReasonFor(http.Caller().WorkspaceId, email, cancel);
        return new(email, reason is not null, reason);
    }

    static async Task<NoContent> Remove(
        long id, HttpContext http, Suppressions suppressions, CancellationToken cancel)
    {
        await suppressions.Remove(http.Caller().WorkspaceId, id, cancel);
        return TypedResults.NoContent();
    }
}

public sealed record SuppressionAnswer(string Email, bool IsSuppressed, string? Reason);

public sealed record NewSuppression(string Value, string? Note = null);
