namespace Overture.Providers.DataForSeo;

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

    public static IReadOnlyList<CrawledPage> Pages(byte[] body) =>
        [
            .. Results(body).SelectMany(result => result["items"].Items).Select(item => new CrawledPage(
                item["url"].Text, item["resource_type"].Text, item["status_code"].Count,
                item["meta"]["title"].Text, item["meta"]["description"].Text,
                (double?)item["onpage_score"].Number,
                [.. item["checks"].Fields.Where(check => check.Value.Flag == true)
                    .Select(check => check.Name)])),
        ];

    public static IReadOnlyList<OrderedSearch> SearchesOrdered(byte[] body)
    {
        Task(body, out _);
        return
        [
            .. Loose.Parse(body)["tasks"].Items
            .Where(task => task["id"].Text is not null && !DataForSeoVerdict.IsRefused(task))
            .Select(task => new OrderedSearch(
                task["id"].Text!, task["data"]["keyword"].Text, task["data"]["location_name"].Text)),
        ];
    }

    public static IReadOnlyList<OrderedSearch> SearchesDone(byte[] body) =>
        [
            .. Results(body).Where(result => result["id"].Text is not null)
            .Select(result => new OrderedSearch(result["id"].Text!, null, null)),
        ];

    public static IReadOnlyList<SearchPlace> Places(byte[] body) =>
        [
            .. Results(body).Where(result => result["location_name"].Text is not null)
            .Select(result => new SearchPlace(
                result["location_name"].Text!, result["country_iso_code"].Text,
                result["location_type"].Text)),
        ];

    /// <summary>What is no domain with a rank from 0 to 100 is passed over.</summary>
    public static IReadOnlyList<DomainRank> Ranks(byte[] body)
    {
        var ranks = new List<DomainRank>();
        foreach (var item in Results(body).SelectMany(result => result["items"].Items))
            if (Spelling.Domain(item["target"].Text) is { } domain
                && item["rank"].Count is { } rank and >= 0 and <= 100)
                ranks.Add(new DomainRank(domain, rank));
        return ranks;
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

    // Of every task that succeeded: one that failed among others has no result.
    static IEnumerable<Loose> Results(byte[] body) =>
        Task(body, out _)["tasks"].Items.SelectMany(task => task["result"].Items);

    static Loose Task(byte[] body, out Loose task)
    {
        var root = Loose.ParseObject(body);
        task = root["tasks"].Items.FirstOrDefault();
        return task.IsObject ? root : throw new MalformedAnswerException("the answer has no task");
    }
}
