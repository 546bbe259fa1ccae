using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>What every page of a signed-in person needs: who they are, their workspace, and where they are.</summary>
public sealed class PageState(IHttpContextAccessor http, Workspaces workspaces)
{
    Workspace? workspace;

    public HttpContext Http => http.HttpContext!;

    public Identity Caller => Http.Caller();

    public string Path => Http.Request.Path;

    public string PathAndQuery => Http.Request.Path + Http.Request.QueryString;

    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>Read once a request; a page that changes it asks again with <see cref="Refresh"/>.</summary>
    public async Task<Workspace> Workspace() => workspace ??= await workspaces.Get(Caller.WorkspaceId, Cancel);

    public void Refresh() => workspace = null;

    /// <summary>The zone of the workspace, in which times are shown.</summary>
    public async Task<TimeZoneInfo> Zone() => TimeZoneInfo.FindSystemTimeZoneById((await Workspace()).TimeZone);
}
