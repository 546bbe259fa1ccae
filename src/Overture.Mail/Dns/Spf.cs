using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Overture.Mail.Dns;

/// <summary>The results of RFC 7208 section 2.6.</summary>
public enum SpfResult
{
    /// <summary>The domain publishes no policy, or there is no domain.</summary>
    None,

    /// <summary>The domain says nothing about this client.</summary>
    Neutral,

    /// <summary>The client may send for the domain.</summary>
    Pass,

    /// <summary>The client may not send for the domain.</summary>
    Fail,

    /// <summary>The client probably may not.</summary>
    SoftFail,

    /// <summary>A look-up failed; another time it may succeed.</summary>
    TempError,

    /// <summary>The published record cannot be used.</summary>
    PermError,
}

/// <summary>The judgement of one client.</summary>
/// <param name="Result">The result.</param>
/// <param name="Domain">The domain whose policy was asked.</param>
/// <param name="Reason">Why, in one sentence, or the mechanism that matched.</param>
/// <param name="Explanation">What the domain says to refused clients (exp=); null when it says
/// nothing.</param>
/// <param name="Lookups">How many of the ten terms with look-ups were spent (RFC 7208 section 4.6.4).</param>
public sealed record SpfCheck(
    SpfResult Result, string Domain, string Reason, string? Explanation, int Lookups);

/// <summary>Sender Policy Framework: the check_host() function of RFC 7208 section 4.</summary>
public static class Spf
{
    /// <summary>The most terms with look-ups in one check.</summary>
    public const int MostLookups = 10;

    /// <summary>The most look-ups that find nothing.</summary>
    public const int MostVoidLookups = 2;

    /// <summary>The most names of an MX or a PTR answer.</summary>
    public const int MostNames = 10;

    /// <summary>Checks whether a client may send for a domain.</summary>
    /// <param name="ip">The address of the client.</param>
    /// <param name="mailFrom">The reverse-path without brackets; empty for the null path.</param>
    /// <param name="helo">The name the client gave in HELO or EHLO.</param>
    /// <param name="dns">Where records are looked up.</param>
    /// <param name="now">The time, for the t macro of explanations.</param>
    /// <param name="cancel">Ends the look-ups.</param>
    public static async Task<SpfCheck> Check(
        IPAddress ip, string mailFrom, string helo, IDnsSource dns, DateTimeOffset now = default,
        CancellationToken cancel = default)
    {
        if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();
        var at = mailFrom.LastIndexOf('@');
        var domain = mailFrom.Length == 0 ? helo : mailFrom[(at + 1)..];
        var local = at > 0 ? mailFrom[..at] : "postmaster";
        var run = new SpfRun(ip, $"{local}@{domain}", helo, dns, now, cancel);
        var (result, reason, explanation) = await run.CheckHost(domain, explain: true);
        return new SpfCheck(result, domain, reason, explanation, run.Lookups);
    }
}

/// <summary>One check with its budget of look-ups.</summary>
sealed class SpfRun(
    IPAddress ip, string sender, string helo, IDnsSource dns, DateTimeOffset now, CancellationToken cancel)
{
    const int LongestLabel = 63;
    const int LongestDomain = 253;

    int voids;
    IReadOnlyList<string>? validated;

    public int Lookups { get; private set; }

    bool Is4 => ip.AddressFamily == AddressFamily.InterNetwork;

    public async Task<(SpfResult Result, string Reason, string? Explanation)> CheckHost(
        string domain, bool explain)
    {
        domain = domain.TrimEnd('.');
        if (!IsQualified(domain)) return (SpfResult.None, "There is no domain to ask.", null);
        try
        {
            return await Evaluate(domain, explain);
        }
        catch (SpfStop stop)
        {
            return (stop.Result, stop.Message, null);
        }
    }

    async Task<(SpfResult, string, string?)> Evaluate(string domain, bool explain)
    {
        var answer = await Ask(domain, DnsType.Txt, countVoid: false);
        var texts = answer.Records.Select(record => record.Value).Where(SpfRecord.IsSpf).ToList();
        if (texts.Count == 0) return (SpfResult.None, $"{domain} publishes no SPF record.", null);
        if (texts.Count > 1) throw Broken($"{domain} publishes {texts.Count} SPF records.");
        if (SpfRecord.Parse(texts[0], out var problem) is not { } record) throw Broken(problem);
        foreach (var mechanism in record.Mechanisms)
        {
            if (!await Matches(mechanism, domain)) continue;
            var explanation = mechanism.Qualifier == SpfResult.Fail && explain
                ? await Explain(record, domain)
                : null;
            return (mechanism.Qualifier, $"{mechanism.Text} of {domain}", explanation);
        }

        if (record.Redirect is null) return (SpfResult.Neutral, $"No term of {domain} matches.", null);
        Spend();
        var target = await SpfMacro.ExpandDomain(record.Redirect, Context(domain));
        var (result, reason, told) = await CheckHost(target, explain);
        return result == SpfResult.None
            ? throw Broken($"{target} publishes no SPF record.")
            : (result, reason, told);
    }

    async Task<bool> Matches(SpfMechanism mechanism, string domain)
    {
        if (mechanism.Name == "all") return true;
        if (mechanism.Network is { } network) return IsIn(network, mechanism);
        Spend();
        var target = mechanism.Domain is { } spec
            ? await SpfMacro.ExpandDomain(spec, Context(domain))
            : domain;
        return mechanism.Name switch
        {
            "include" => await Includes(target),
            "a" => await HasAddress(target, mechanism, countVoid: true),
            "mx" => await HasExchanger(target, mechanism),
            "ptr" => (await ValidatedNames()).Any(name => DkimSignature.IsSameOrBelow(name, target)),
            _ => (await Ask(target, DnsType.A, countVoid: true)).Records.Count > 0,
        };
    }

    async Task<bool> Includes(string target)
    {
        var (result, reason, _) = await CheckHost(target, explain: false);
        return result switch
        {
            SpfResult.Pass => true,
            SpfResult.TempError => throw new SpfStop(result, reason),
            SpfResult.PermError or SpfResult.None => throw Broken($"include:{target}: {reason}"),
            _ => false,
        };
    }

    async Task<bool> HasAddress(string name, SpfMechanism mechanism, bool countVoid)
    {
        var answer = await Ask(name, Is4 ? DnsType.A : DnsType.Aaaa, countVoid);
        return answer.Records.Any(record => record.Address is { } address && IsIn(address, mechanism));
    }

    async Task<bool> HasExchanger(string target, SpfMechanism mechanism)
    {
        var answer = await Ask(target, DnsType.Mx, countVoid: true);
        if (answer.Records.Count > Spf.MostNames) throw Broken($"{target} names too many mail exchangers.");
        foreach (var record in answer.Records.OrderBy(record => record.Preference))
            if (await HasAddress(record.Value, mechanism, countVoid: false)) return true;
        return false;
    }

    bool IsIn(IPAddress network, SpfMechanism mechanism)
    {
        if (network.AddressFamily != ip.AddressFamily) return false;
        var bits = Is4 ? mechanism.Bits4 : mechanism.Bits6;
        var (left, right) = (network.GetAddressBytes(), ip.GetAddressBytes());
        for (var i = 0; bits > 0; i++, bits -= 8)
        {
            var mask = bits >= 8 ? 0xff : 0xff << (8 - bits) & 0xff;
            if (((left[i] ^ right[i]) & mask) != 0) return false;
        }

        return true;
    }

    // Names of the client that point back to it (RFC 7208 section 5.5); failures mean none.
    async Task<IReadOnlyList<string>> ValidatedNames()
    {
        if (validated is not null) return validated;
        var names = new List<string>();
        var bytes = ip.GetAddressBytes();
        var labels = Is4
            ? bytes.Reverse().Select(part => part.ToString())
            : Convert.ToHexStringLower(bytes).Reverse().Select(nibble => nibble.ToString());
        var pointer = await dns.Ask(
            string.Join('.', labels) + (Is4 ? ".in-addr.arpa" : ".ip6.arpa"), DnsType.Ptr, cancel);
        foreach (var record in pointer.Records.Take(Spf.MostNames))
        {
            var forward = await dns.Ask(record.Value, Is4 ? DnsType.A : DnsType.Aaaa, cancel);
            if (forward.Records.Any(address => ip.Equals(address.Address))) names.Add(record.Value);
        }

        return validated = names;
    }

    async Task<string?> Explain(SpfRecord record, string domain)
    {
        if (record.Explanation is null) return null;
        var name = await SpfMacro.ExpandDomain(record.Explanation, Context(domain));
        var answer = await dns.Ask(name, DnsType.Txt, cancel);
        if (answer.Records.Count != 1) return null;
        var text = answer.Records[0].Value;
        if (!Ascii.IsValid(text) || !SpfMacro.IsExplanation(text)) return null;
        return await SpfMacro.Expand(text, Context(domain));
    }

    SpfMacroContext Context(string domain) => new(ip, sender, domain, helo)
    {
        Now = now,
        ValidatedName = async () =>
        {
            var names = await ValidatedNames();
            return names.FirstOrDefault(name => name.Equals(domain, StringComparison.OrdinalIgnoreCase))
                ?? names.FirstOrDefault(name => DkimSignature.IsSameOrBelow(name, domain))
                ?? (names.Count > 0 ? names[0] : "unknown");
        },
    };

    async Task<DnsAnswer> Ask(string name, DnsType type, bool countVoid)
    {
        var answer = await dns.Ask(name, type, cancel);
        if (answer.IsUnknown) throw new SpfStop(SpfResult.TempError, $"{name} could not be looked up.");
        if (countVoid && answer.Records.Count == 0 && ++voids > Spf.MostVoidLookups)
            throw Broken("Too many look-ups find nothing.");
        return answer;
    }

    void Spend()
    {
        if (++Lookups > Spf.MostLookups) throw Broken("The record needs more than ten look-ups.");
    }

    static bool IsQualified(string domain)
    {
        var labels = domain.Split('.');
        return domain.Length <= LongestDomain && labels.Length > 1
            && labels.All(label => label.Length is > 0 and <= LongestLabel);
    }

    static SpfStop Broken(string reason) => new(SpfResult.PermError, reason);

    // Ends the whole check from any depth, includes too.
    sealed class SpfStop(SpfResult result, string reason) : Exception(reason)
    {
        public SpfResult Result { get; } = result;
    }
}
