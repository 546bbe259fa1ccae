namespace Overture.Mail.Dns;

/// <summary>The results of DMARC (RFC 8601 section 2.7.7).</summary>
public enum DmarcResult
{
    /// <summary>The domain publishes no policy.</summary>
    None,

    /// <summary>An aligned SPF or DKIM check passed.</summary>
    Pass,

    /// <summary>No aligned check passed.</summary>
    Fail,

    /// <summary>A look-up failed; another time the check may pass.</summary>
    TempError,
}

/// <summary>The judgement of one message.</summary>
/// <param name="Result">The result.</param>
/// <param name="Domain">The domain of the From field.</param>
/// <param name="OrganizationalDomain">The organisation of that domain.</param>
/// <param name="Record">The policy record found; null for none.</param>
/// <param name="Applied">The policy to apply to a failing message, after sp=, np= and t=.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record DmarcCheck(
    DmarcResult Result, string Domain, string OrganizationalDomain, DmarcRecord? Record, DmarcPolicy Applied,
    string Reason);

/// <summary>
/// DMARC evaluation (RFC 9989; the organisational domain by its tree walk, else by public suffix).
/// </summary>
public static class Dmarc
{
    /// <summary>The most look-ups of one tree walk (RFC 9989 section 4.10).</summary>
    public const int MostQueries = 8;

    /// <summary>Judges a message.</summary>
    /// <param name="fromDomain">The domain of the one address in the From field.</param>
    /// <param name="spf">The SPF check of the message; null when there was none.</param>
    /// <param name="dkim">The DKIM checks of the message.</param>
    /// <param name="dns">Where records are looked up.</param>
    /// <param name="cancel">Ends the look-ups.</param>
    public static async Task<DmarcCheck> Evaluate(
        string fromDomain, SpfCheck? spf, IReadOnlyList<DkimCheck> dkim, IDnsSource dns,
        CancellationToken cancel = default)
    {
        var from = fromDomain.TrimEnd('.').ToLowerInvariant();
        var walk = await Walk(from, dns, cancel);
        DmarcCheck Judged(DmarcResult result, DmarcPolicy applied, string reason) =>
            new(result, from, walk.Organization, walk.Record, applied, reason);
        if (walk.Record is not { } record)
            return walk.IsUnknown
                ? Judged(DmarcResult.TempError, DmarcPolicy.None, "The policy could not be looked up.")
                : Judged(DmarcResult.None, DmarcPolicy.None, $"{from} publishes no DMARC policy.");
        foreach (var check in dkim.Where(check => check.Counts))
        {
            if (await Aligned(check.Domain, from, walk.Organization, record.StrictDkim, dns, cancel))
                return Judged(DmarcResult.Pass, DmarcPolicy.None, $"DKIM of {check.Domain} is aligned.");
        }

        if (spf is { Result: SpfResult.Pass }
            && await Aligned(spf.Domain, from, walk.Organization, record.StrictSpf, dns, cancel))
            return Judged(DmarcResult.Pass, DmarcPolicy.None, $"SPF of {spf.Domain} is aligned.");
        if (spf?.Result == SpfResult.TempError || dkim.Any(check => check.Result == DkimResult.TempError))
            return Judged(DmarcResult.TempError, DmarcPolicy.None,
                "A check that may pass could not be made.");
        var policy = await PolicyFor(from, walk, dns, cancel);
        return Judged(DmarcResult.Fail, policy, "Neither SPF nor DKIM passes for the From domain.");
    }

    /// <summary>Finds the policy record and the organisation of a domain (RFC 9989 section 4.10).</summary>
    /// <param name="domain">The domain asked for.</param>
    /// <param name="dns">Where records are looked up.</param>
    /// <param name="cancel">Ends the look-ups.</param>
    internal static async Task<DmarcWalk> Walk(string domain, IDnsSource dns, CancellationToken cancel)
    {
        var found = new List<(string Name, DmarcRecord Record)>();
        var unknown = false;
        foreach (var name in Names(domain))
        {
            var answer = await dns.Ask("_dmarc." + name, DnsType.Txt, cancel);
            unknown |= answer.IsUnknown;
            var texts = answer.Records.Select(text => DmarcRecord.Parse(text.Value));
            var records = texts.OfType<DmarcRecord>().ToList();
            // Several records are as good as none.
            if (records.Count != 1) continue;
            found.Add((name, records[0]));
            if (records[0].PublicSuffix is not null) break;
        }

        var organization = Organization(domain, found);
        var own = found.Find(one => one.Name == domain);
        if (own.Record is null) own = found.Find(one => one.Name == organization);
        if (own.Record is null) own = found.Find(one => one.Record.PublicSuffix == 'y');
        return new DmarcWalk(organization, own.Record, own.Name ?? "", unknown && own.Record is null);
    }

    static string Organization(string domain, List<(string Name, DmarcRecord Record)> found)
    {
        if (found.Find(one => one.Record.PublicSuffix == 'n') is { Record: not null } told) return told.Name;
        var suffix = found.Find(one => one.Record.PublicSuffix == 'y' && one.Name != domain);
        if (suffix.Record is not null)
        {
            var above = domain[..^(suffix.Name.Length + 1)];
            return above[(above.LastIndexOf('.') + 1)..] + "." + suffix.Name;
        }

        // The walk alone would make an organisation of a record at a public suffix that forgot psd=y.
        var shortest = found.Where(one => !PublicSuffix.IsPublicSuffix(one.Name)).Select(one => one.Name)
            .OrderBy(name => name.Count(character => character == '.')).FirstOrDefault();
        return shortest ?? PublicSuffix.RegistrableDomain(domain) ?? domain;
    }

    static IEnumerable<string> Names(string domain)
    {
        var labels = domain.Split('.');
        yield return domain;
        for (var count = Math.Min(labels.Length - 1, MostQueries - 1); count > 0; count--)
            yield return string.Join('.', labels[^count..]);
    }

    static async Task<bool> Aligned(
        string domain, string from, string organization, bool strict, IDnsSource dns,
        CancellationToken cancel)
    {
        var name = domain.TrimEnd('.').ToLowerInvariant();
        if (name == from) return true;
        if (strict) return false;
        if (!DkimSignature.IsSameOrBelow(name, organization)) return false;
        return (await Walk(name, dns, cancel)).Organization == organization;
    }

    static async Task<DmarcPolicy> PolicyFor(
        string from, DmarcWalk walk, IDnsSource dns, CancellationToken cancel)
    {
        var record = walk.Record!;
        var policy = record.Policy;
        if (walk.RecordName != from)
        {
            var answer = await dns.Ask(from, DnsType.A, cancel);
            policy = answer.Outcome == DnsOutcome.NoSuchName ? record.MissingPolicy : record.SubdomainPolicy;
        }

        if (!record.IsTesting || policy == DmarcPolicy.None) return policy;
        return policy == DmarcPolicy.Reject ? DmarcPolicy.Quarantine : DmarcPolicy.None;
    }
}

/// <summary>What a tree walk found.</summary>
sealed record DmarcWalk(string Organization, DmarcRecord? Record, string RecordName, bool IsUnknown);
