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

/// <summary>A search in the queue, or out of it.</summary>
/// <param name="TaskId">By which its result is fetched.</param>
/// <param name="Keyword">What is searched; null in the list of those that are done.</param>
/// <param name="Place">Where; null in the list of those that are done, and for the United States.</param>
public sealed record OrderedSearch(string TaskId, string? Keyword, string? Place);

/// <summary>A place that a search may name.</summary>
/// <param name="Name">"Vienna,Vienna,Austria".</param>
/// <param name="Country">Two letters.</param>
/// <param name="Kind">"City", "Region", "Country" …</param>
public sealed record SearchPlace(string Name, string? Country, string? Kind);

/// <summary>How much weight the web gives to a domain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Rank">0 (no links lead there) to 100.</param>
public sealed record DomainRank(string Domain, int Rank);
