using Overture.Ranking.Features;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Tests.Features;

public class FeatureListTests
{
    static readonly DateOnly Today = new(2026, 3, 15);
    static readonly KeywordList Keywords = new(["saas", "ceo"], ["agency"], ["rust"]);
    static readonly FeatureList List = FeatureList.For(Keywords, new IdealCustomerProfile());

    static readonly LeadFacts Lead = new()
    {
        Title = "VP Sales",
        Company = new CompanyFacts
        {
            EmployeeCount = 99, FoundedYear = 2016, FundedOn = Today.AddDays(-30), FundingUsd = 999_999,
            Description = "A SaaS announceone product in Rust",
        },
        Signals = [new("hiring", Today.AddDays(-5)), new("hiring", Today.AddDays(-200))],
    };

    float Value(string name, LeadFacts lead) => List.RowOf(lead, Today)[List.Names.ToList().IndexOf(name)];

    [Fact]
    public void Company_signals_title_and_keywords_become_features()
    {
        Assert.Equal((float)(int)Seniority.Vp, Value("title_seniority", Lead));
        Assert.Equal(2, Value("company_size_log10", Lead), 1e-4);
        Assert.Equal(10, Value("company_age_years", Lead));
        Assert.Equal(30, Value("funding_age_days", Lead));
        Assert.Equal(6, Value("funding_usd_log10", Lead), 1e-4);
        Assert.Equal(1, Value("fresh_signals", Lead));
        Assert.Equal(5, Value("newest_signal_days", Lead));
        Assert.Equal(1, Value("positive keyword: saas", Lead));
        Assert.Equal(0, Value("positive keyword: ceo", Lead));
        Assert.Equal(1, Value("exploratory keyword: rust", Lead));
    }

    [Fact]
    public void What_lies_in_the_future_of_the_day_is_not_known()
    {
        var row = List.RowOf(Lead, Today.AddDays(-60));
        Assert.True(float.IsNaN(row[List.Names.ToList().IndexOf("funding_age_days")]));
        Assert.Equal(0, row[List.Names.ToList().IndexOf("positive keyword: ceo")]);
    }

    [Fact]
    public void A_lead_without_facts_makes_a_row_without_throwing()
    {
        var row = List.RowOf(new LeadFacts(), Today);
        Assert.Equal(List.Names.Count, row.Length);
        Assert.True(float.IsNaN(row[0]));
    }

    [Fact]
    public void Another_keyword_makes_another_list_and_the_old_model_no_longer_fits()
    {
        var model = Synthetic.Model(List);
        Assert.True(List.Fits(model));
        var longer = FeatureList.For(new(["saas", "ceo", "fintech"], ["agency"], ["rust"]), new());
        Assert.NotEqual(List.Identity, longer.Identity);
        Assert.False(longer.Fits(model));
        Assert.Equal(List.Identity, FeatureList.For(Keywords, new IdealCustomerProfile()).Identity);
    }

    [Fact]
    public void Another_ideal_customer_makes_another_list_because_the_fit_means_something_else()
    {
        var asked = FeatureList.For(Keywords, new IdealCustomerProfile { Industries = ["software"] });
        Assert.Equal(List.Names, asked.Names);
        Assert.NotEqual(List.Identity, asked.Identity);
        Assert.NotEqual(asked.Identity, FeatureList.For(
            Keywords, new IdealCustomerProfile { Industries = ["logistics"] }).Identity);
    }

    [Fact]
    public void Keywords_are_looked_for_in_the_notes_too() =>
        Assert.Equal(1, Value("exploratory keyword: rust", new LeadFacts { Notes = "writes Rust" }));

    [Fact]
    public void Every_feature_has_words_for_a_value_and_for_its_absence()
    {
        foreach (var name in List.Names)
        {
            Assert.DoesNotContain('_', FeatureWords.Sentence(name, 1));
            Assert.DoesNotContain('_', FeatureWords.Sentence(name, float.NaN));
            Assert.DoesNotContain('_', FeatureWords.Name(name));
        }

        Assert.Equal("Mentions \"saas\"", FeatureWords.Sentence("positive keyword: saas", 1));
        Assert.Equal("About 99 employees", FeatureWords.Sentence("company_size_log10", 2));
    }

    [Fact]
    public void The_points_of_an_expectation_add_up_to_its_distance_from_the_start()
    {
        var model = Synthetic.Model(List);
        var row = List.RowOf(Lead, Today);
        var expected = FeatureWords.Expect(model, row);
        var explanation = model.Explain(row);
        Assert.Equal(model.Chance(row), expected.Probability, 1e-12);
        Assert.InRange(expected.Evidence, 2, 2_000);
        Assert.NotEmpty(expected.Reasons);
        Assert.Equal(Logistic.LogOdds(expected.Probability), explanation.LogOdds, 1e-4);
    }
}
