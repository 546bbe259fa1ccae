using System.Globalization;
using System.Net;
using System.Text;

namespace Overture.Mail.Dns;

/// <summary>
/// The public suffix list (publicsuffix.org, Mozilla Public License 2.0): which part of a domain can be
/// registered by anyone. The list is embedded; its licence stands at its head.
/// </summary>
public static class PublicSuffix
{
    const int LongestName = 253;
    const int MostLabels = 127;

    static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };
    static readonly Lazy<Dictionary<string, Kind>> Rules = new(Load);

    enum Kind : byte
    {
        Plain,
        Wildcard,
        Exception,
        PlainAndWildcard,
    }

    /// <summary>
    /// The registrable domain: the public suffix and one label more (the organisational domain of RFC 7489
    /// section 3.2).
    /// </summary>
    /// <param name="host">A host name, in Unicode or ASCII form, in any case, with or without a final
    /// dot.</param>
    /// <returns>
    /// The registrable domain in lower case, in the form (Unicode or ASCII) that was given; null for an
    /// address literal, a malformed name, or a name that is itself a public suffix.
    /// </returns>
    public static string? RegistrableDomain(string? host)
    {
        if (Labels(host) is not { } labels) return null;
        var suffix = SuffixLength(labels);
        return suffix >= labels.Length ? null : string.Join('.', labels[^(suffix + 1)..]);
    }

    /// <summary>Whether the name as a whole is a public suffix, such as <c>co.uk</c>.</summary>
    /// <param name="host">A host name as for <see cref="RegistrableDomain"/>.</param>
    public static bool IsPublicSuffix(string? host) =>
        Labels(host) is { } labels && SuffixLength(labels) == labels.Length;

    static string[]? Labels(string? host)
    {
        if (string.IsNullOrEmpty(host) || host.Length > LongestName || host[0] == '.') return null;
        var name = (host[^1] == '.' ? host[..^1] : host).ToLowerInvariant();
        if (IPAddress.TryParse(name, out _)) return null;
        var labels = name.Split('.');
        return labels.Length > MostLabels || labels.Any(label => label.Length == 0) ? null : labels;
    }

    static int SuffixLength(string[] labels)
    {
        var ascii = Array.ConvertAll(labels, ToAscii);
        var longest = 1;
        for (var count = 1; count <= ascii.Length; count++)
        {
            if (!Rules.Value.TryGetValue(string.Join('.', ascii[^count..]), out var kind)) continue;
            if (kind == Kind.Exception) return count - 1;
            if (kind != Kind.Wildcard) longest = Math.Max(longest, count);
            if (kind != Kind.Plain && count < ascii.Length) longest = Math.Max(longest, count + 1);
        }

        return longest;
    }

    static string ToAscii(string label)
    {
        if (Ascii.IsValid(label)) return label;
        try
        {
            return Idn.GetAscii(label).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return label;
        }
    }

    static Dictionary<string, Kind> Load()
    {
        var rules = new Dictionary<string, Kind>(12_000);
        using var stream = typeof(PublicSuffix).Assembly.GetManifestResourceStream("public_suffix_list.dat")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            var rule = line.Trim();
            if (rule.Length == 0 || rule.StartsWith("//", StringComparison.Ordinal)) continue;
            var (kind, name) = rule switch
            {
                ['!', .. var rest] => (Kind.Exception, rest),
                ['*', '.', .. var rest] => (Kind.Wildcard, rest),
                _ => (Kind.Plain, rule),
            };
            name = string.Join('.', name.Split('.').Select(ToAscii));
            // A name may be a suffix itself and the parent of a wildcard.
            rules[name] = rules.TryGetValue(name, out var known) && known != kind
                ? Kind.PlainAndWildcard
                : kind;
        }

        return rules;
    }
}
