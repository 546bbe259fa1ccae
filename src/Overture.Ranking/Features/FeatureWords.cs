using System.Globalization;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Features;

/// <summary>Says in words what a model saw.</summary>
public static class FeatureWords
{
    /// <summary>Reasons shown for one lead.</summary>
    const int MaxReasons = 8;

    static readonly Dictionary<string, (string Known, string Missing)> phrases = new()
    {
        ["connection_degree"] = ("Connection of degree {0:0}", "Connection degree unknown"),
        ["num_positions"] = ("{0:0} positions on the profile", "No profile"),
        ["num_educations"] = ("{0:0} schools on the profile", "No profile"),
        ["headline_length"] = ("Headline of {0:0} characters", "No profile"),
        ["summary_length"] = ("About text of {0:0} characters", "No profile"),
        ["num_distinct_companies"] = ("Worked at {0:0} companies", "Companies unknown"),
        ["positions_with_description_ratio"] = ("{0:P0} of the positions are described", "No profile"),
        ["num_position_locations"] = ("Worked in {0:0} places", "Places unknown"),
        ["total_description_length"] = ("Positions described in {0:0} characters", "No profile"),
        ["avg_title_length"] = ("Titles of {0:0} characters on average", "No titles"),
        ["years_experience"] = ("{0:0.#} years of experience", "Experience unknown"),
        ["current_position_tenure_months"] =
            ("{0:0} months in the current position", "Time in position unknown"),
        ["avg_position_tenure_months"] =
            ("{0:0} months per position on average", "Time in positions unknown"),
        ["longest_tenure_months"] = ("Stayed {0:0} months at the longest", "Time in positions unknown"),
        ["company_age_years"] = ("Company founded {0:0} years ago", "Year of foundation unknown"),
        ["funding_age_days"] = ("Raised money {0:0} days ago", "No funding round known"),
        ["fresh_signals"] = ("{0:0} fresh signals", "Nobody looked for signals"),
        ["newest_signal_days"] = ("Newest signal {0:0} days old", "No signal seen"),
        ["fit_score"] = ("Fit to the ideal customer is {0:0} of 100", "Fit unknown"),
        ["positive_keywords"] = ("{0:0} positive keywords", "No text to search"),
        ["negative_keywords"] = ("{0:0} negative keywords", "No text to search"),
    };

    static readonly Dictionary<string, (string Yes, string No)> flags = new()
    {
        ["has_summary"] = ("Has an About text", "Has no About text"),
        ["has_industry"] = ("Names an industry", "Names no industry"),
        ["has_geo"] = ("Shows a region", "Shows no region"),
        ["has_location"] = ("Names a location", "Names no location"),
        ["has_company"] = ("Names an employer", "Names no employer"),
        ["has_position_descriptions"] = ("Describes positions", "Describes no position"),
        ["is_currently_employed"] = ("Holds a position now", "Holds no position now"),
        ["has_education_degree"] = ("Has a degree", "Names no degree"),
        ["has_field_of_study"] = ("Names a field of study", "Names no field of study"),
        ["has_multiple_degrees"] = ("Has several degrees", "Has at most one degree"),
    };

    static readonly Dictionary<string, string> names = new()
    {
        ["num_positions"] = "Positions on the profile", ["num_educations"] = "Schools on the profile",
        ["num_distinct_companies"] = "Companies worked at", ["num_position_locations"] = "Places worked in",
        ["avg_title_length"] = "Length of titles", ["company_size_log10"] = "Company size",
        ["current_position_tenure_months"] = "Time in the current position",
        ["avg_position_tenure_months"] = "Time per position", ["company_age_years"] = "Age of the company",
        ["longest_tenure_months"] = "Longest time in a position",
        ["funding_age_days"] = "Time since money was raised", ["funding_usd_log10"] = "Money raised",
        ["newest_signal_days"] = "Age of the newest signal", ["fit_score"] = "Fit to the ideal customer",
        ["title_seniority"] = "Seniority", ["total_description_length"] = "Length of position descriptions",
        ["positions_with_description_ratio"] = "Share of positions described",
    };

    /// <summary>A feature without a value, as a heading: "Company size".</summary>
    public static string Name(string feature)
    {
        var keyword = feature.IndexOf("keyword: ", StringComparison.Ordinal);
        if (keyword >= 0) return $"Keyword \"{feature[(keyword + 9)..]}\"";
        if (names.TryGetValue(feature, out var name)) return name;
        if (flags.TryGetValue(feature, out var flag)) return flag.Yes;
        var words = feature.Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>One feature and its value as a sentence without a full stop.</summary>
    public static string Sentence(string feature, float value)
    {
        var culture = CultureInfo.InvariantCulture;
        var keyword = feature.IndexOf("keyword: ", StringComparison.Ordinal);
        if (keyword >= 0)
            return $"{(value > 0 ? "Mentions" : "Does not mention")} \"{feature[(keyword + 9)..]}\"";
        if (flags.TryGetValue(feature, out var flag))
            return float.IsNaN(value) ? "No profile" : value > 0 ? flag.Yes : flag.No;
        if (phrases.TryGetValue(feature, out var phrase))
            return float.IsNaN(value) ? phrase.Missing : string.Format(culture, phrase.Known, value);
        return feature switch
        {
            "title_seniority" => float.IsNaN(value)
                ? "Seniority unknown" : $"Seniority is {JobTitle.NameOf((Seniority)(int)value)}",
            "company_size_log10" => float.IsNaN(value)
                ? "Company size unknown"
                : string.Create(culture, $"About {Math.Pow(10, value) - 1:N0} employees"),
            "funding_usd_log10" => float.IsNaN(value)
                ? "Amount raised unknown"
                : string.Create(culture, $"Raised about ${Math.Pow(10, value) - 1:N0}"),
            _ => float.IsNaN(value)
                ? $"{feature.Replace('_', ' ')} unknown"
                : string.Create(culture, $"{feature.Replace('_', ' ')} is {value:0.##}"),
        };
    }

    /// <summary>
    /// What the model expects of a row, with its strongest reasons. Points are percentage points of the
    /// chance, shared out in proportion to the log-odds.
    /// </summary>
    public static Expectation Expect(RankingModel model, ReadOnlySpan<float> row)
    {
        var explanation = model.Explain(row);
        var moved = explanation.LogOdds - explanation.Start;
        var from = Logistic.Chance(explanation.Start);
        // Where the parts cancel out the slope of the curve stands for the quotient.
        var scale = Math.Abs(moved) > 1e-6 ? (explanation.Chance - from) / moved : from * (1 - from);
        var reasons = explanation.Parts.Take(MaxReasons).Select(p => new ScoreReason(
            Sentence(p.Feature, p.Value),
            (int)Math.Round(100 * scale * p.LogOdds, MidpointRounding.AwayFromZero)));
        return new Expectation(model.Chance(row), model.Evidence(row),
            [.. reasons.Where(r => r.Points != 0)]);
    }
}
