using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

public sealed partial class SettingsPage(
    PageState state, Workspaces workspaces, ApiKeys keys, SignIns signIns, NavigationManager navigation)
{
    [SupplyParameterFromForm(Name = "workspace_name", FormName = "workspace")]
    string? WorkspaceName { get; set; }

    [SupplyParameterFromForm(Name = "time_zone", FormName = "workspace")]
    string? TimeZone { get; set; }

    [SupplyParameterFromForm(Name = "name", FormName = "key")]
    string? KeyName { get; set; }

    [SupplyParameterFromForm(Name = "scope", FormName = "key")]
    string? KeyScope { get; set; }

    [SupplyParameterFromForm(Name = "current_password", FormName = "password")]
    string? CurrentPassword { get; set; }

    [SupplyParameterFromForm(Name = "password", FormName = "password")]
    string? Password { get; set; }

    PageState State => state;

    Workspace Workspace => state.Workspace;

    IReadOnlyList<ApiKey> Keys { get; set; } = [];

    NewApiKey? NewKey { get; set; }

    RuleBroken? Broken { get; set; }

    bool MayChange => state.Caller.Role >= Role.Admin;

    protected override async Task OnInitializedAsync()
    {
        if (MayChange) Keys = await keys.All(state.Caller, state.Cancel);
    }

    async Task SaveWorkspace()
    {
        var saved = await Try(() => workspaces.SetDetails(
            Workspace.Id, WorkspaceName ?? "", TimeZone ?? "", state.Cancel), Role.Admin);
        if (saved) Done("Saved.");
    }

    async Task SwitchEnrichment()
    {
        var wanted = Workspace.EnrichmentMode == EnrichmentMode.Offline
            ? EnrichmentMode.Off : EnrichmentMode.Offline;
        if (await Try(() => workspaces.SetEnrichmentMode(Workspace.Id, wanted, state.Cancel), Role.Admin))
            Done(wanted == EnrichmentMode.Off ? "Enrichment is off." : "Enrichment uses the offline rules.");
    }

    // The text is shown in this answer only, so it is the one form that does not redirect.
    async Task CreateKey() => await Try(
        async () =>
        {
            NewKey = await keys.Create(
                state.Caller, KeyName ?? "", [KeyScope ?? ""], life: null, state.Cancel);
            Keys = await keys.All(state.Caller, state.Cancel);
            KeyName = null;
        },
        Role.Admin);

    async Task ChangePassword()
    {
        var changed = await Try(
            () => signIns.ChangePassword(
                state.Caller, CurrentPassword ?? "", Password ?? "", state.Cancel), Role.Viewer);
        if (!changed) return;
        SessionCookie.Remove(state.Http);
        Notice.Say(state.Http, "Your password is changed. Sign in with the new one.");
        navigation.NavigateTo("/login");
    }

    async Task<bool> Try(Func<Task> act, Role needed)
    {
        try
        {
            if (state.Caller.Role < needed)
                throw new RuleBroken("forbidden", "Only an admin may change this.");
            await act();
            return true;
        }
        catch (RuleBroken broken)
        {
            Broken = broken;
            state.Http.Response.StatusCode = Trouble.From(broken).Http;
            return false;
        }
    }

    void Done(string sentence)
    {
        Notice.Say(state.Http, sentence);
        navigation.NavigateTo("/settings");
    }
}
