using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class IntegrationEditPage(
    PageState state, Integrations integrations, ProviderClients clients, NavigationManager navigation)
    : LoadedPage(state)
{
    [Parameter]
    public string Provider { get; set; } = "";

    ProviderKind Kind { get; set; } = null!;

    bool IsConnected { get; set; }

    bool IsEnabled { get; set; } = true;

    string? Budget { get; set; }

    protected override async Task Load()
    {
        Kind = ProviderKind.Find(Provider) ?? throw RuleBroken.NotFound("provider", Provider);
        var one = (await integrations.List(WorkspaceId, Cancel)).FirstOrDefault(item => item.Provider == Provider);
        (IsConnected, IsEnabled) = (one is not null, one?.IsEnabled ?? true);
        Budget = one?.DailyBudget?.ToString("0.######", CultureInfo.InvariantCulture);
    }

    async Task Save()
    {
        var saved = await Try(Keep, Role.Admin);
        if (!saved) return;
        var test = await clients.Test(WorkspaceId, Provider, Cancel);
        if (test.Works) Notice.Say(State.Http, $"Saved. {test.Sentence}");
        else Notice.Refuse(State.Http, $"Saved, but the test call failed: {test.Sentence}");
        navigation.NavigateTo("/settings/integrations");
    }

    async Task Keep()
    {
        Budget = Form("daily_budget").Trim();
        decimal? most = Budget.Length == 0 ? null
            : decimal.TryParse(Budget, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new RuleBroken("bad_budget", "Enter a number, or leave it empty.", "daily_budget");
        var values = Kind.Fields.ToDictionary(field => field.Name, field => (string?)Form(field.Name));
        if (IsConnected && values.Values.All(string.IsNullOrWhiteSpace))
            await integrations.Change(WorkspaceId, Provider, IsEnabled, most, Cancel);
        else
            await integrations.Connect(WorkspaceId, Provider, values, most, State.Caller.Name, Cancel);
    }
}
