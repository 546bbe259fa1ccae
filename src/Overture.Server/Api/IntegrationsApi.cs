using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class IntegrationsApi
{
    public static void MapIntegrations(this IEndpointRouteBuilder api)
    {
        var integrations = api.MapGroup("/integrations").WithTags("Integrations");
        integrations.MapGet("", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("The outside services, connected or not");
        integrations.MapGet("/{provider}", View).RequireAuthorization(Policies.Viewer)
            .WithSummary("One service, without its credential");
        integrations.MapPut("/{provider}", Connect).RequireAuthorization(Policies.Admin)
            .WithSummary("Connect a service, or replace its credential");
        integrations.MapPatch("/{provider}", Change).RequireAuthorization(Policies.Admin)
            .WithSummary("Switch a service on or off, set its daily budget");
        integrations.MapDelete("/{provider}", Disconnect).RequireAuthorization(Policies.Admin)
            .WithSummary("Forget the credential");
        integrations.MapPost("/{provider}/test", Test).RequireAuthorization(Policies.Member)
            .WithSummary("Make a free call that shows whether the settings work");
        integrations.MapPost("/{provider}/lost/forget", ForgetLost).RequireAuthorization(Policies.Admin)
            .WithSummary("Let lost questions be asked, and perhaps paid, again");
        integrations.MapGet("/calls", Calls).RequireAuthorization(Policies.Viewer)
            .WithSummary("Calls made, newest first");
        integrations.MapGet(
            "/waterfall", (HttpContext http, Waterfalls waterfalls, CancellationToken cancel) =>
                waterfalls.Get(http.Caller().WorkspaceId, cancel))
            .RequireAuthorization(Policies.Viewer).WithSummary("Who is asked first for what");
        integrations.MapPut("/waterfall", PutWaterfall).RequireAuthorization(Policies.Member)
            .WithSummary("Change the order");
    }

    internal static async Task<IReadOnlyList<IntegrationView>> Views(
        long workspaceId, Integrations integrations, CancellationToken cancel)
    {
        var connected = await integrations.List(workspaceId, cancel);
        return [.. ProviderKind.All.Select(kind => IntegrationView.Of(
            kind, connected.FirstOrDefault(one => one.Provider == kind.Name)))];
    }

    static async Task<Listing<IntegrationView>> List(
        HttpContext http, Integrations integrations, CancellationToken cancel)
    {
        var all = await Views(http.Caller().WorkspaceId, integrations, cancel);
        return new Listing<IntegrationView>(all, false, null, all.Count);
    }

    static async Task<IntegrationView> Connect(
        string provider, Connection connection, HttpContext http, Integrations integrations,
        CancellationToken cancel)
    {
        var by = http.Caller();
        await integrations.Connect(
            by.WorkspaceId, provider,
            connection.Credential.ToDictionary(pair => pair.Key, pair => (string?)pair.Value),
            connection.DailyBudget, by.Name, cancel);
        return await View(provider, http, integrations, cancel);
    }

    static async Task<IntegrationView> Change(
        string provider, ConnectionChange change, HttpContext http, Integrations integrations,
        CancellationToken cancel)
    {
        await integrations.Change(
            http.Caller().WorkspaceId, provider, change.IsEnabled, change.DailyBudget, cancel);
        return await View(provider, http, integrations, cancel);
    }

    static async Task<NoContent> Disconnect(
        string provider, HttpContext http, Integrations integrations, CancellationToken cancel)
    {
        await integrations.Disconnect(http.Caller().WorkspaceId, provider, cancel);
        return TypedResults.NoContent();
    }

    static Task<ProviderTest> Test(
        string provider, HttpContext http, ProviderClients clients, CancellationToken cancel) =>
        clients.Test(http.Caller().WorkspaceId, provider, cancel);

    static async Task<Deleted> ForgetLost(
        string provider, HttpContext http, Questions questions, CancellationToken cancel) =>
        new(await questions.ForgetLost(
            http.Caller().WorkspaceId, ProviderKind.Of(provider).Name, cancel));

    static async Task<Listing<ProviderCall>> Calls(
        HttpContext http, Integrations integrations, string? provider, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await integrations.Calls(http.Caller().WorkspaceId, provider, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, call => call.Id);
    }

    static async Task<WaterfallSettings> PutWaterfall(
        WaterfallSettings settings, HttpContext http, Waterfalls waterfalls, CancellationToken cancel)
    {
        var by = http.Caller();
        await waterfalls.Put(by.WorkspaceId, settings, by.Name, cancel);
        return await waterfalls.Get(by.WorkspaceId, cancel);
    }

    static async Task<IntegrationView> View(
        string provider, HttpContext http, Integrations integrations, CancellationToken cancel) =>
        (await Views(http.Caller().WorkspaceId, integrations, cancel))
            .First(one => one.Provider == ProviderKind.Of(provider).Name);
}

/// <summary>A service and its connection, without the secret.</summary>
public sealed record IntegrationView(
    string Provider, string Title, string Gives, string Without, string? Notice, string Unit,
    IReadOnlyList<string> CredentialFields, IReadOnlyList<string> Answers, bool IsConnected, bool IsEnabled,
    decimal? DailyBudget, decimal SpentToday, int CallsToday, DateTime? LastSuccessAt,
    DateTime? LastFailureAt, string? LastFailure)
{
    public static IntegrationView Of(ProviderKind kind, Integration? one) => new(
        kind.Name, kind.Title, kind.Gives, kind.Without, kind.Notice, kind.Unit,
        [.. kind.Fields.Select(field => field.Name)], kind.Answers, one is not null, one?.IsEnabled ?? false,
        one?.DailyBudget, one?.SpentToday ?? 0, one?.CallsToday ?? 0, one?.LastSuccessAt, one?.LastFailureAt,
        one?.LastFailure);
}

/// <summary>The credential's fields as <see cref="IntegrationView.CredentialFields"/> names them.</summary>
public sealed record Connection(IReadOnlyDictionary<string, string> Credential, decimal? DailyBudget = null);

public sealed record ConnectionChange(bool IsEnabled, decimal? DailyBudget);
