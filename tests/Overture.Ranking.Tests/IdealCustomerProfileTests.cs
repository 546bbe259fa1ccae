namespace Overture.Ranking.Tests;

public class IdealCustomerProfileTests
{
    static readonly DateOnly Today = new(2026, 3, 15);

    static readonly IdealCustomerProfile Profile = new()
    {
        Industries = ["software"],
        EmployeesFrom = 50,
        EmployeesTo = 200,
        Seniorities = [Seniority.CLevel, Seniority.Founder],
        Countries = ["US", "Germany"],
        FundedWithinDays = 90,
        Signals = [new WantedSignal("hiring", 30)],
        MustNots = [new MustNot("industry", "gambling"), new MustNot("employees_above", "5000")],
    };

    static readonly LeadFacts Ideal = new()
    {
        Title = "Founder & CEO",
        Country = "US",
        Company = new CompanyFacts
        {
            Industry = "Computer Software", EmployeeCount = 80, FundedOn = Today.AddDays(-14),
            FundingUsd = 2_000_000,
        },
        Signals = [new SignalFact("hiring", Today.AddDays(-3))],
    };

    [Fact]
    public void An_ideal_lead_scores_a_hundred_and_every_point_has_a_sentence()
    {
        var score = Profile.Score(Ideal, Today);
        Assert.InRange(score.Value, 98, 100);
        Assert.Empty(score.Unknown);
        Assert.Contains(score.Reasons, r => r.Sentence == "Raised $2.0 M 14 days ago" && r.Points > 0);
        Assert.Matches(@"^Raised \$2\.0 M 14 days ago: \+\d+$",
            score.Reasons.Single(r => r.Sentence.StartsWith("Raised", StringComparison.Ordinal)).ToString());
    }

    [Fact]
    public void An_unknown_fact_moves_nothing_and_is_listed()
    {
        var nothing = Profile.Score(new LeadFacts(), Today);
        Assert.Equal(50, nothing.Value);
        Assert.Equal(
            ["industry", "company size", "seniority", "country", "funding date", "signal hiring"],
                nothing.Unknown);
        var known = Profile.Score(new LeadFacts { Country = "US" }, Today);
        Assert.True(known.Value > 50);
        Assert.DoesNotContain("country", known.Unknown);
    }

    [Fact]
    public void A_fact_that_does_not_fit_takes_points_and_says_what_was_wanted()
    {
        var score = Profile.Score(Ideal with { Country = "France" }, Today);
        Assert.True(score.Value < Profile.Score(Ideal, Today).Value);
        Assert.Contains(score.Reasons, r =>
            r.Sentence == "Country is France, not US or Germany" && r.Points < 0);
    }

    [Fact]
    public void A_must_not_rule_excludes_whatever_else_fits()
    {
        var score = Profile.Score(
            Ideal with { Company = Ideal.Company! with { Industry = "Gambling software" } }, Today);
        Assert.True(score.IsExcluded);
        Assert.Equal(0, score.Value);
        Assert.Equal(0, score.Reasons.Sum(r => r.Points));
    }

    [Fact]
    public void A_size_near_the_wanted_range_is_neutral()
    {
        var score = Profile.Score(
            new LeadFacts { Company = new CompanyFacts { EmployeeCount = 40 } }, Today);
        Assert.Equal(50, score.Value);
        Assert.Contains(score.Reasons, r => r.Sentence == "40 employees, close to 50 to 200");
    }

    [Fact]
    public void The_reasons_add_up_to_the_value_for_any_weights_and_facts()
    {
        var random = new SeededRandom(11);
        for (var i = 0; i < 3_000; i++)
        {
            var profile = Profile with
            {
                Weights = new FitWeights
                {
                    Industry = 50 * random.NextDouble(), CompanySize = 50 * random.NextDouble(),
                    Place = 50 * random.NextDouble(), Signal = 1 + 50 * random.NextDouble(),
                },
            };
            var lead = new LeadFacts
            {
                Title = random.NextInt(2) == 0 ? null : "CEO",
                Country = random.NextInt(3) switch { 0 => null, 1 => "US", _ => "France" },
                Company = new CompanyFacts { EmployeeCount = random.NextInt(2) == 0 ? null
                    : random.NextInt(9_000) },
                Signals = random.NextInt(2) == 0 ? null : [],
            };
            var score = profile.Score(lead, Today);
            Assert.Equal(score.Value, score.Reasons.Sum(r => r.Points));
            Assert.InRange(score.Value, 0, 100);
        }
    }

    [Fact]
    public void An_empty_profile_asks_nothing()
    {
        Assert.True(new IdealCustomerProfile().IsSilent);
        Assert.Equal(50, new IdealCustomerProfile().Score(Ideal, Today).Value);
    }

    [Fact]
    public void A_country_code_is_a_whole_word() =>
        Assert.True(Profile.Score(new LeadFacts { Country = "Russia" }, Today).Value < 50);
}
