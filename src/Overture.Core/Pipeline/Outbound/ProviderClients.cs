using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Providers;
using Overture.Providers.Apollo;
using Overture.Providers.Clearbit;
using Overture.Providers.Crawler;
using Overture.Providers.Crunchbase;
using Overture.Providers.DataForSeo;
using Overture.Providers.Explorium;
using Overture.Providers.Hunter;
using Overture.Providers.HubSpot;
using Overture.Providers.Lemlist;
using Overture.Providers.Outbound;
using Overture.Providers.PeopleDataLabs;
using Overture.Providers.SecEdgar;

namespace Overture.Core.Pipeline;

/// <summary>
/// The clients of a workspace, each with its credential, its budget and its record of calls. They share
/// connections, pace and breakers with all others.
/// </summary>
public sealed class ProviderClients(
    Database database, Integrations integrations, OutboundHttp outbound, ProviderAddresses addresses,
    Func<SecEdgarOptions> secEdgar, TimeProvider time)
{
    /// <summary>The client of a connected and enabled service.</summary>
    /// <exception cref="RuleBroken">It is not connected, switched off, or speaks no such thing.</exception>
    public async Task<T> Get<T>(long workspaceId, string provider, CancellationToken cancel)
        where T : class =>
        await Find<T>(workspaceId, provider, cancel) ?? throw new RuleBroken(
            "provider_not_connected",
            $"{ProviderKind.Of(provider).Title} is not connected, or switched off. Connect it under Settings, "
            + $"Integrations, or with: overture provider connect {provider}", "provider");

    /// <summary>The same, or null.</summary>
    public async Task<T?> Find<T>(long workspaceId, string provider, CancellationToken cancel)
        where T : class
    {
        var connected = await integrations.List(workspaceId, cancel);
        return connected.FirstOrDefault(one => one.Provider == provider) is { IsEnabled: true } integration
            ? await Make(workspaceId, integration, cancel) as T
            : null;
    }

    /// <summary>
    /// EDGAR needs no account: without a connection the identity of the configuration is used.
    /// </summary>
    public async Task<SecEdgarClient> SecEdgar(long workspaceId, CancellationToken cancel)
    {
        var options = secEdgar();
        var own = await integrations.Credential(workspaceId, SecEdgarOptions.Provider, cancel);
        if (own is not null) options = options with { UserAgent = own["user_agent"] };
        if (options.Problems() is { Count: > 0 } problems)
            throw new RuleBroken(
                "provider_not_configured",
                string.Join(' ', problems) + " Enter it under Settings, Integrations, or set "
                + "Overture__SecEdgarUserAgent.");
        return new SecEdgarClient(options, Out(workspaceId));
    }

    /// <summary>A test call, whether the service is enabled or not.</summary>
    public async Task<ProviderTest> Test(long workspaceId, string provider, CancellationToken cancel)
    {
        var kind = ProviderKind.Of(provider);
        var connected = await integrations.List(workspaceId, cancel);
        if (connected.FirstOrDefault(one => one.Provider == provider) is not { } integration)
            throw new RuleBroken("not_found", $"{kind.Title} is not connected in this workspace.", "provider");
        if (await Make(workspaceId, integration, cancel) is not IProvider client)
            return new ProviderTest(true, $"{kind.Title} needs no account; nothing was called.", null);
        var result = await client.Test(cancel);
        if (result.Failure is { } failure) return new ProviderTest(false, failure.Sentence, null);
        var allowance = await AllowanceOf(client, cancel);
        return new ProviderTest(true, $"{kind.Title} answers.", allowance);
    }

    async Task<object?> Make(long workspaceId, Integration integration, CancellationToken cancel)
    {
        var key = await integrations.Credential(workspaceId, integration.Provider, cancel);
        if (key is null) return null;
        var (cap, http) = (integration.DailyBudget, Out(workspaceId));
        return integration.Provider switch
        {
            SecEdgarOptions.Provider => await SecEdgar(workspaceId, cancel),
            CrawlerOptions.Provider => new SiteCrawler(new CrawlerOptions { Contact = key["contact"] }, http),
            DataForSeoOptions.Provider => new DataForSeoClient(
                At(new DataForSeoOptions
                {
                    Login = key["login"], ApiPassword = key["api_password"], DailyBudgetDollars = cap,
                }), http),
            HubSpotOptions.Provider => new HubSpotClient(
                At(new HubSpotOptions { AccessToken = key["access_token"], DailyBudgetCalls = cap }), http),
            CrunchbaseOptions.Provider => new CrunchbaseClient(
                At(new CrunchbaseOptions { UserKey = key["user_key"], DailyBudgetCalls = cap }), http),
            _ => WithKey(integration.Provider, key["api_key"], cap, http),
        };
    }

    IProvider WithKey(string provider, string key, decimal? cap, OutboundHttp http) => provider switch
    {
        HunterOptions.Provider => new HunterClient(
            At(new HunterOptions { ApiKey = key, DailyBudgetCredits = cap }), http),
        ApolloOptions.Provider => new ApolloClient(
            At(new ApolloOptions { ApiKey = key, DailyBudgetCredits = cap }), http),
        PeopleDataLabsOptions.Provider => new PeopleDataLabsClient(
            At(new PeopleDataLabsOptions { ApiKey = key, DailyBudgetCredits = cap }), http),
        ExploriumOptions.Provider => new ExploriumClient(
            At(new ExploriumOptions { ApiKey = key, DailyBudgetCredits = cap }), http),
        ClearbitOptions.Provider => new ClearbitClient(
            At(new ClearbitOptions { ApiKey = key, DailyBudgetLookups = cap }), http),
        LemlistOptions.Provider => new LemlistClient(
            At(new LemlistOptions { ApiKey = key, DailyBudgetCalls = cap }), http),
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "There is no such client."),
    };

    DataForSeoOptions At(DataForSeoOptions options) =>
        options with { BaseUrl = addresses.Of(DataForSeoOptions.Provider, options.BaseUrl) };

    HubSpotOptions At(HubSpotOptions options) =>
        options with { BaseUrl = addresses.Of(HubSpotOptions.Provider, options.BaseUrl) };

    CrunchbaseOptions At(CrunchbaseOptions options) =>
        options with { BaseUrl = addresses.Of(CrunchbaseOptions.Provider, options.BaseUrl) };

    HunterOptions At(HunterOptions options) =>
        options with { BaseUrl = addresses.Of(HunterOptions.Provider, options.BaseUrl) };

    ApolloOptions At(ApolloOptions options) =>
        options with { BaseUrl = addresses.Of(ApolloOptions.Provider, options.BaseUrl) };

    PeopleDataLabsOptions At(PeopleDataLabsOptions options) =>
        options with { BaseUrl = addresses.Of(PeopleDataLabsOptions.Provider, options.BaseUrl) };

    ExploriumOptions At(ExploriumOptions options) =>
        options with { BaseUrl = addresses.Of(ExploriumOptions.Provider, options.BaseUrl) };

    ClearbitOptions At(ClearbitOptions options) => options with
    {
        CompanyBaseUrl = addresses.Of(ClearbitOptions.Provider, options.CompanyBaseUrl),
        PersonBaseUrl = addresses.Of(ClearbitOptions.Provider, options.PersonBaseUrl),
    };

    LemlistOptions At(LemlistOptions options) =>
        options with { BaseUrl = addresses.Of(LemlistOptions.Provider, options.BaseUrl) };

    OutboundHttp Out(long workspaceId)
    {
        var account = new WorkspaceAccount(database, workspaceId, time);
        return outbound.For(account, account);
    }

    /// <summary>What is left at the service, where asking for it is free.</summary>
    static async Task<Allowance?> AllowanceOf(IProvider client, CancellationToken cancel) => client switch
    {
        HunterClient hunter => Value(await hunter.Account(cancel)),
        DataForSeoClient seo => Value(await seo.Balance(cancel)),
        _ => null,
    };

    static Allowance? Value(ProviderResult<Allowance> result) => result.IsOk ? result.Value : null;
}

/// <summary>What a test call showed; the allowance is the service's own word, where it is free to ask.</summary>
public sealed record ProviderTest(bool Works, string Sentence, Allowance? Allowance);
