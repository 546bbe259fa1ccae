using static System.FormattableString;

namespace Overture.Ranking;

/// <summary>
/// How well one fact fits: +1 fully, 0 neutral, -1 not at all; and the sentence that says so.
/// </summary>
readonly record struct Verdict(double Fit, string Sentence);

/// <summary>
/// One question of the ideal customer profile; the judge answers null when the fact is unknown.
/// </summary>
sealed record Criterion(string Name, double Weight, Func<LeadFacts, DateOnly, Verdict?> Judge);

/// <summary>The questions an ideal customer profile asks, and how each is judged.</summary>
static class Criteria
{
    /// <summary>A company this many times too small or too large still counts as near.</summary>
    const double NearFactor = 2;

    public static List<Criterion> Of(IdealCustomerProfile profile)
    {
        var weights = profile.Weights;
        List<Criterion> criteria = [];
        void Ask(bool isAsked, string name, double weight, Func<LeadFacts, DateOnly, Verdict?> judge)
        {
            if (isAsked && weight > 0) criteria.Add(new(name, weight, judge));
        }

        Ask(profile.Industries.Count > 0, "industry", weights.Industry,
            (lead, _) => Named("Industry", lead.Company?.Industry ?? lead.Profile?.Industry,
                profile.Industries));
        Ask(profile.EmployeesFrom is not null || profile.EmployeesTo is not null, "company size",
            weights.CompanySize, (lead, _) => Size(lead.Company?.EmployeeCount, profile));
        Ask(profile.Titles.Count > 0, "title", weights.Title,
            (lead, _) => Named("Title", TitleOf(lead), profile.Titles));
        Ask(profile.Seniorities.Count > 0, "seniority", weights.Seniority, (lead, _) => Level(lead, profile));
        Ask(profile.Departments.Count > 0, "department", weights.Department,
            (lead, _) => Department(lead, profile));
        Ask(profile.Countries.Count > 0, "country", weights.Place,
            (lead, _) => Named("Country", lead.Country, profile.Countries, whole: true));
        Ask(profile.Regions.Count > 0, "region", weights.Place,
            (lead, _) => Named("Region", lead.Region ?? lead.Profile?.GeoName, profile.Regions));
        Ask(profile.FundedWithinDays is not null, "funding date", weights.FundingAge,
            (lead, today) => Funded(lead.Company, profile.FundedWithinDays!.Value, today));
        Ask(profile.FundingFromUsd is not null, "funding amount", weights.FundingAmount,
            (lead, _) => Amount(lead.Company?.FundingUsd, profile.FundingFromUsd!.Value));
        foreach (var wanted in profile.Signals)
            Ask(true, $"signal {wanted.Kind}", weights.Signal, (lead, today) => Signal(lead, wanted, today));
        return criteria;
    }

    /// <summary>Whether any of the words starts a word of the text, case and diacritics aside.</summary>
    public static bool StartsAnyWord(string text, IReadOnlyList<string> words, bool whole = false)
    {
        var folded = FoldedText.Of(text);
        return words.Any(word =>
        {
            var wanted = FoldedText.Of(word);
            if (wanted.Length < 2) return false;
            // Acronyms such as US, HR or CEO are whole words, as in KeywordList.
            var isWhole = whole || wanted.Length <= 5;
            return folded.Contains(isWhole ? wanted : wanted.TrimEnd(), StringComparison.Ordinal);
        });
    }

    /// <summary>The title, else the title of a position still held.</summary>
    public static string? TitleOf(LeadFacts lead) =>
        lead.Title ?? lead.Profile?.Positions.FirstOrDefault(p => p.End is null)?.Title;

    static Verdict? Named(string name, string? fact, IReadOnlyList<string> wanted, bool whole = false)
    {
        if (string.IsNullOrWhiteSpace(fact)) return null;
        return StartsAnyWord(fact, wanted, whole)
            ? new(1, $"{name} is {fact}")
            : new(-1, $"{name} is {fact}, not {Listed(wanted)}");
    }

    static Verdict? Size(int? employees, IdealCustomerProfile profile)
    {
        if (employees is not { } count) return null;
        var (from, to) = (profile.EmployeesFrom ?? 0, profile.EmployeesTo ?? int.MaxValue);
        var range = to == int.MaxValue ? $"{from} or more" : from == 0 ? $"{to} or fewer" : $"{from} to {to}";
        var sentence = Invariant($"{count:N0} employees");
        if (count >= from && count <= to) return new(1, sentence);
        var isNear = count < from ? count * NearFactor >= from : count <= to * NearFactor;
        return isNear ? new(0, $"{sentence}, close to {range}") : new(-1, $"{sentence}, not {range}");
    }

    static Verdict? Level(LeadFacts lead, IdealCustomerProfile profile)
    {
        var level = JobTitle.Parse(TitleOf(lead)).Level;
        if (level == Seniority.Unknown) return null;
        var name = JobTitle.NameOf(level);
        return profile.Seniorities.Contains(level)
            ? new(1, $"Seniority is {name}")
            : new(-1, $"Seniority is {name}, not {Listed([.. profile.Seniorities.Select(JobTitle.NameOf)])}");
    }

    static Verdict? Department(LeadFacts lead, IdealCustomerProfile profile)
    {
        var departments = JobTitle.Parse(TitleOf(lead)).Departments;
        if (departments.Count == 0) return null;
        var fitting = departments.FirstOrDefault(profile.Departments.Contains);
        return fitting is not null
            ? new(1, $"Works in {fitting}")
            : new(-1, $"Works in {departments[0]}, not {Listed(profile.Departments)}");
    }

    static Verdict? Funded(CompanyFacts? company, int withinDays, DateOnly today)
    {
        if (company?.FundedOn is not { } day || day > today) return null;
        var age = today.DayNumber - day.DayNumber;
        var what = company.FundingUsd is { } amount ? $"Raised {Dollars(amount)}" : "Raised money";
        return age <= withinDays
            ? new(1, $"{what} {Ago(age)}")
            : new(-1, $"{what} {Ago(age)}, longer than {withinDays} days");
    }

    static Verdict? Amount(decimal? raised, decimal from)
    {
        if (raised is not { } amount) return null;
        return amount >= from
            ? new(1, $"Latest round of {Dollars(amount)}")
            : new(-1, $"Latest round of {Dollars(amount)}, less than {Dollars(from)}");
    }

    static Verdict? Signal(LeadFacts lead, WantedSignal wanted, DateOnly today)
    {
        if (lead.Signals is null) return null;
        var name = wanted.Kind.Replace('_', ' ');
        var days = lead.Signals.Where(s => s.Kind == wanted.Kind && s.SeenOn <= today).ToList();
        if (days.Count == 0) return new(0, $"No {name} signal seen");
        var age = today.DayNumber - days.Max(s => s.SeenOn.DayNumber);
        return age <= wanted.FreshDays
            ? new(1, $"Signal {name} seen {Ago(age)}")
            : new(0, $"Signal {name} is stale, seen {Ago(age)}");
    }

    static string Ago(int days) => days switch { 0 => "today", 1 => "yesterday", _ => $"{days} days ago" };

    static string Dollars(decimal amount) => amount switch
    {
        >= 1_000_000_000 => Invariant($"${amount / 1_000_000_000:0.0} B"),
        >= 1_000_000 => Invariant($"${amount / 1_000_000:0.0} M"),
        >= 1_000 => Invariant($"${amount / 1_000:0} K"),
        _ => Invariant($"${amount:0}"),
    };

    static string Listed(IReadOnlyList<string> names) =>
        names.Count <= 3
            ? string.Join(" or ", names)
            : $"{string.Join(", ", names.Take(3))} or {names.Count - 3} more";
}
