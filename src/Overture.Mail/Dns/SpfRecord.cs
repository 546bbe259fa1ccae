using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Overture.Mail.Dns;

/// <summary>One mechanism of a record (RFC 7208 section 5).</summary>
/// <param name="Qualifier">The result it stands for.</param>
/// <param name="Name">Its name in lower case.</param>
/// <param name="Domain">Its domain-spec, unexpanded; null when it names none.</param>
/// <param name="Network">The address of ip4 and ip6.</param>
/// <param name="Bits4">The prefix length for IPv4 addresses.</param>
/// <param name="Bits6">The prefix length for IPv6 addresses.</param>
/// <param name="Text">The term as written.</param>
sealed record SpfMechanism(
    SpfResult Qualifier, string Name, string? Domain, IPAddress? Network, int Bits4, int Bits6, string Text);

/// <summary>A parsed record (RFC 7208 section 4.6.1); every term is checked before any is used.</summary>
sealed partial class SpfRecord
{
    const int MostTerms = 500;
    const int RegexTimeOutMilliseconds = 1000;

    readonly List<SpfMechanism> mechanisms = [];

    SpfRecord() { }

    public IReadOnlyList<SpfMechanism> Mechanisms => mechanisms;

    /// <summary>The domain-spec of redirect=; null without one.</summary>
    public string? Redirect { get; private set; }

    /// <summary>The domain-spec of exp=; null without one.</summary>
    public string? Explanation { get; private set; }

    /// <summary>Whether a TXT record is meant for SPF at all (RFC 7208 section 4.5).</summary>
    public static bool IsSpf(string text) =>
        text.StartsWith("v=spf1", StringComparison.OrdinalIgnoreCase) && (text.Length == 6 || text[6] == ' ');

    /// <summary>Reads a record; the problem names the broken term when there is none.</summary>
    public static SpfRecord? Parse(string text, out string problem)
    {
        problem = "";
        var record = new SpfRecord();
        var terms = text[6..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (terms.Length > MostTerms) problem = "The record has too many terms.";
        foreach (var term in terms.TakeWhile(_ => record.mechanisms.Count <= MostTerms))
        {
            if (record.Add(term)) continue;
            problem = $"The term \"{term}\" is malformed.";
            break;
        }

        return problem.Length == 0 ? record : null;
    }

    bool Add(string term)
    {
        if (Modifier().Match(term) is { Success: true } modifier)
            return AddModifier(modifier.Groups["name"].Value.ToLowerInvariant(),
                modifier.Groups["value"].Value);
        var qualifier = term[0] switch
        {
            '-' => SpfResult.Fail,
            '~' => SpfResult.SoftFail,
            '?' => SpfResult.Neutral,
            _ => SpfResult.Pass,
        };
        var rest = term[0] is '+' or '-' or '~' or '?' ? term[1..] : term;
        var end = rest.AsSpan().IndexOfAny(':', '/');
        var name = (end < 0 ? rest : rest[..end]).ToLowerInvariant();
        var argument = end < 0 ? "" : rest[end..];
        var mechanism = name switch
        {
            "all" when argument.Length == 0 => new SpfMechanism(qualifier, name, null, null, 0, 0, term),
            "include" or "exists" => WithDomain(qualifier, name, argument, term),
            "ptr" when argument.Length == 0 => new SpfMechanism(qualifier, name, null, null, 0, 0, term),
            "ptr" => WithDomain(qualifier, name, argument, term),
            "a" or "mx" => WithDomainAndPrefix(qualifier, name, argument, term),
            "ip4" or "ip6" => WithNetwork(qualifier, name, argument, term),
            _ => null,
        };
        if (mechanism is null) return false;
        mechanisms.Add(mechanism);
        return true;
    }

    bool AddModifier(string name, string value)
    {
        if (name == "redirect")
        {
            if (Redirect is not null || !SpfMacro.IsDomainSpec(value)) return false;
            Redirect = value;
            return true;
        }

        if (name == "exp")
        {
            if (Explanation is not null || !SpfMacro.IsDomainSpec(value)) return false;
            Explanation = value;
            return true;
        }

        return SpfMacro.IsMacroString(value);
    }

    static SpfMechanism? WithDomain(SpfResult qualifier, string name, string argument, string term) =>
        argument.Length > 1 && argument[0] == ':' && SpfMacro.IsDomainSpec(argument[1..])
            ? new SpfMechanism(qualifier, name, argument[1..], null, 0, 0, term)
            : null;

    static SpfMechanism? WithDomainAndPrefix(SpfResult qualifier, string name, string argument, string term)
    {
        var prefix = Prefix().Match(argument);
        if (!TryBits(prefix.Groups["four"].Value, 32, out var bits4)) return null;
        if (!TryBits(prefix.Groups["six"].Value, 128, out var bits6)) return null;
        var domain = argument[..prefix.Index];
        if (domain.Length == 0) return new SpfMechanism(qualifier, name, null, null, bits4, bits6, term);
        return domain[0] == ':' && SpfMacro.IsDomainSpec(domain[1..])
            ? new SpfMechanism(qualifier, name, domain[1..], null, bits4, bits6, term)
            : null;
    }

    static SpfMechanism? WithNetwork(SpfResult qualifier, string name, string argument, string term)
    {
        if (argument.Length < 2 || argument[0] != ':') return null;
        var slash = argument.IndexOf('/');
        var address = slash < 0 ? argument[1..] : argument[1..slash];
        var bits = slash < 0 ? "" : argument[(slash + 1)..];
        if (slash >= 0 && bits.Length == 0) return null;
        var four = name == "ip4";
        if (!TryBits(bits, four ? 32 : 128, out var length)) return null;
        if (four ? !Quad().IsMatch(address) : !address.Contains(':') || address.AsSpan().ContainsAny("[]%"))
            return null;
        if (!IPAddress.TryParse(address, out var network)) return null;
        if (network.AddressFamily != (four ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6))
            return null;
        return new SpfMechanism(qualifier, name, null, network, length, length, term);
    }

    static bool TryBits(string text, int most, out int bits)
    {
        bits = most;
        if (text.Length == 0) return true;
        if (text.Length > 3 || (text.Length > 1 && text[0] == '0')) return false;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits <= most;
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z][A-Za-z0-9\-_.]*)=(?<value>.*)\z", RegexOptions.Singleline,
        RegexTimeOutMilliseconds)]
    private static partial Regex Modifier();

    [GeneratedRegex(@"(?:/(?<four>\d+))?(?://(?<six>\d+))?\z", RegexOptions.None, RegexTimeOutMilliseconds)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}\z", RegexOptions.None,
        RegexTimeOutMilliseconds)]
    private static partial Regex Quad();
}
