using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>
/// The paths under which earlier systems answered, served by the same handlers. Their words are translated
/// here and nowhere else.
/// </summary>
static class AliasRoutes
{
    public static void MapAliases(this WebApplication app)
    {
        var alias = app.MapGroup("").WithTags("Aliases").ExcludeFromDescription()
            .AddEndpointFilter(Paging.LinkToNext);
        alias.MapPost("/pipeline/run", PipelineApi.Run).RequireAuthorization(Policies.Member);
        alias.MapPost("/pipeline/stop", PipelineApi.Stop).RequireAuthorization(Policies.Member);
        alias.MapDelete("/leads", LeadsApi.Delete).RequireAuthorization(Policies.Admin)
            .CanDryRun(Deleted.ToAffected);
        alias.MapGet("/metrics", PipelineApi.Metrics).RequireAuthorization(Policies.Viewer);
        alias.MapGet("/api/leads", LeadsApi.List).RequireAuthorization(Policies.Viewer);
        alias.MapGet("/api/leads/{id:long}", LeadsApi.Get).RequireAuthorization(Policies.Viewer);
        alias.MapGet("/api/prospects", LeadsApi.List).RequireAuthorization(Policies.Viewer);
        alias.MapGet("/api/prospects/{id:long}", LeadsApi.Get).RequireAuthorization(Policies.Viewer);
        alias.MapGet("/api/jobs", JobsApi.List).RequireAuthorization(Policies.Viewer);
        alias.MapGet("/api/jobs/{id:long}/status", JobsApi.Get).RequireAuthorization(Policies.Viewer);
    }
}
