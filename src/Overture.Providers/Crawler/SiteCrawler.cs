using Overture.Providers.Outbound;

namespace Overture.Providers.Crawler;

/// <summary>What a visit to a site found.</summary>
/// <param name="Domain">The site.</param>
/// <param name="Pages">The pages read, with what they offer.</param>
/// <param name="Refused">Addresses the site's robots.txt forbids; they were not called.</param>
/// <param name="Failures">Pages that could not be read.</param>
public sealed record SiteFacts(
    string Domain, IReadOnlyList<(Uri Address, PageFacts Facts)> Pages, IReadOnlyList<Uri> Refused,
    IReadOnlyList<ProviderFailure> Failures)
{
    /// <summary>All addresses found, each once, with the page it was first seen on.</summary>
    public IReadOnlyList<(FoundEmail Email, Uri Page)> Emails =>
    [
        .. Pages.SelectMany(page => page.Facts.Emails.Select(email => (email, page.Address)))
            .DistinctBy(found => found.email.Address),
    ];
}

/// <summary>
/// Visits a company's site as a guest: asks robots.txt first, reads few pages slowly, the ones about contact
/// before others, and nothing behind a login.
/// </summary>
/// <param name="options">Settings; while they have problems every visit answers NotConfigured.</param>
/// <param name="outbound">The one way out; it must allow plain http for sites without TLS.</param>
public sealed class SiteCrawler(CrawlerOptions options, OutboundHttp outbound)
{
    const int MaxRobotsBytes = 512 * 1024;
    const int MaxQueue = 200;

    readonly IReadOnlyList<string> problems = options.Problems();

    /// <summary>Visits a site. A site that cannot be reached at all is a failure.</summary>
    /// <param name="start">Its first page.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ProviderResult<SiteFacts>> Visit(Uri start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (problems.Count > 0)
            return new(
                new ProviderFailure(
                    CrawlerOptions.Provider, FailureKind.NotConfigured, string.Join(' ', problems)), null);
        var robots = await Robots(start, cancellation);
        if (robots.Failure is { } unreachable) return new(unreachable, robots.Raw);
        var visit = new SiteVisit(start, robots.Value);
        while (visit.Pages.Count + visit.Failures.Count < options.MaxPages && visit.TryNext(out var address))
        {
            var page = await Page(address, robots.Value, cancellation);
            if (page.IsOk) visit.Read(address, page.Raw!.Address, page.Value, MaxQueue);
            else visit.Failures.Add(page.Failure!);
        }

        return visit.Pages.Count == 0 && visit.Failures is [var first, ..]
            ? new(first, null)
            : new(new SiteFacts(start.IdnHost, visit.Pages, visit.Refused, visit.Failures), null);
    }

    // RFC 9309: no file (4xx) allows all; a server in trouble (5xx) forbids all.
    async Task<ProviderResult<RobotsFile>> Robots(Uri start, CancellationToken cancellation)
    {
        var request = Request("robots", new Uri(start, "/robots.txt")) with
        {
            MaxBodyBytes = MaxRobotsBytes, MayChangeHost = true,
        };
        var answer = await outbound.Send(ProfileOf(start, null), request, cancellation);
        if (answer.IsOk) return new(RobotsFile.Parse(options.Product, answer.Value.Body), answer.Raw);
        if (answer.Failure!.HttpCode is >= 400 and < 500) return new(RobotsFile.AllowAll, answer.Raw);
        return answer.Failure.Kind == FailureKind.TooLarge
            ? new(RobotsFile.DisallowAll, answer.Raw)
            : new(answer.Failure, answer.Raw);
    }

    Task<ProviderResult<PageFacts>> Page(Uri address, RobotsFile robots, CancellationToken cancellation) =>
        outbound.Ask(ProfileOf(address, robots.CrawlDelay), Request("page", address), Facts, cancellation);

    static PageFacts Facts(Answer answer) =>
        answer.MediaType is "" or "text/html" or "application/xhtml+xml" or "text/plain"
            ? PageReader.Read(answer.Body, answer.Address)
            : throw new MalformedAnswerException($"a web page was expected, not {answer.MediaType}");

    ProviderRequest Request(string operation, Uri address) => new(operation, HttpMethod.Get, address)
    {
        Headers =
        [
            ("User-Agent", options.UserAgent), ("Accept", "text/html,application/xhtml+xml,text/plain;q=0.5"),
        ],
    };

    // The host is part of the name, so that pace and breaker are kept per site.
    ProviderProfile ProfileOf(Uri address, TimeSpan? asked)
    {
        var delay = asked > options.HostDelay ? asked.Value : options.HostDelay;
        var windows = delay > TimeSpan.Zero ? new[] { new RateWindow(1, delay) } : [];
        return CrawlerOptions.Profile
            with { Name = $"{CrawlerOptions.Provider}:{address.Authority}", Windows = windows };
    }
}

/// <summary>Where a visit stands.</summary>
sealed class SiteVisit
{
    readonly RobotsFile robots;
    readonly List<Uri> queue;
    readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public SiteVisit(Uri start, RobotsFile robots)
    {
        this.robots = robots;
        queue = [start];
        seen.Add(Key(start));
    }

    public List<(Uri Address, PageFacts Facts)> Pages { get; } = [];

    public List<Uri> Refused { get; } = [];

    public List<ProviderFailure> Failures { get; } = [];

    public bool TryNext(out Uri address)
    {
        while (queue.Count > 0)
        {
            address = queue[0];
            queue.RemoveAt(0);
            if (robots.Allows(address.PathAndQuery)) return true;
            Refused.Add(address);
        }

        address = null!;
        return false;
    }

    public void Read(Uri asked, Uri answered, PageFacts facts, int maxQueue)
    {
        seen.Add(Key(answered));
        Pages.Add((asked, facts));
        var fresh = facts.Links.Where(link => seen.Add(Key(link))).Take(Math.Max(0, maxQueue - queue.Count))
            .ToArray();
        queue.AddRange(fresh);
    }

    static string Key(Uri address) => address.GetLeftPart(UriPartial.Query).TrimEnd('/').ToLowerInvariant();
}
