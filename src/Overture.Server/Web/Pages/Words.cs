namespace Overture.Server.Web;

/// <summary>Stored words as a person reads them.</summary>
static class Words
{
    static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["sec_edgar"] = "SEC EDGAR", ["sec-edgar"] = "SEC EDGAR", ["import"] = "Imported file",
        ["manual"] = "Typed in",
        ["offline_rules"] = "Offline rules", ["run_pipeline"] = "Pipeline run",
        ["collect_synthetic"] = "Collect samples", ["collect_sec_edgar"] = "Collect from SEC EDGAR",
        ["discover_leads"] = "Discover", ["take_proposals"] = "Take proposals in",
        ["enrich_leads"] = "Ask the services", ["replay_raw"] = "Read payloads again",
        ["import_file"] = "File import", ["fifo"] = "First in, first out",
        ["train_ranking"] = "Train the ranking", ["cold_start"] = "Keywords and profile",
        ["hard_bounce"] = "Hard bounce", ["linkedin"] = "LinkedIn", ["smtp"] = "SMTP", ["waterfall"] = "Enrichment",
        ["invalid"] = "Does not exist", ["linkedin_url"] = "LinkedIn profile",
    };

    /// <summary>`pain_points` becomes `Pain points`; names of things keep their own spelling.</summary>
    public static string Of(string stored)
    {
        if (Known.TryGetValue(stored, out var words)) return words;
        if (stored.Contains('@', StringComparison.Ordinal)) return stored;
        var text = stored.Replace('_', ' ').Trim();
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>`1 lead`, `2 leads`.</summary>
    public static string Many(long count, string one, string? many = null) =>
        $"{count:N0} {(count == 1 ? one : many ?? one + "s")}";
}
