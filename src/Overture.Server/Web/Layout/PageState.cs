using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>
/// What every page of a signed-in person needs: who they are, their workspace, and where they are.
/// </summary>
public sealed class PageState(IHttpContextAccessor http, Workspaces workspaces)
{
    Workspace? workspace;

    public HttpContext Http => http.HttpContext!;

    public Identity Caller => Http.Caller();

    public string Path => Http.Request.Path;

    public string PathAndQuery => Http.Request.Path + Http.Request.QueryString;

    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>As it was when the request began.</summary>
    public Workspace Workspace =>
        workspace ?? throw new InvalidOperationException("The page state is not loaded.");

    /// <summary>
    /// Reads before anything is rendered: a component is drawn once more whenever it waits, and must not find
    /// half of its data then.
    /// </summary>
    public async Task Load() => workspace = await workspaces.Get(Caller.WorkspaceId, Cancel);
}
