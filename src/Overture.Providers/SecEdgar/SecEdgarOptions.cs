using System.Text.RegularExpressions;
using Overture.Providers.Outbound;

namespace Overture.Providers.SecEdgar;

/// <summary>Settings for the SEC's EDGAR system. It needs no key, but a declared User-Agent.</summary>
public sealed partial record SecEdgarOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "sec_edgar";

    // The SEC allows 10 calls per second and source address, summed over all hosts and machines behind it.
    const int MaxCallsPerSecond = 8;

    /// <summary>Indexes, filings and the feed of latest filings.</summary>
    public Uri ArchivesBaseUrl { get; init; } = new("https://www.sec.gov");

    /// <summary>Submissions JSON.</summary>
    public Uri DataBaseUrl { get; init; } = new("https://data.sec.gov");

    /// <summary>Full-text search.</summary>
    public Uri SearchBaseUrl { get; init; } = new("https://efts.sec.gov");

    /// <summary>Organisation and contact address: "AcmeCo admin@acme.example".</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Calls per second in the whole process, 1 to 8.</summary>
    public int CallsPerSecond { get; init; } = MaxCallsPerSecond;

    /// <summary>
    /// Everything wrong with these settings, one sentence each; empty when they can be used.
    /// </summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (!DeclaredAgent().IsMatch(UserAgent))
            problems.Add(
                "SEC EDGAR needs a User-Agent that names your organisation and a contact address, "
                + "for example \"AcmeCo admin@acme.example\".");
        if (CallsPerSecond is < 1 or > MaxCallsPerSecond)
            problems.Add(
                $"SEC EDGAR: CallsPerSecond must be 1 to {MaxCallsPerSecond}, not {CallsPerSecond}.");
        foreach (var url in new[] { ArchivesBaseUrl, DataBaseUrl, SearchBaseUrl })
        {
            if (!url.IsAbsoluteUri || !url.Scheme.StartsWith("http", StringComparison.Ordinal))
                problems.Add($"SEC EDGAR: \"{url}\" is no web address; leave it out to use the SEC's own.");
        }

        return problems;
    }

    internal ProviderProfile Profile => new(
        Provider, [new RateWindow(CallsPerSecond, TimeSpan.FromSeconds(1), IsSpread: true)])
    {
        Judge = SecEdgarVerdict.Of,
        FirstPause = TimeSpan.FromSeconds(1),
        MaxBodyBytes = 16 * 1024 * 1024,
    };

    [GeneratedRegex(@"^\s*\S.*[^\s@]+@[^\s@]+\.[A-Za-z]{2,}", RegexOptions.NonBacktracking)]
    private static partial Regex DeclaredAgent();
}
