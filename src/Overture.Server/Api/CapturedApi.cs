using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class CapturedApi
{
    public static void MapCaptured(this IEndpointRouteBuilder api)
    {
        var captured = api.MapGroup("/captured").WithTags("Captured mail")
            .RequireAuthorization(Policies.Viewer);
        captured.MapGet("", List).WithSummary("What the dry run would have sent, newest first");
        captured.MapGet("/{id:long}/raw", Raw).WithSummary("The exact bytes (message/rfc822)");
    }

    static async Task<Listing<CapturedRow>> List(
        HttpContext http, MessageReport report, int? limit, long? cursor, CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await report.Captured(http.Caller().WorkspaceId, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static async Task<IResult> Raw(
        long id, HttpContext http, MessageReport report, CancellationToken cancel) =>
        Results.File(
            await report.CapturedBytes(http.Caller().WorkspaceId, id, cancel), "message/rfc822",
            $"captured-{id}.eml");
}
