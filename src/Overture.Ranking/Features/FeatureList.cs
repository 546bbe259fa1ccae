using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Features;

/// <summary>
/// Which features a lead is turned into, and the one function that does it, for training and serving alike.
/// The identity changes with the version, with every keyword and with the ideal customer, on whom the fit
/// rests, so a model that was learned from another list is recognised and the training set rebuilt.
/// </summary>
public sealed class FeatureList
{
    /// <summary>Raised whenever the meaning of a feature changes while its name stays.</summary>
    public const int Version = 1;

    /// <summary>Signals older than this many days count for nothing.</summary>
    const int FreshSignalDays = 90;

    static readonly string[] leadNames =
    [
        "title_seniority", "company_size_log10", "company_age_years", "funding_age_days", "funding_usd_log10",
        "fresh_signals", "newest_signal_days", "fit_score", "positive_keywords", "negative_keywords",
    ];

    readonly KeywordList keywords;
    readonly IdealCustomerProfile profile;

    FeatureList(KeywordList keywords, IdealCustomerProfile profile)
    {
        (this.keywords, this.profile) = (keywords, profile);
        Names = [.. ProfileFeatures.Names, .. leadNames,
            .. keywords.Positive.Select(k => $"positive keyword: {k}"),
            .. keywords.Negative.Select(k => $"negative keyword: {k}"),
            .. keywords.Exploratory.Select(k => $"exploratory keyword: {k}")];
        var meaning = profile.IsSilent ? "" : JsonSerializer.Serialize(profile);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', Names.Prepend($"{Version}").Append(meaning))));
        Identity = $"v{Version}-{Convert.ToHexStringLower(hash)[..16]}";
    }

    /// <summary>Names of the features, in the order of a row.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Version and hash of the names: "v1-" and 16 hexadecimal digits.</summary>
    public string Identity { get; }

    /// <summary>
    /// Features that, all else equal, may only raise the chance: a model need not relearn what the user
    /// states by calling a keyword positive.
    /// </summary>
    public static IReadOnlyDictionary<string, int> Directions { get; } = new Dictionary<string, int>
    {
        ["fit_score"] = 1, ["positive_keywords"] = 1, ["negative_keywords"] = -1,
    };

    /// <summary>
    /// What a unit of a feature does to the log-odds, as far as the user's own words are believed before
    /// anybody answered: half of what the cold start takes them for.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Expected { get; } = new Dictionary<string, double>
    {
        ["fit_score"] = 0.015, ["positive_keywords"] = 0.25, ["negative_keywords"] = -0.25,
    };

    /// <summary>The list for a campaign's keywords and ideal customer profile; either may be empty.</summary>
    public static FeatureList For(KeywordList keywords, IdealCustomerProfile profile) =>
        new(keywords, profile);

    /// <summary>Whether a model was learned from this list; if not, learn again.</summary>
    public bool Fits(RankingModel model) =>
        model.FeatureList == Identity && model.Features.SequenceEqual(Names, StringComparer.Ordinal);

    /// <summary>
    /// The features of a lead as of a day: for training, the day it was contacted, so that nothing known only
    /// later leaks in. Unknown facts are NaN.
    /// </summary>
    public float[] RowOf(LeadFacts lead, DateOnly today)
    {
        var row = new float[Names.Count];
        ProfileFeatures.Fill(lead.Profile, today, row);
        var at = ProfileFeatures.Names.Count;
        var level = JobTitle.Parse(Criteria.TitleOf(lead)).Level;
        var hits = keywords.Flags(TextOf(lead));
        var (good, bad) = (keywords.Positive.Count, keywords.Negative.Count);
        row[at++] = level == Seniority.Unknown ? float.NaN : (int)level;
        row[at++] = lead.Company?.EmployeeCount is >= 0 and var size ? MathF.Log10(1 + size) : float.NaN;
        row[at++] = lead.Company?.FoundedYear is { } year && year <= today.Year ? today.Year - year
            : float.NaN;
        row[at++] = Age(lead.Company?.FundedOn, today);
        row[at++] = lead.Company?.FundingUsd is >= 0 and var money ? MathF.Log10(1 + (float)money)
            : float.NaN;
        var signals = lead.Signals?.Where(s => s.SeenOn <= today).ToList();
        row[at++] = signals?.Count(s => Age(s.SeenOn, today) <= FreshSignalDays) ?? float.NaN;
        row[at++] = signals is { Count: > 0 } ? signals.Min(s => Age(s.SeenOn, today)) : float.NaN;
        row[at++] = profile.IsSilent ? float.NaN : profile.Score(lead, today).Value;
        row[at++] = hits.AsSpan(0, good).Count(true);
        row[at++] = hits.AsSpan(good, bad).Count(true);
        foreach (var isHit in hits) row[at++] = isHit ? 1 : 0;
        return row;
    }

    /// <summary>The words of a lead in which keywords are looked for.</summary>
    public static string TextOf(LeadFacts lead) => string.Join(' ', ((string?[])
        [
            lead.Title, lead.Profile is null ? null : ProfileFeatures.TextOf(lead.Profile),
            lead.Company?.Name,
            lead.Company?.Industry, lead.Company?.Description, lead.Notes,
        ]).Where(t => !string.IsNullOrWhiteSpace(t)));

    static float Age(DateOnly? day, DateOnly today) =>
        day is { } known && known <= today ? today.DayNumber - known.DayNumber : float.NaN;
}
