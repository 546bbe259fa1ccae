namespace Overture.Ranking.Features;

/// <summary>
/// The 24 features of a profile, in their fixed order. One function for training and serving, on the record
/// the parser fills, so that the two cannot differ.
/// </summary>
public static class ProfileFeatures
{
    /// <summary>Names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "connection_degree", "num_positions", "num_educations", "has_summary", "headline_length",
        "summary_length",
        "has_industry", "has_geo", "has_location", "has_company", "num_distinct_companies",
        "positions_with_description_ratio", "num_position_locations", "total_description_length",
        "has_position_descriptions", "is_currently_employed", "avg_title_length", "years_experience",
        "current_position_tenure_months", "avg_position_tenure_months", "longest_tenure_months",
        "has_education_degree", "has_field_of_study", "has_multiple_degrees",
    ];

    /// <summary>What a work history tells: counts of positions and employers, titles and times.</summary>
    static readonly int[] ofWorkHistory = [1, 9, 10, 15, 16, 17, 18, 19, 20];

    /// <summary>
    /// Fills the 24 values as of a month. Without a profile all are missing (NaN); without a dated position
    /// the times are missing, not zero: not knowing is not the same as none.
    /// </summary>
    public static void Fill(ProfileFacts? profile, DateOnly today, Span<float> values)
    {
        values[..Names.Count].Fill(float.NaN);
        if (profile is null) return;
        var positions = profile.Positions;
        var descriptions = positions.Select(p => p.Description ?? "").Where(d => d.Length > 0).ToList();
        values[0] = profile.ConnectionDegree ?? 0;
        values[1] = positions.Count;
        values[2] = profile.Educations.Count;
        values[3] = Flag(Has(profile.Summary));
        values[4] = profile.Headline?.Length ?? 0;
        values[5] = profile.Summary?.Length ?? 0;
        values[6] = Flag(Has(profile.Industry));
        values[7] = Flag(Has(profile.GeoName));
        values[8] = Flag(Has(profile.LocationName));
        values[9] = Flag(positions.Count > 0 && Has(positions[0].CompanyName));
        values[10] = Distinct(positions.Select(p => p.CompanyName));
        values[11] = positions.Count == 0 ? 0 : descriptions.Count / (float)positions.Count;
        values[12] = Distinct(positions.Select(p => p.Location));
        values[13] = descriptions.Sum(d => d.Length);
        values[14] = Flag(descriptions.Count > 0);
        values[15] = Flag(positions.Any(p => p.End is null));
        values[16] = positions.Count == 0 ? 0 : (float)positions.Average(p => p.Title?.Length ?? 0);
        FillTimes(positions, today, values);
        values[21] = Flag(profile.Educations.Any(e => Has(e.Degree)));
        values[22] = Flag(profile.Educations.Any(e => Has(e.Field)));
        values[23] = Flag(profile.Educations.Count(e => Has(e.Degree)) > 1);
        if (!profile.IsWorkHistoryOnly) return;
        for (var i = 0; i < Names.Count; i++)
            if (!ofWorkHistory.Contains(i)) values[i] = float.NaN;
    }

    /// <summary>All words of a profile in which keywords are looked for.</summary>
    public static string TextOf(ProfileFacts profile) => string.Join(' ', ((string?[])
        [profile.Headline, profile.Summary, profile.LocationName, profile.Industry])
        .Concat(profile.Positions.SelectMany(p =>
            (string?[])[p.Title, p.CompanyName, p.Location, p.Description]))
        .Concat(profile.Educations.SelectMany(e => (string?[])[e.School, e.Degree, e.Field]))
        .Where(Has));

    static void FillTimes(IReadOnlyList<PositionFacts> positions, DateOnly today, Span<float> values)
    {
        var now = new YearMonth(today.Year, today.Month);
        // An end before its start is a slip of the pen; such a position has no usable time.
        var times = positions.Where(p => p.Start is not null)
            .Select(p => (Start: Years(p.Start!), End: Years(p.End ?? now), IsCurrent: p.End is null))
            .Where(t => t.End >= t.Start).ToList();
        if (times.Count == 0) return;
        values[17] = (float)(times.Max(t => t.End) - times.Min(t => t.Start));
        var current = times.Where(t => t.IsCurrent).Select(t => t.End - t.Start).ToList();
        // Of several positions held the longest counts: advisory seats come and go beside it.
        values[18] = current.Count == 0 ? 0 : (float)(12 * current.Max());
        values[19] = (float)(12 * times.Average(t => t.End - t.Start));
        values[20] = (float)(12 * times.Max(t => t.End - t.Start));
    }

    static double Years(YearMonth date) => date.Year + ((date.Month ?? 1) / 12.0);

    static int Distinct(IEnumerable<string?> names) =>
        names.Where(Has).Distinct(StringComparer.OrdinalIgnoreCase).Count();

    static bool Has(string? text) => !string.IsNullOrWhiteSpace(text);

    static float Flag(bool isTrue) => isTrue ? 1 : 0;
}
