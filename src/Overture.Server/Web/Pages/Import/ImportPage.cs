using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>
/// One page of the import. It reads everything before it draws anything, because the framework would
/// otherwise draw it once with half of its data.
/// </summary>
public abstract class ImportPage(PageState state, Imports imports) : ComponentBase
{
    protected PageState State { get; } = state;

    protected Imports Imports { get; } = imports;

    protected long WorkspaceId => State.Workspace.Id;

    protected CancellationToken Cancel => State.Cancel;

    /// <summary>The rule that the last submit broke; shown at its field.</summary>
    protected RuleBroken? Broken { get; private set; }

    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    protected abstract Task Load();

    protected async Task<bool> Try(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (RuleBroken broken) when (broken.Code != "not_found")
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

    protected string Form(string name) =>
        State.Http.Request.HasFormContentType ? State.Http.Request.Form[name].ToString() : "";

    internal static string Address(long id, string part = "") => $"/leads/import/{id}{part}";

    internal static ImportReport? ReportOf(Import import) => import.Report is null
        ? null
        : JsonSerializer.Deserialize<ImportReport>(import.Report, JobJson.Options);
}
