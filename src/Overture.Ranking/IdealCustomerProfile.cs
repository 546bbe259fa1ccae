namespace Overture.Ranking;

/// <summary>
/// What a campaign's best customer looks like. A criterion left empty asks nothing. The score starts at 50;
/// every criterion that fits adds up to half its share of 100 points and every one that does not fit takes as
/// much, while an unknown fact moves nothing and is listed as unknown.
/// </summary>
public sealed record IdealCustomerProfile
{
    /// <summary>
    /// Words of wanted industries, matched at word start ("software" fits "Software Development").
    /// </summary>
    public IReadOnlyList<string> Industries { get; init; } = [];

    /// <summary>Fewest employees wanted.</summary>
    public int? EmployeesFrom { get; init; }

    /// <summary>Most employees wanted.</summary>
    public int? EmployeesTo { get; init; }

    /// <summary>Words of wanted titles, matched at word start.</summary>
    public IReadOnlyList<string> Titles { get; init; } = [];

    /// <summary>Wanted levels.</summary>
    public IReadOnlyList<Seniority> Seniorities { get; init; } = [];

    /// <summary>Wanted departments, as <see cref="JobTitle.Departments"/> names them.</summary>
    public IReadOnlyList<string> Departments { get; init; } = [];

    /// <summary>Wanted countries: ISO codes or English names, written as the facts write them.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Wanted states, provinces or cities.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The latest funding round should be at most this many days old.</summary>
    public int? FundedWithinDays { get; init; }

    /// <summary>The latest funding round should be at least this large, US dollars.</summary>
    public decimal? FundingFromUsd { get; init; }

    /// <summary>Wanted signals, each with the age after which it is stale.</summary>
    public IReadOnlyList<WantedSignal> Signals { get; init; } = [];

    /// <summary>Rules that exclude a lead whatever else fits.</summary>
    public IReadOnlyList<MustNot> MustNots { get; init; } = [];

    /// <summary>How much each criterion counts against the others.</summary>
    public FitWeights Weights { get; init; } = new();

    /// <summary>Whether nothing is asked at all, so that nothing can be scored.</summary>
    public bool IsSilent => Criteria.Of(this).Count == 0 && MustNots.Count == 0;

    /// <summary>Scores one lead as of a day.</summary>
    public Score Score(LeadFacts lead, DateOnly today)
    {
        const int Start = 50;
        var criteria = Criteria.Of(this);
        var total = criteria.Sum(c => c.Weight);
        var reasons = new List<ScoreReason>();
        var unknown = new List<string>();
        foreach (var criterion in criteria)
        {
            if (criterion.Judge(lead, today) is not { } verdict) unknown.Add(criterion.Name);
            else
            {
                var half = Start * criterion.Weight / total;
                reasons.Add(new(verdict.Sentence,
                    (int)Math.Round(half * verdict.Fit, MidpointRounding.AwayFromZero)));
            }
        }

        reasons.Sort((a, b) => Math.Abs(b.Points).CompareTo(Math.Abs(a.Points)));
        reasons.Insert(0, new("Every lead starts in the middle", Start));
        var value = reasons.Sum(r => r.Points);
        var broken = MustNots.Select(rule => rule.BrokenBy(lead)).OfType<string>().FirstOrDefault();
        var limit = broken is null ? Math.Clamp(value, 0, 100) : 0;
        if (broken is not null) reasons.Insert(1, new($"Must not be contacted: {broken}", -value));
        else if (limit != value) reasons.Add(new("Rounded into 0 to 100", limit - value));
        return new Score(limit, reasons, unknown, broken is not null);
    }
}

/// <summary>A wanted signal: its kind and how many days it stays fresh.</summary>
public sealed record WantedSignal(string Kind, int FreshDays = 90);

/// <summary>Relative weights; only their proportions matter. Zero switches a criterion off.</summary>
public sealed record FitWeights
{
    /// <summary>Industry.</summary>
    public double Industry { get; init; } = 20;

    /// <summary>Number of employees.</summary>
    public double CompanySize { get; init; } = 15;

    /// <summary>Words of the title.</summary>
    public double Title { get; init; } = 20;

    /// <summary>Level of the title.</summary>
    public double Seniority { get; init; } = 15;

    /// <summary>Department.</summary>
    public double Department { get; init; } = 10;

    /// <summary>Country and region.</summary>
    public double Place { get; init; } = 10;

    /// <summary>Age of the latest funding round.</summary>
    public double FundingAge { get; init; } = 15;

    /// <summary>Amount of the latest funding round.</summary>
    public double FundingAmount { get; init; } = 5;

    /// <summary>Each wanted signal.</summary>
    public double Signal { get; init; } = 10;
}

/// <summary>
/// A rule that excludes: the fact ("industry", "country", "title", "domain", "company", "employees_below",
/// "employees_above") and the word or number it must not hold. An unknown fact breaks no rule.
/// </summary>
public sealed record MustNot(string Fact, string Value)
{
    /// <summary>A sentence on how the lead breaks the rule; null when it does not.</summary>
    public string? BrokenBy(LeadFacts lead) => Fact switch
    {
        "industry" => Word("industry", lead.Company?.Industry ?? lead.Profile?.Industry),
        "country" => Word("country", lead.Country),
        "title" => Word("title", lead.Title),
        "company" => Word("company", lead.Company?.Name),
        "domain" => string.Equals(lead.Company?.Domain, Value, StringComparison.OrdinalIgnoreCase)
            ? $"domain is {Value}" : null,
        "employees_below" => lead.Company?.EmployeeCount < Number ? $"fewer than {Value} employees" : null,
        "employees_above" => lead.Company?.EmployeeCount > Number ? $"more than {Value} employees" : null,
        _ => throw new ArgumentException($"No rule can be made about \"{Fact}\"."),
    };

    int Number => int.TryParse(Value, out var number)
        ? number
        : throw new ArgumentException($"The rule {Fact} needs a whole number, not \"{Value}\".");

    string? Word(string name, string? fact) =>
        fact is not null && Criteria.StartsAnyWord(fact, [Value]) ? $"{name} is {fact}" : null;
}
