using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class CompaniesApi
{
    public static void MapCompanies(this IEndpointRouteBuilder api)
    {
        var companies = api.MapGroup("/companies").WithTags("Companies")
            .RequireAuthorization(Policies.Viewer);
        companies.MapGet("", List).WithSummary("Companies, newest first");
        companies.MapGet("/{id:long}", Get).WithSummary("A company");
    }

    static async Task<Listing<Company>> List(
        HttpContext http, Companies companies, string? search, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var (rows, total) = await companies.List(http.Caller().WorkspaceId, search, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, company => company.Id, total.Count);
    }

    static Task<Company> Get(long id, HttpContext http, Companies companies, CancellationToken cancel) =>
        companies.Get(http.Caller().WorkspaceId, id, cancel);
}
