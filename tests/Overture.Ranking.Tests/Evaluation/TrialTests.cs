using Overture.Ranking.Evaluation;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Tests.Evaluation;

public class TrialTests
{
    static readonly bool[] Answers = [.. Enumerable.Range(0, 100).Select(i => i % 4 == 0)];

    static double[] Chances(double sharpness) =>
        [.. Answers.Select(a => a ? 0.25 + (0.7 * sharpness) : 0.25 - (0.2 * sharpness))];

    [Fact]
    public void A_better_model_passes_and_a_worse_one_does_not()
    {
        Assert.True(Trial.AgainstModel(Chances(0.5), Chances(0.4), Answers).IsPassed);
        Assert.True(Trial.AgainstModel(Chances(0.5), Chances(0.5), Answers).IsPassed);
        var worse = Trial.AgainstModel(Chances(0.4), Chances(0.5), Answers);
        Assert.False(worse.IsPassed);
        Assert.Contains("worse, so it does not serve", worse.Sentence);
        Assert.Equal((100, 25), (worse.RowCount, worse.PositiveCount));
    }

    [Fact]
    public void Without_a_rival_it_must_beat_one_chance_for_all()
    {
        Assert.True(Trial.AgainstPlainRate(Chances(0.1), Answers).IsPassed);
        Assert.False(Trial.AgainstPlainRate(Chances(-0.1), Answers).IsPassed);
    }

    [Theory]
    [InlineData(29, 9)]
    [InlineData(100, 2)]
    public void Few_new_answers_settle_nothing(int rows, int yes)
    {
        bool[] answers = [.. Enumerable.Range(0, rows).Select(i => i < yes)];
        double[] chances = [.. answers.Select(a => a ? 0.9 : 0.1)];
        double[] rival = [.. answers.Select(_ => 0.5)];
        var trial = Trial.AgainstModel(chances, rival, answers);
        Assert.False(trial.IsPassed);
        Assert.Null(trial.Loss);
        Assert.Contains("are needed to judge", trial.Sentence);
    }

    [Fact]
    public void What_was_held_back_was_expected_without_having_been_seen()
    {
        var table = Synthetic.Table(500, 6, 3);
        var outcome = Learner.Learn(table);
        Assert.Equal(Enumerable.Range(0, 500), outcome.HeldBack.Select(h => h.Row).Order());
        var auc = Measures.Auc(
            [.. outcome.HeldBack.Select(h => h.Chance)],
            [.. outcome.HeldBack.Select(h => table.Answers[h.Row])]);
        Assert.Equal(outcome.Model!.Summary.Auc.Value, auc.Value, 1e-12);
        double[] seen = [.. outcome.Model.Chances(table.Values).Select(c => (double)c)];
        Assert.True(Measures.Auc(seen, table.Answers).Value > auc.Value);
    }

    [Fact]
    public void The_features_that_decide_are_the_weightiest_and_have_their_direction()
    {
        var table = Synthetic.Table(2_000, 8, 4);
        var weights = Importance.Of(Learner.Learn(table).Model!, table);
        Assert.Equal("f0", weights[0].Feature);
        Assert.Equal(1, weights[0].Direction);
        Assert.Equal(["f0", "f1"], weights.Take(2).Select(w => w.Feature).Order());
    }
}
