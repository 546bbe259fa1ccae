using System.Globalization;
using System.Text;

namespace Overture.Providers.Crawler;

/// <summary>
/// What a site allows robots (RFC 9309): the longest matching rule wins, allowing wins a tie.
/// </summary>
public sealed class RobotsFile
{
    // RFC 9309 asks for at least 500 KiB to be read.
    const int MaxBytes = 512 * 1024;
    const int MaxRules = 5000;
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    readonly List<(bool IsAllowed, string Pattern)> rules = [];

    RobotsFile() { }

    /// <summary>Nothing is forbidden: there is no such file.</summary>
    public static RobotsFile AllowAll { get; } = new();

    /// <summary>Everything is forbidden: the file could not be read although it may exist.</summary>
    public static RobotsFile DisallowAll { get; } = Parse("*", "User-agent: *\nDisallow: /"u8.ToArray());

    /// <summary>The pause the site asks for; not in the RFC, but honoured.</summary>
    public TimeSpan? CrawlDelay { get; private set; }

    /// <summary>Reads the file for one product; its own group counts, else that of "*".</summary>
    public static RobotsFile Parse(string product, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, MaxBytes)))
            .TrimStart('\uFEFF');
        var own = Group(text, agent =>
            product.StartsWith(agent, StringComparison.OrdinalIgnoreCase) && agent != "*");
        return own.isNamed ? own.file : Group(text, agent => agent == "*").file;
    }

    /// <summary>Whether a path with its query may be read.</summary>
    public bool Allows(string pathAndQuery)
    {
        ArgumentNullException.ThrowIfNull(pathAndQuery);
        var (best, isAllowed) = (-1, true);
        foreach (var (allowed, pattern) in rules)
        {
            if (pattern.Length < best || (pattern.Length == best && !allowed)
                || !Matches(pattern, pathAndQuery))
                continue;
            (best, isAllowed) = (pattern.Length, allowed);
        }

        return isAllowed;
    }

    static (RobotsFile file, bool isNamed) Group(string text, Func<string, bool> isMeant)
    {
        var file = new RobotsFile();
        var (isNamed, isInGroup, wasAgent) = (false, false, false);
        using var lines = new StringReader(text);
        while (lines.ReadLine() is { } raw && file.rules.Count < MaxRules)
        {
            var line = raw.Split('#')[0];
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            var (key, value) = (line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
            if (key == "user-agent")
            {
                // Several agent lines in a row share the rules that follow.
                isInGroup = (wasAgent && isInGroup) || isMeant(value);
                isNamed |= isInGroup;
                wasAgent = true;
                continue;
            }

            if (key is not ("allow" or "disallow" or "crawl-delay")) continue;
            wasAgent = false;
            if (isInGroup) file.Add(key, value);
        }

        return (file, isNamed);
    }

    void Add(string key, string value)
    {
        if (key == "crawl-delay")
        {
            if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                && seconds > 0)
                CrawlDelay = TimeSpan.FromSeconds(Math.Min(seconds, LongestDelay.TotalSeconds));
        }
        else if (value.Length > 0)
        {
            rules.Add((key == "allow", value));
        }
    }

    // "*" stands for anything, "$" for the end. Greedy matching with one point of return keeps it linear
    // enough.
    static bool Matches(string pattern, string path)
    {
        var isAnchored = pattern.EndsWith('$');
        var end = isAnchored ? pattern.Length - 1 : pattern.Length;
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < path.Length)
        {
            if (p < end && pattern[p] == '*') (star, mark) = (p++, t);
            else if (p < end && pattern[p] == path[t]) (p, t) = (p + 1, t + 1);
            else if (p == end && !isAnchored) return true;
            else if (star >= 0) (p, t) = (star + 1, ++mark);
            else return false;
        }

        while (p < end && pattern[p] == '*') p++;
        return p == end;
    }
}
