using Overture.Providers.Outbound;

namespace Overture.Providers.DataForSeo;

/// <summary>
/// Speaks to DataForSEO (https://docs.dataforseo.com/v3): what a search engine shows, and how sites are
/// built.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class DataForSeoClient(DataForSeoOptions options, OutboundHttp outbound) : IProvider
{
    const int MaxKeywordCharacters = 700;
    const int UnitedStates = 2840;
    const string Device = "desktop";
    const int Depth = 10;
    const decimal LiveSearchDollars = 0.002m;
    const decimal QueuedSearchDollars = 0.0006m;
    const decimal CrawledPageDollars = 0.000125m;
    const decimal RanksDollars = 0.02m;
    const decimal RankDollars = 0.00003m;

    /// <summary>How many searches one order takes.</summary>
    public const int MaxSearchesPerOrder = 100;

    /// <summary>How many pages one instant crawl takes.</summary>
    public const int MaxInstantPages = 20;

    /// <summary>How many domains one question about their ranks takes.</summary>
    public const int MaxRankedDomains = 1000;

    readonly ProviderCaller caller = new(
        outbound, options.Profile, options.BaseUrl,
        Credential.Basic(options.Login ?? "", options.ApiPassword ?? ""), options.Problems());

    /// <inheritdoc/>
    public string Name => DataForSeoOptions.Provider;

    /// <inheritdoc/>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        caller.Test("/appendix/user_data", cancellation);

    /// <summary>The balance in US dollars; free.</summary>
    public Task<ProviderResult<Allowance>> Balance(CancellationToken cancellation = default) =>
        caller.Get("user_data", "/appendix/user_data", DataForSeoReader.UserData, cancellation);

    /// <summary>Searches now; billed, so it is never repeated by itself.</summary>
    /// <param name="keyword">At most 700 characters.</param>
    /// <param name="place">A country, region or city by its English name; null is the United States.</param>
    /// <param name="language">"en".</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ProviderResult<SearchResultPage>> Search(
        string keyword, string? place = null, string language = "en",
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(keyword);
        return caller.Post(
            "serp", "/serp/google/organic/live/advanced", new[] { TaskOf(keyword, place, language) },
            DataForSeoReader.Serp, cancellation, LiveSearchDollars, costOf: CostOf);
    }

    /// <summary>
    /// Orders searches for later, at a third of the price of live ones; billed, so never repeated by itself.
    /// </summary>
    /// <param name="searches">At most 100: words, and a place as in <see cref="Search"/>.</param>
    /// <param name="language">"en".</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The orders that were accepted; a refused one is missing.</returns>
    public Task<ProviderResult<IReadOnlyList<OrderedSearch>>> OrderSearches(
        IReadOnlyList<(string Keyword, string? Place)> searches, string language = "en",
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(searches);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(searches.Count, MaxSearchesPerOrder);
        return caller.Post(
            "search_order", "/serp/google/organic/task_post",
            searches.Select(search => TaskOf(search.Keyword, search.Place, language)).ToArray(),
            DataForSeoReader.SearchesOrdered, cancellation, QueuedSearchDollars * searches.Count,
            costOf: CostOf);
    }

    /// <summary>Ordered searches that are done and were not fetched yet; free.</summary>
    public Task<ProviderResult<IReadOnlyList<OrderedSearch>>> DoneSearches(
        CancellationToken cancellation = default) =>
        caller.Get(
            "searches_done", "/serp/google/organic/tasks_ready", DataForSeoReader.SearchesDone, cancellation);

    /// <summary>
    /// What an ordered search found; free, and kept for thirty days. Pending while it is in the queue.
    /// </summary>
    public Task<ProviderResult<SearchResultPage>> OrderedSearch(
        string taskId, CancellationToken cancellation = default) =>
        caller.Get(
            "search_result", "/serp/google/organic/task_get/advanced/" + Uri.EscapeDataString(taskId),
            DataForSeoReader.Serp, cancellation);

    /// <summary>The places that a search may name; free.</summary>
    /// <param name="country">Two letters; null lists the whole world.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ProviderResult<IReadOnlyList<SearchPlace>>> Places(
        string? country = null, CancellationToken cancellation = default) =>
        caller.Get(
            "locations", "/serp/google/locations" + (country is null
                ? "" : "/" + Uri.EscapeDataString(country.ToLowerInvariant())),
            DataForSeoReader.Places, cancellation);

    /// <summary>
    /// How much weight the web gives to domains by the links that lead to them, 0 to 100; billed, so never
    /// repeated by itself.
    /// </summary>
    /// <param name="domains">At most 1,000, without https:// and www.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ProviderResult<IReadOnlyList<DomainRank>>> Ranks(
        IReadOnlyList<string> domains, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(domains);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(domains.Count, MaxRankedDomains);
        return caller.Post(
            "domain_ranks", "/backlinks/bulk_ranks/live",
            new[] { new { targets = domains, rank_scale = "one_hundred" } }, DataForSeoReader.Ranks,
            cancellation, RanksDollars + (RankDollars * domains.Count), costOf: CostOf);
    }

    /// <summary>Orders a crawl of a site.</summary>
    public Task<ProviderResult<SiteCrawl>> OrderCrawl(
        string domain, int maxPages = 10, CancellationToken cancellation = default) =>
        caller.Post(
            "on_page_task", "/on_page/task_post",
            new[] { new { target = domain, max_crawl_pages = maxPages } },
            DataForSeoReader.CrawlOrdered, cancellation, CrawledPageDollars * maxPages, costOf: CostOf);

    /// <summary>How far a crawl is.</summary>
    public Task<ProviderResult<SiteCrawl>> Crawl(string taskId, CancellationToken cancellation = default) =>
        caller.Get(
            "on_page_summary", "/on_page/summary/" + Uri.EscapeDataString(taskId),
            DataForSeoReader.CrawlSummary,
            cancellation);

    /// <summary>The pages of a crawl.</summary>
    public Task<ProviderResult<IReadOnlyList<CrawledPage>>> Pages(
        string taskId, int limit = 100, CancellationToken cancellation = default) =>
        caller.Post(
            "on_page_pages", "/on_page/pages", new[] { new { id = taskId, limit } }, DataForSeoReader.Pages,
            cancellation, isRepeatable: true);

    /// <summary>Looks at single pages now; billed, so never repeated by itself.</summary>
    /// <param name="addresses">At most 20.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ProviderResult<IReadOnlyList<CrawledPage>>> InstantPages(
        IReadOnlyList<string> addresses, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(addresses.Count, MaxInstantPages);
        return caller.Post(
            "instant_pages", "/on_page/instant_pages",
            addresses.Select(address => new { url = address }).ToArray(), DataForSeoReader.Pages,
            cancellation, CrawledPageDollars * addresses.Count, costOf: CostOf);
    }

    static object TaskOf(string keyword, string? place, string language)
    {
        var words = keyword.Length > MaxKeywordCharacters ? keyword[..MaxKeywordCharacters] : keyword;
        return place is null
            ? new { keyword = words, location_code = UnitedStates, language_code = language, device = Device,
                depth = Depth }
            : new { keyword = words, location_name = place, language_code = language, device = Device,
                depth = Depth };
    }

    static decimal? CostOf(Answer answer) => Loose.Parse(answer.Body)["cost"].Number;
}
