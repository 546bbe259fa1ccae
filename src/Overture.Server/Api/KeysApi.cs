using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class KeysApi
{
    const int LongestLifeDays = 3650;

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys").RequireAuthorization(Policies.Admin);
        keys.MapGet("", All).WithSummary("The keys of the workspace");
        keys.MapPost("", Create).WithSummary("Make a key; its text is shown once");
        keys.MapDelete("/{id:long}", Revoke).WithSummary("End a key at once");
    }

    static async Task<KeyList> All(HttpContext http, ApiKeys keys, CancellationToken cancel) =>
        new(await keys.All(http.Caller(), cancel));

    static async Task<Created<NewApiKey>> Create(
        NewKey wanted, HttpContext http, ApiKeys keys, CancellationToken cancel)
    {
        if (wanted.Days is < 1 or > LongestLifeDays)
            throw new RuleBroken("days_out_of_range", $"A key may live 1 to {LongestLifeDays} days.", "days");
        var life = wanted.Days is { } days ? TimeSpan.FromDays(days) : (TimeSpan?)null;
        var made = await keys.Create(http.Caller(), wanted.Name, wanted.Scopes, life, cancel);
        return TypedResults.Created($"/api/v1/keys/{made.Id}", made);
    }

    static async Task<NoContent> Revoke(long id, HttpContext http, ApiKeys keys, CancellationToken cancel)
    {
        await keys.Revoke(http.Caller(), id, cancel);
        return TypedResults.NoContent();
    }
}

public sealed record KeyList(IReadOnlyList<ApiKey> Data);

public sealed record NewKey(string Name, IReadOnlyList<string> Scopes, int? Days = null);
