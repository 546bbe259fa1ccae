using Overture.Core.Health;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>The REST surface; a resource is one file and one line here.</summary>
public static class ApiRoutes
{
    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup(PostEffects.Root).AddEndpointFilter(Paging.LinkToNext)
            .AddEndpointFilter(EntityTags.Tag);
        api.MapMe();
        api.MapWorkspace();
        api.MapKeys();
        api.MapLeads();
        api.MapCompanies();
        api.MapImports();
        api.MapLists();
        api.MapDuplicates();
        api.MapRanking();
        api.MapIntegrations();
        api.MapDiscoveries();
        api.MapCampaigns();
        api.MapEnrollments();
        api.MapTasks();
        api.MapApprovals();
        api.MapLaunch();
        api.MapMailboxes();
        api.MapGmail();
        api.MapDeliverability();
        api.MapMailboxReaders();
        api.MapInbox();
        api.MapTracking();
        api.MapPeople();
        api.MapCaptured();
        api.MapMessages();
        api.MapSuppressions();
        api.MapPipeline();
        api.MapJobs();
        api.MapInstance();
        api.MapGet("/health", async (Doctor doctor, CancellationToken cancel) => await doctor.Examine(cancel))
            .RequireAuthorization(Policies.Admin).WithTags("Instance").WithSummary("What the doctor finds");
    }

    static void MapMe(this IEndpointRouteBuilder api) =>
        api.MapGet("/me", (HttpContext http) =>
        {
            var by = http.Caller();
            return TypedResults.Ok(
                new Me(by.UserId, by.Name, by.Email, by.Role, by.WorkspaceId, by.WorkspaceName));
        }).RequireAuthorization(Policies.Viewer).WithTags("Instance")
            .WithSummary("Who this key or browser is");
}

public sealed record Me(
    long UserId, string Name, string Email, Role Role, long WorkspaceId, string WorkspaceName);
