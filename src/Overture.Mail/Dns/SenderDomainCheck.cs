namespace Overture.Mail.Dns;

/// <summary>What was found about one sender requirement.</summary>
public enum FindingState
{
    /// <summary>The requirement is met.</summary>
    Pass,

    /// <summary>It is not met.</summary>
    Fail,

    /// <summary>The look-up failed, so nothing is known.</summary>
    Unknown,
}

/// <summary>A record to publish.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Type">The record type.</param>
/// <param name="Value">The value.</param>
public sealed record RecordToPaste(string Name, string Type, string Value);

/// <summary>One finding about a domain.</summary>
/// <param name="Check">SPF, DKIM, DMARC or MX.</param>
/// <param name="State">What was found.</param>
/// <param name="Sentence">What it means and what to do.</param>
/// <param name="Seen">The record as published; null when none was seen.</param>
/// <param name="Paste">The record to publish; null when nothing needs to change.</param>
public sealed record DomainFinding(
    string Check, FindingState State, string Sentence, string? Seen, RecordToPaste? Paste);

/// <summary>What is known about how a domain sends.</summary>
public sealed record SenderSetup
{
    /// <summary>DKIM selectors in use; when empty, the usual ones are tried.</summary>
    public IReadOnlyList<string> Selectors { get; init; } = [];

    /// <summary>The SPF mechanism that covers the sending servers, such as include:_spf.google.com.</summary>
    public string? SpfMechanism { get; init; }

    /// <summary>The DKIM record of the domain's own key; null when a provider holds the key.</summary>
    public string? DkimRecord { get; init; }

    /// <summary>Where DMARC reports should go; null for nowhere.</summary>
    public string? ReportAddress { get; init; }
}

/// <summary>Checks what receivers demand of a sending domain: SPF, DKIM, DMARC and a way back (MX).</summary>
public static class SenderDomainCheck
{
    /// <summary>The selectors that providers use by habit.</summary>
    public static readonly IReadOnlyList<string> UsualSelectors =
    [
        "overture", "google", "selector1", "selector2", "default", "dkim", "mail", "k1", "k2", "s1", "s2",
        "fm1", "protonmail", "zoho", "zmail", "mandrill", "pm", "mx", "key1", "20230601",
    ];

    const string OwnSelector = "overture";
    const string AnyAddress = "192.0.2.1";

    /// <summary>Checks a domain.</summary>
    /// <param name="domain">The domain of the From address.</param>
    /// <param name="setup">What is known about how it sends.</param>
    /// <param name="dns">Where records are looked up.</param>
    /// <param name="cancel">Ends the look-ups.</param>
    /// <returns>One finding each for SPF, DKIM, DMARC and MX.</returns>
    public static async Task<IReadOnlyList<DomainFinding>> Check(
        string domain, SenderSetup setup, IDnsSource dns, CancellationToken cancel = default)
    {
        var name = domain.Trim().TrimEnd('.').ToLowerInvariant();
        return
        [
            await CheckSpf(name, setup, dns, cancel),
            await CheckDkim(name, setup, dns, cancel),
            await CheckDmarc(name, setup, dns, cancel),
            await CheckMx(name, dns, cancel),
        ];
    }

    static async Task<DomainFinding> CheckSpf(
        string domain, SenderSetup setup, IDnsSource dns, CancellationToken cancel)
    {
        var answer = await dns.Ask(domain, DnsType.Txt, cancel);
        if (answer.IsUnknown) return Unknown("SPF");
        var records = answer.Records.Select(record => record.Value).Where(SpfRecord.IsSpf).ToList();
        var paste = new RecordToPaste(domain, "TXT", Wanted(records.FirstOrDefault(), setup.SpfMechanism));
        if (records.Count == 0)
            return new DomainFinding("SPF", FindingState.Fail, "No SPF record is published.", null, paste);
        if (records.Count > 1)
            return new DomainFinding("SPF", FindingState.Fail,
                "Several SPF records are published, so receivers use none: merge them into one.",
                string.Join(" | ", records), paste);
        if (SpfRecord.Parse(records[0], out var problem) is not { } parsed)
            return new DomainFinding("SPF", FindingState.Fail, problem, records[0], paste);
        if (parsed.Mechanisms.Any(one => one is { Name: "all", Qualifier: SpfResult.Pass }))
            return new DomainFinding("SPF", FindingState.Fail,
                "The record lets anyone send for the domain (+all).",
                records[0], paste with { Value = records[0].Replace("+all", "~all") });
        // A check of an address nobody uses walks the whole record and meets its limits.
        var probe = await Spf.Check(
            System.Net.IPAddress.Parse(AnyAddress), "postmaster@" + domain, domain, dns, default, cancel);
        if (probe.Result == SpfResult.TempError) return Unknown("SPF") with { Seen = records[0] };
        if (probe.Result == SpfResult.PermError)
            return new DomainFinding("SPF", FindingState.Fail, probe.Reason, records[0], null);
        if (setup.SpfMechanism is { } needed && !parsed.Mechanisms.Any(one => IsSame(one.Text, needed)))
            return new DomainFinding("SPF", FindingState.Fail,
                $"The record does not name the sending servers ({needed}).", records[0], paste);
        return new DomainFinding("SPF", FindingState.Pass, "The SPF record is valid.", records[0], null);
    }

    static string Wanted(string? existing, string? mechanism)
    {
        var added = mechanism ?? "mx";
        if (existing is null) return $"v=spf1 {added} ~all";
        if (existing.Contains(added, StringComparison.OrdinalIgnoreCase)) return existing;
        return "v=spf1 " + added + existing[6..];
    }

    static bool IsSame(string left, string right) =>
        left.TrimStart('+').Equals(right.TrimStart('+'), StringComparison.OrdinalIgnoreCase);

    static async Task<DomainFinding> CheckDkim(
        string domain, SenderSetup setup, IDnsSource dns, CancellationToken cancel)
    {
        var known = setup.Selectors.Count > 0;
        DomainFinding? worst = null;
        foreach (var selector in known ? setup.Selectors : UsualSelectors)
        {
            var name = $"{selector}._domainkey.{domain}";
            var answer = await dns.Ask(name, DnsType.Txt, cancel);
            if (answer.IsUnknown)
            {
                worst ??= Unknown("DKIM");
                continue;
            }

            if (answer.Records.Count == 0) continue;
            var record = answer.Records[0].Value;
            var (key, problem) = DkimKey.Parse(record);
            var tooShort = key is { Type: "rsa", Bits: < DkimVerifier.SmallestRsaBits };
            if (key is not null && !tooShort)
                return new DomainFinding("DKIM", FindingState.Pass,
                    $"Selector {selector} holds a valid {key.Type} key of {key.Bits} bits.", record, null);
            var sentence = tooShort ? $"The key of selector {selector} has only {key!.Bits} bits." : problem;
            worst = new DomainFinding("DKIM", FindingState.Fail, sentence, record, OwnKey(domain, setup));
        }

        if (worst is not null) return worst;
        var missing = known
            ? "None of the selectors in use is published."
            : "No usual selector is published; name the selector if the domain uses another one.";
        return new DomainFinding("DKIM", FindingState.Fail, missing, null, OwnKey(domain, setup));
    }

    static RecordToPaste? OwnKey(string domain, SenderSetup setup)
    {
        if (setup.DkimRecord is not { } record) return null;
        var selector = setup.Selectors.Count > 0 ? setup.Selectors[0] : OwnSelector;
        return new RecordToPaste($"{selector}._domainkey.{domain}", "TXT", record);
    }

    static async Task<DomainFinding> CheckDmarc(
        string domain, SenderSetup setup, IDnsSource dns, CancellationToken cancel)
    {
        var walk = await Dmarc.Walk(domain, dns, cancel);
        if (walk.IsUnknown) return Unknown("DMARC");
        if (walk.Record is { } record)
        {
            var policy = record.Policy.ToString().ToLowerInvariant();
            return new DomainFinding("DMARC", FindingState.Pass,
                $"A DMARC policy of {walk.RecordName} applies (p={policy}).", record.Text, null);
        }

        var value = "v=DMARC1; p=none" + (setup.ReportAddress is { } to ? $"; rua=mailto:{to}" : "");
        var own = await dns.Ask("_dmarc." + domain, DnsType.Txt, cancel);
        var seen = own.Records.Count > 0 ? string.Join(" | ", own.Records.Select(one => one.Value)) : null;
        var sentence = seen is null
            ? "No DMARC policy is published."
            : "The DMARC policy published is not usable.";
        return new DomainFinding("DMARC", FindingState.Fail, sentence, seen,
            new RecordToPaste("_dmarc." + domain, "TXT", value));
    }

    static async Task<DomainFinding> CheckMx(string domain, IDnsSource dns, CancellationToken cancel)
    {
        var answer = await dns.Ask(domain, DnsType.Mx, cancel);
        if (answer.IsUnknown) return Unknown("MX");
        if (answer.Records.Count == 0)
            return new DomainFinding("MX", FindingState.Fail,
                "No mail exchanger is published, so replies and bounces cannot come back.", null, null);
        var seen = string.Join(", ", answer.Records.OrderBy(record => record.Preference)
            .Select(record => $"{record.Preference} {(record.Value.Length == 0 ? "." : record.Value)}"));
        // RFC 7505: a single exchanger without a name says that the domain takes no mail.
        return answer.Records.All(record => record.Value.Length == 0)
            ? new DomainFinding("MX", FindingState.Fail, "The domain says that it takes no mail.", seen, null)
            : new DomainFinding("MX", FindingState.Pass, "Mail can come back.", seen, null);
    }

    static DomainFinding Unknown(string check) => new(
        check, FindingState.Unknown, "The look-up failed; nothing is known. Try again later.", null, null);
}
