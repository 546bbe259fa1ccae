using System.Text.RegularExpressions;
using Overture.Providers.Outbound;

namespace Overture.Providers.Crawler;

/// <summary>Settings of the crawler.</summary>
public sealed partial record CrawlerOptions
{
    /// <summary>The short name in records.</summary>
    public const string Provider = "crawler";

    /// <summary>The product's name as robots.txt knows it.</summary>
    public string Product { get; init; } = "OvertureBot";

    /// <summary>Where site owners find out who we are: a web page or an e-mail address.</summary>
    public string Contact { get; init; } = "";

    /// <summary>Pages read per site, the first included.</summary>
    public int MaxPages { get; init; } = 8;

    /// <summary>Pause between two calls to one host; a longer Crawl-delay is honoured.</summary>
    public TimeSpan HostDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new OptionProblems("Crawler").Range(nameof(MaxPages), MaxPages, 1, 50).All;
        return Uri.TryCreate(Contact, UriKind.Absolute, out _) || EmailLike().IsMatch(Contact)
            ? problems
            : [.. problems, "Crawler: Contact must be a web page or an e-mail address."];
    }

    internal string UserAgent => $"{Product}/1.0 (+{Contact})";

    internal static ProviderProfile Profile => new(Provider, [])
    {
        MaxAttempts = 2,
        MaxBodyBytes = 2 * 1024 * 1024,
        AttemptTimeout = TimeSpan.FromSeconds(15),
        // Every site is a service of its own; one that fails must not stop the others.
        BreakerThreshold = int.MaxValue,
        Judge = answer => HttpVerdict.Of(Provider, answer, ""),
    };

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.\w{2,}$", RegexOptions.NonBacktracking)]
    private static partial Regex EmailLike();
}
