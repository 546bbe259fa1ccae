using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.Lemlist;

/// <summary>
/// Speaks to lemlist (https://developer.lemlist.com): brings over campaigns, leads, activities, opt-outs.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class LemlistClient(LemlistOptions options, OutboundHttp outbound) : IProvider
{
    const int PageSize = 100;
    const int MaxLeads = 500;

    readonly ProviderCaller caller = new(
        outbound, options.Profile, options.BaseUrl, Credential.Basic("", options.ApiKey ?? ""),
        options.Problems());

    /// <inheritdoc/>
    public string Name => LemlistOptions.Provider;

    /// <inheritdoc/>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test("/team", cancellation);

    /// <summary>What is left of the credits.</summary>
    public Task<ProviderResult<Allowance>> Credits(CancellationToken cancellation = default) =>
        caller.Get("credits", "/team/credits", LemlistReader.Credits, cancellation, 1);

    /// <summary>One page of campaigns.</summary>
    public Task<ProviderResult<SearchPage<LemlistCampaign>>> Campaigns(
        string? next = null, CancellationToken cancellation = default) =>
        caller.Get(
            "campaigns",
            "/campaigns" + ProviderCaller.Query(
                ("version", "v2"), ("limit", Number(PageSize)), ("page", next ?? "1")),
            LemlistReader.Campaigns, cancellation, 1);

    /// <summary>The leads of a campaign; ids and states, details come per lead.</summary>
    public Task<ProviderResult<SearchPage<PersonFacts>>> Leads(
        string campaignId, CancellationToken cancellation = default) =>
        caller.Get(
            "leads", $"/campaigns/{Uri.EscapeDataString(campaignId)}/leads/?limit={Number(MaxLeads)}",
            LemlistReader.Leads, cancellation, 1);

    /// <summary>One lead by its id.</summary>
    public Task<ProviderResult<PersonFacts>> Lead(string leadId, CancellationToken cancellation = default) =>
        caller.Get(
            "lead", "/leads" + ProviderCaller.Query(("version", "v2"), ("id", leadId)), LemlistReader.OneLead,
            cancellation, 1);

    /// <summary>One page of activities, newest first.</summary>
    public async Task<ProviderResult<SearchPage<LemlistActivity>>> Activities(
        DateTimeOffset? since = null, string? next = null, CancellationToken cancellation = default)
    {
        var offset = int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var skipped)
            ? skipped
            : 0;
        var page = await caller.Get(
            "activities",
            "/activities" + ProviderCaller.Query(
                ("version", "v2"), ("limit", Number(PageSize)), ("offset", Number(offset)),
                ("minDate", since?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ",
                    CultureInfo.InvariantCulture))),
            LemlistReader.Activities, cancellation, 1);
        return page.Map(found => FollowedBy(found, offset));
    }

    /// <summary>One page of those who must not be written to.</summary>
    public async Task<ProviderResult<SearchPage<LemlistUnsubscribe>>> Unsubscribes(
        string? next = null, CancellationToken cancellation = default)
    {
        var offset = int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var skipped)
            ? skipped
            : 0;
        var page = await caller.Get(
            "unsubscribes",
            "/v2/unsubscribes/variables" + ProviderCaller.Query(
                ("limit", Number(PageSize)), ("offset", Number(offset))),
            LemlistReader.Unsubscribes, cancellation, 1);
        return page.Map(found => FollowedBy(found, offset));
    }

    // The lists tell no total: a full page means that there may be more.
    static SearchPage<T> FollowedBy<T>(SearchPage<T> page, int offset) =>
        page.Items.Count < PageSize ? page : page with { Next = Number(offset + PageSize) };

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
