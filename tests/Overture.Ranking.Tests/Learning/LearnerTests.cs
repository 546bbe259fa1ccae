using Overture.Ranking.Evaluation;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Tests.Learning;

public class LearnerTests
{
    [Fact]
    public void Too_few_rows_and_one_kind_of_answer_are_refused_with_a_reason()
    {
        var nine = Learner.Learn(new(["a"], new float[9], new bool[9]));
        Assert.Null(nine.Model);
        Assert.Equal("9 answers are too few to learn from; 10 are needed.", nine.Sentence);
        Assert.StartsWith("None of 50", Learner.Learn(new(["a"], new float[50], new bool[50])).Sentence,
            StringComparison.Ordinal);
        var yes = Enumerable.Repeat(true, 50).ToArray();
        Assert.Null(Learner.Learn(new(["a"], new float[50], yes)).Model);
        Assert.Null(Learner.Learn(new([], [], new bool[50])).Model);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(10, 5)]
    [InlineData(12, 11)]
    [InlineData(40, 2)]
    public void Ten_rows_of_noise_give_a_sober_model(int rows, int yes)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new SeededRandom(seed);
            var values = new float[rows * 30];
            for (var i = 0; i < values.Length; i++)
                values[i] = random.NextInt(4) == 0 ? float.NaN : (float)random.NextNormal();
            var names = Enumerable.Range(0, 30).Select(i => $"f{i}").ToArray();
            var answers = Enumerable.Range(0, rows).Select(i => i < yes).ToArray();
            var model = Learner.Learn(new(names, values, answers)).Model!;
            for (var row = 0; row < rows; row++)
            {
                var chance = model.Chance(values.AsSpan(row * 30, 30));
                Assert.InRange(chance, 0.001, 0.999);
            }
        }
    }

    [Fact]
    public void The_truth_is_learned_and_the_chances_keep_their_promise()
    {
        var model = Learner.Learn(Synthetic.Table(4_000, 8, 1)).Model!;
        var test = Synthetic.Table(20_000, 8, 2);
        double[] chances = [.. model.Chances(test.Values).Select(c => (double)c)];
        double[] truths = [.. Enumerable.Range(0, test.RowCount).Select(r => Synthetic.Truth(test.Row(r)))];
        var best = Measures.Auc(truths, test.Answers).Value;
        Assert.InRange(Measures.Auc(chances, test.Answers).Value, best - 0.01, best + 0.005);
        Assert.All(Measures.Calibration(chances, test.Answers), b =>
            Assert.InRange(b.Observed - b.Expected, -0.05, 0.05));
    }

    [Theory]
    [InlineData(1_500)]
    [InlineData(24_000)]
    public void The_same_seed_gives_the_same_bytes_on_one_and_two_threads(int rows)
    {
        var table = Synthetic.Table(rows, 6, 3);
        var one = ModelDocument.Write(Learner.Learn(table, new LearnerOptions { Threads = 1 }).Model!);
        var two = ModelDocument.Write(Learner.Learn(table, new LearnerOptions { Threads = 2 }).Model!);
        Assert.Equal(one, two);
        var other = ModelDocument.Write(Learner.Learn(table, new LearnerOptions { Seed = 7 }).Model!);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void One_row_at_a_time_and_many_rows_at_once_agree_and_missing_values_never_throw()
    {
        var table = Synthetic.Table(900, 7, 4, missing: 0.4);
        var model = Learner.Learn(table).Model!;
        var many = model.Chances(table.Values);
        for (var row = 0; row < table.RowCount; row++) Assert.Equal(many[row],
            (float)model.Chance(table.Row(row)), 1e-6f);
        float[] odd = [float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -1e30f,
            0];
        Assert.InRange(model.Chance(odd), 0, 1);
        Assert.Throws<ArgumentException>(() => model.Chance(new float[6]));
    }

    [Fact]
    public void More_of_a_rising_feature_never_lowers_the_trees_where_it_does_without_the_rule()
    {
        var table = Synthetic.Table(800, 4, 5);
        var bound = Learner.Learn(table,
            new LearnerOptions { Directions = new Dictionary<string, int> { ["f0"] = 1, ["f1"] = -1 } });
        Assert.Equal(0, Falls(bound.Model!, table, 0, 1) + Falls(bound.Model!, table, 1, -1));
        Assert.True(Falls(Learner.Learn(table).Model!, table, 0, 1) > 0);
    }

    [Fact]
    public void What_is_expected_of_a_feature_counts_while_answers_are_few_and_is_overruled_by_many()
    {
        var few = Answered(20, yesWith: 4, yesWithout: 2);
        Assert.True(Gap(few, Expecting) > 2 * Math.Max(0.01, Gap(few, new LearnerOptions())));
        Assert.True(Gap(Answered(4_000, yesWith: 1, yesWithout: 4), Expecting) < -0.2);
    }

    [Fact]
    public void The_parts_of_an_explanation_add_up_to_the_chance()
    {
        var table = Synthetic.Table(1_200, 6, 6);
        var model = Learner.Learn(table).Model!;
        for (var row = 0; row < 100; row++)
        {
            var explanation = model.Explain(table.Row(row));
            Assert.Equal(Logistic.LogOdds(model.Chance(table.Row(row))), explanation.LogOdds, 1e-4);
        }

        Assert.Equal("f0", model.Explain([3, 0, 0, 0, 0, 0]).Parts[0].Feature);
    }

    [Fact]
    public void More_rows_are_more_evidence()
    {
        float[] row = [0.5f, 0, 0, 0];
        var few = Learner.Learn(Synthetic.Table(60, 4, 7)).Model!.Evidence(row);
        var more = Learner.Learn(Synthetic.Table(600, 4, 7)).Model!.Evidence(row);
        var many = Learner.Learn(Synthetic.Table(6_000, 4, 7)).Model!.Evidence(row);
        Assert.True(few < more && more < many, $"{few} {more} {many}");
        var model = Learner.Learn(Synthetic.Table(600, 4, 7)).Model!;
        Assert.True(model.Evidence([4, 4, -4, 4]) < model.Evidence(row));
    }

    static int Falls(RankingModel model, TrainingTable table, int feature, int direction)
    {
        var falls = 0;
        for (var row = 0; row < 60; row++)
        {
            var values = table.Row(row).ToArray();
            var last = double.NegativeInfinity;
            for (var step = -40; step <= 40; step++)
            {
                values[feature] = step / 10f;
                var chance = direction * model.Chance(values);
                if (chance < last - 1e-7) falls++;
                last = chance;
            }
        }

        return falls;
    }

    static LearnerOptions Expecting { get; } =
        new() { Expected = new Dictionary<string, double> { ["word"] = 1 } };

    /// <summary>So many of ten said yes with the word, and so many without.</summary>
    static TrainingTable Answered(int count, int yesWith, int yesWithout)
    {
        float[] words = [.. Enumerable.Range(0, count).Select(row => row % 2)];
        bool[] answers = [.. Enumerable.Range(0, count).Select(row =>
            row / 2 % 10 < (row % 2 == 1 ? yesWith : yesWithout))];
        return new TrainingTable(["word"], words, answers);
    }

    static double Gap(TrainingTable table, LearnerOptions options)
    {
        var model = Learner.Learn(table, options).Model!;
        return model.Chance([1]) - model.Chance([0]);
    }
}
