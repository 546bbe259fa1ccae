namespace Overture.Mail.Dns;

/// <summary>What a domain wants done with mail that fails (RFC 9989 section 4.7).</summary>
public enum DmarcPolicy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Treat as suspicious.</summary>
    Quarantine,

    /// <summary>Refuse.</summary>
    Reject,
}

/// <summary>A DMARC policy record (RFC 9989 section 4.7, which replaces RFC 7489).</summary>
public sealed record DmarcRecord
{
    DmarcRecord() { }

    /// <summary>The record as published.</summary>
    public required string Text { get; init; }

    /// <summary>The policy of the domain itself (p=).</summary>
    public DmarcPolicy Policy { get; private init; }

    /// <summary>The policy of existing subdomains (sp=); that of the domain when not given.</summary>
    public DmarcPolicy SubdomainPolicy { get; private init; }

    /// <summary>
    /// The policy of subdomains that do not exist (np=); that of subdomains when not given.
    /// </summary>
    public DmarcPolicy MissingPolicy { get; private init; }

    /// <summary>DKIM domains must be the same, not only of one organisation (adkim=s).</summary>
    public bool StrictDkim { get; private init; }

    /// <summary>SPF domains must be the same, not only of one organisation (aspf=s).</summary>
    public bool StrictSpf { get; private init; }

    /// <summary>The policy is on trial and is applied one degree milder (t=y; pct=0 of RFC 7489).</summary>
    public bool IsTesting { get; private init; }

    /// <summary>psd=: y for a public suffix, n for an organisation, null when not said.</summary>
    public char? PublicSuffix { get; private init; }

    /// <summary>Where aggregate reports go (rua=); empty for nowhere.</summary>
    public IReadOnlyList<string> Reports { get; private init; } = [];

    /// <summary>Reads a record.</summary>
    /// <param name="text">The text of a TXT record.</param>
    /// <returns>The record; null when the text is not a valid DMARC record.</returns>
    public static DmarcRecord? Parse(string text)
    {
        var tags = Split(text);
        if (tags.Count == 0 || tags[0] is not ("v", "DMARC1")) return null;
        var reports = Value(tags, "rua")?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        reports = [.. reports.Where(uri => uri.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))];
        var policy = Policies(Value(tags, "p"));
        // Without a usable p= the record counts only for its reports (RFC 9989 section 4.7).
        if (policy is null && reports.Length == 0) return null;
        var subdomains = Policies(Value(tags, "sp")) ?? policy ?? DmarcPolicy.None;
        return new DmarcRecord
        {
            Text = text,
            Policy = policy ?? DmarcPolicy.None,
            SubdomainPolicy = subdomains,
            MissingPolicy = Policies(Value(tags, "np")) ?? subdomains,
            StrictDkim = IsSame(Value(tags, "adkim"), "s"),
            StrictSpf = IsSame(Value(tags, "aspf"), "s"),
            IsTesting = IsSame(Value(tags, "t"), "y") || Value(tags, "pct") == "0",
            PublicSuffix = Value(tags, "psd")?.ToLowerInvariant() is "y" or "n"
                ? char.ToLowerInvariant(Value(tags, "psd")![0])
                : null,
            Reports = reports,
        };
    }

    // Unlike signatures, records with broken tags are read as far as they can be.
    static List<(string Name, string Value)> Split(string text)
    {
        var tags = new List<(string, string)>();
        const StringSplitOptions tidy =
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (var part in text.Split(';', tidy))
        {
            var equals = part.IndexOf('=');
            if (equals > 0)
                tags.Add((part[..equals].TrimEnd().ToLowerInvariant(), part[(equals + 1)..].TrimStart()));
        }

        return tags;
    }

    static string? Value(List<(string Name, string Value)> tags, string name) =>
        tags.Find(tag => tag.Name == name).Value;

    static DmarcPolicy? Policies(string? word) => word?.ToLowerInvariant() switch
    {
        "none" => DmarcPolicy.None,
        "quarantine" => DmarcPolicy.Quarantine,
        "reject" => DmarcPolicy.Reject,
        _ => null,
    };

    static bool IsSame(string? value, string word) => word.Equals(value, StringComparison.OrdinalIgnoreCase);
}
