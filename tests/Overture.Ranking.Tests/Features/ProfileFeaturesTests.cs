using Overture.Ranking.Features;

namespace Overture.Ranking.Tests.Features;

public class ProfileFeaturesTests
{
    static readonly DateOnly February = new(2026, 2, 10);

    /// <summary>
    /// Shaped as the parser gives it: years without months, a first position without a location.
    /// </summary>
    static readonly ProfileFacts Researcher = new()
    {
        ConnectionDegree = 2,
        Headline = new string('h', 23),
        Summary = new string('s', 90),
        LocationName = "Cambridge",
        GeoName = "Cambridge, Massachusetts",
        Industry = "Higher Education",
        Positions =
        [
            new("Researcher at A", "Institute", null, new string('d', 200), new YearMonth(2015), null),
            new("Engineer at B", "Search", "Mountain View", new string('d', 86), new YearMonth(2014),
                new YearMonth(2015)),
        ],
        Educations = [new("University", "Ph.D.", "Computer Science")],
    };

    [Fact]
    public void The_check_vector_comes_out()
    {
        float[] expected =
        [
            2, 2, 1, 1, 23, 90, 1, 1, 1, 1, 2, 1.0f, 1, 286, 1, 1, 14.0f, 12.0833f, 133.0f, 72.5f, 133.0f, 1,
            1, 0,
        ];
        var row = Row(Researcher);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - row[i]) < 1e-3, $"{ProfileFeatures.Names[i]}: {row[i]}");
    }

    [Fact]
    public void Dates_and_degrees_are_read_where_the_parser_puts_them()
    {
        // The source system looked for flat years and always found 0 here.
        var row = Row(Researcher);
        Assert.All((int[])[17, 18, 19, 20, 21], i => Assert.NotEqual(0, row[i]));
        Assert.Equal(0, Row(Researcher with
        {
            Positions = [.. Researcher.Positions.Select(p => p with { End = new YearMonth(2020) })],
        })[15]);
    }

    [Fact]
    public void An_empty_company_name_is_no_company_and_of_several_positions_held_the_longest_counts()
    {
        var row = Row(Researcher with
        {
            Positions =
            [
                new("A", "One", null, null, new YearMonth(2020, 2), null),
                new("B", "", null, null, new YearMonth(2025, 2), null),
            ],
        });
        Assert.Equal(1, row[10]);
        Assert.Equal(72, row[18], 0.01);
    }

    [Fact]
    public void What_is_not_known_is_missing_and_not_zero()
    {
        Assert.All(Row(null), v => Assert.True(float.IsNaN(v)));
        var undated = Row(new ProfileFacts { Positions = [new("A", "One", null, null, null, null)] });
        Assert.Equal(1, undated[1]);
        Assert.True(float.IsNaN(undated[17]));
    }

    [Fact]
    public void A_mere_work_history_says_nothing_of_the_rest_of_a_profile()
    {
        var whole = Row(Researcher);
        var history = Row(Researcher with { IsWorkHistoryOnly = true });
        for (var i = 0; i < history.Length; i++)
            if (!float.IsNaN(history[i])) Assert.Equal(whole[i], history[i]);
        Assert.Equal(
            ["num_positions", "has_company", "num_distinct_companies", "is_currently_employed",
                "avg_title_length", "years_experience", "current_position_tenure_months",
                "avg_position_tenure_months", "longest_tenure_months"],
            ProfileFeatures.Names.Where((_, i) => !float.IsNaN(history[i])));
    }

    static float[] Row(ProfileFacts? profile)
    {
        var row = new float[24];
        ProfileFeatures.Fill(profile, February, row);
        return row;
    }
}
