using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class WorkspaceApi
{
    public static void MapWorkspace(this IEndpointRouteBuilder api)
    {
        var workspace = api.MapGroup("/workspace").WithTags("Workspace");
        workspace.MapGet(
            "", Get).RequireAuthorization(Policies.Viewer).WithSummary("The workspace and its switches");
        workspace.MapPatch(
            "", Patch).RequireAuthorization(Policies.Admin).WithSummary("Change the named fields");
        workspace.MapPost(
            "/stop", Stop).RequireAuthorization(Policies.Member).WithSummary("Stop all sending at once");
        workspace.MapPost(
            "/resume", Resume).RequireAuthorization(Policies.Member).WithSummary("Let it send again");
    }

    static Task<Workspace> Get(HttpContext http, Workspaces workspaces, CancellationToken cancel) =>
        workspaces.Get(http.Caller().WorkspaceId, cancel);

    static async Task<Workspace> Patch(
        WorkspaceChange change, HttpContext http, Workspaces workspaces, CancellationToken cancel)
    {
        var id = http.Caller().WorkspaceId;
        if (change.Name is not null || change.TimeZone is not null)
        {
            var now = await workspaces.Get(id, cancel);
            await workspaces.SetDetails(id, change.Name ?? now.Name, change.TimeZone ?? now.TimeZone, cancel);
        }

        if (change.DryRun is { } dryRun) await workspaces.SetDryRun(id, dryRun, cancel);
        if (change.EnrichmentMode is { } mode) await workspaces.SetEnrichmentMode(id, mode, cancel);
        return await workspaces.Get(id, cancel);
    }

    static async Task<Workspace> Stop(
        StopRequest stop, HttpContext http, Workspaces workspaces, CancellationToken cancel)
    {
        var by = http.Caller();
        await workspaces.Stop(by.WorkspaceId, by.Name, stop.Reason, cancel);
        return await workspaces.Get(by.WorkspaceId, cancel);
    }

    static async Task<Workspace> Resume(HttpContext http, Workspaces workspaces, CancellationToken cancel)
    {
        var id = http.Caller().WorkspaceId;
        await workspaces.Resume(id, cancel);
        return await workspaces.Get(id, cancel);
    }
}

public sealed record WorkspaceChange(
    string? Name = null, string? TimeZone = null, bool? DryRun = null, EnrichmentMode? EnrichmentMode = null);

public sealed record StopRequest(string Reason);
