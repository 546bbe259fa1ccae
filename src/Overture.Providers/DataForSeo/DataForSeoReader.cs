namespace Overture.Providers.DataForSeo;

/// <summary>One result page of a search engine.</summary>
/// <param name="Keyword">What was searched.</param>
/// <param name="Total">Hits the engine claims.</param>
/// <param name="ItemKinds">Kinds of items on the page ("organic", "ai_overview" …).</param>
/// <param name="Hits">The organic hits in order.</param>
/// <param name="Cost">What it cost, US dollars.</param>
public sealed record SearchResultPage(
    string? Keyword, long? Total, IReadOnlyList<string> ItemKinds, IReadOnlyList<OrganicHit> Hits,
    decimal? Cost);

/// <summary>An organic hit.</summary>
public sealed record OrganicHit(int? Rank, string? Domain, string? Title, string? Url, string? Description);

/// <summary>A crawl ordered, or how far it is and what it found.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="IsFinished">True when the figures are final.</param>
public sealed record SiteCrawl(string? TaskId, bool IsFinished)
{
    /// <summary>The site.</summary>
    public string? Domain { get; init; }

    /// <summary>The software it runs on.</summary>
    public string? Software { get; init; }

    /// <summary>Pages crawled.</summary>
    public int? PageCount { get; init; }

    /// <summary>0 to 100.</summary>
    public double? Score { get; init; }

    /// <summary>Broken links.</summary>
    public int? BrokenLinkCount { get; init; }

    /// <summary>What it cost, US dollars.</summary>
    public decimal? Cost { get; init; }
}

/// <summary>A crawled page; broken ones have little but their code.</summary>
public sealed record CrawledPage(
    string? Url, string? Kind, int? HttpCode, string? Title, string? Description, double? Score,
    IReadOnlyList<string> FailedChecks);

/// <summary>Reads DataForSEO's answers; errors have been told before.</summary>
static class DataForSeoReader
{
    public static SearchResultPage Serp(byte[] body)
    {
        var root = Task(body, out var task);
        var result = task["result"].Items.FirstOrDefault();
        return new SearchResultPage(
            result["keyword"].Text ?? task["data"]["keyword"].Text, result["se_results_count"].Whole,
            result["item_types"].Texts,
            [
                .. result["items"].Items.Where(item => item["type"].Text == "organic")
                .Select(item => new OrganicHit(
                    item.Any("rank_absolute", "rank_group").Count, Spelling.Domain(item["domain"].Text),
                    item["title"].Text, item["url"].Text, item["description"].Text)),
            ], root["cost"].Number);
    }

    public static SiteCrawl CrawlOrdered(byte[] body)
    {
        var root = Task(body, out var task);
        return new SiteCrawl(task["id"].Text, false)
        {
            Domain = Spelling.Domain(task["data"]["target"].Text), Cost = root["cost"].Number,
        };
    }

    public static SiteCrawl CrawlSummary(byte[] body)
    {
        var root = Task(body, out var task);
        var result = task["result"].Items.FirstOrDefault();
        var (domain, metrics) = (result["domain_info"], result["page_metrics"]);
        return new SiteCrawl(task["id"].Text, result["crawl_progress"].Text == "finished")
        {
            Domain = Spelling.Domain(domain.Any("main_domain", "name").Text),
            Software = domain["cms"].Text,
            PageCount = result["crawl_status"]["pages_crawled"].Count,
            Score = (double?)metrics["onpage_score"].Number,
            BrokenLinkCount = metrics["broken_links"].Count,
            Cost = root["cost"].Number,
        };
    }

    public static IReadOnlyList<CrawledPage> Pages(byte[] body)
    {
        Task(body, out var task);
        return
        [
            .. task["result"].Items.SelectMany(result => result["items"].Items)
            .Select(item => new CrawledPage(
                item["url"].Text, item["resource_type"].Text, item["status_code"].Count,
                item["meta"]["title"].Text, item["meta"]["description"].Text,
                (double?)item["onpage_score"].Number,
                [.. item["checks"].Fields.Where(check => check.Value.Flag == true)
                    .Select(check => check.Name)])),
        ];
    }

    public static Allowance UserData(byte[] body)
    {
        Task(body, out var task);
        var money = task["result"].Items.FirstOrDefault()["money"];
        Dictionary<string, decimal> left = new(StringComparer.Ordinal);
        Dictionary<string, decimal> used = new(StringComparer.Ordinal);
        if (money["balance"].Number is { } balance) left["dollars"] = balance;
        if (money["total"].Number is { } total && left.TryGetValue("dollars", out var now))
            used["dollars"] = total - now;
        return new Allowance(null, used, left, null);
    }

    static Loose Task(byte[] body, out Loose task)
    {
        var root = Loose.ParseObject(body);
        task = root["tasks"].Items.FirstOrDefault();
        return task.IsObject ? root : throw new MalformedAnswerException("the answer has no task");
    }
}
