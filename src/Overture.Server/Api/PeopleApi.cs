using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>The address travels in the body, because addresses in paths end up in logs.</summary>
static class PeopleApi
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People").RequireAuthorization(Policies.Admin);
        people.MapPost("/export", Export).WithSummary("Everything kept of one person");
        people.MapPost("/erase", Erase).WithSummary("Erase one person; they stay suppressed by a hash");
        people.MapGet("/erasures", Receipts).WithSummary("Receipts of erasures, newest first");
    }

    static Task<PersonExport> Export(
        PersonAsked asked, HttpContext http, PersonalData people, CancellationToken cancel) =>
        people.Export(http.Caller().WorkspaceId, asked.Email, cancel);

    static Task<ErasureReceipt> Erase(
        PersonAsked asked, HttpContext http, PersonalData people, CancellationToken cancel) =>
        people.Erase(http.Caller().WorkspaceId, asked.Email, http.Caller().Name, cancel);

    static async Task<Listing<ErasureReceipt>> Receipts(
        HttpContext http, PersonalData people, CancellationToken cancel)
    {
        var receipts = await people.Receipts(http.Caller().WorkspaceId, cancel);
        return new Listing<ErasureReceipt>(receipts, false, null, receipts.Count);
    }
}

public sealed record PersonAsked(string Email);
