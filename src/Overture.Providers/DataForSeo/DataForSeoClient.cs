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
    const decimal CrawledPageDollars = 0.000125m;

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
        var words = keyword.Length > MaxKeywordCharacters ? keyword[..MaxKeywordCharacters] : keyword;
        object task = place is null
            ? new { keyword = words, location_code = UnitedStates, language_code = language, device = Device,
                depth = Depth }
            : new { keyword = words, location_name = place, language_code = language, device = Device,
                depth = Depth };
        object[] body = [task];
        return caller.Post(
            "serp", "/serp/google/organic/live/advanced", body, DataForSeoReader.Serp, cancellation,
            LiveSearchDollars, costOf: CostOf);
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

    static decimal? CostOf(Answer answer) => Loose.Parse(answer.Body)["cost"].Number;
}
