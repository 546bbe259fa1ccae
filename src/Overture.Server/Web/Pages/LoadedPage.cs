using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>
/// A page of the workspace that reads everything before it draws anything: the framework would otherwise
/// draw it once with half of its data.
/// </summary>
public abstract class LoadedPage(PageState state) : ComponentBase
{
    protected PageState State { get; } = state;

    protected long WorkspaceId => State.Workspace.Id;

    protected string Zone => State.Workspace.TimeZone;

    protected CancellationToken Cancel => State.Cancel;

    protected bool MayWrite => State.Caller.Role >= Role.Member;

    protected bool MayAdminister => State.Caller.Role >= Role.Admin;

    /// <summary>The rule that the last submit broke; forms show it at its field.</summary>
    protected RuleBroken? Broken { get; private set; }

    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    protected abstract Task Load();

    /// <summary>
    /// Does what a form asks for; a broken rule becomes <see cref="Broken"/> and the page is shown again.
    /// </summary>
    protected async Task<bool> Try(Func<Task> act, Role needed = Role.Member)
    {
        try
        {
            if (State.Caller.Role < needed)
                throw new RuleBroken("forbidden", $"Your role is {State.Caller.Role}; this needs {needed}.");
            await act();
            return true;
        }
        catch (RuleBroken broken)
        {
            Refuse(broken);
            return false;
        }
    }

    protected void Refuse(RuleBroken broken)
    {
        Broken = broken;
        State.Http.Response.StatusCode = Trouble.From(broken).Http;
    }

    /// <summary>One value of this page's query; null when it is absent or blank.</summary>
    protected string? Query(string name) =>
        State.Http.Request.Query[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    protected string Form(string name) =>
        State.Http.Request.HasFormContentType ? State.Http.Request.Form[name].ToString() : "";
}
