using Overture.Ranking.Evaluation;

namespace Overture.Ranking.Tests.Evaluation;

public class MeasuresTests
{
    [Fact]
    public void The_area_counts_pairs_and_half_of_ties()
    {
        var auc = Measures.Auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]);
        Assert.Equal(0.75, auc.Value, 1e-12);
        Assert.Equal(0.5, Measures.Auc([1, 1, 1], [true, false, true]).Value);
        Assert.Equal(new Interval(0.5, 0, 1), Measures.Auc([1, 2], [true, true]));
    }

    [Fact]
    public void The_interval_of_the_area_holds_the_truth_about_95_times_in_100()
    {
        // Normal scores one deviation apart: the true area is 0.7602.
        var random = new SeededRandom(4);
        var held = 0;
        for (var round = 0; round < 400; round++)
        {
            var answers = Enumerable.Range(0, 120).Select(i => i % 3 == 0).ToArray();
            var chances = new double[answers.Length];
            for (var i = 0; i < answers.Length; i++) chances[i] = random.NextNormal() + (answers[i] ? 1 : 0);
            var auc = Measures.Auc(chances, answers);
            if (auc.Low <= 0.7602 && auc.High >= 0.7602) held++;
        }

        Assert.InRange(held, 368, 394);
    }

    [Fact]
    public void Log_loss_and_lift_and_bins_are_those_of_the_books()
    {
        Assert.Equal(-Math.Log(0.8) / 2 - Math.Log(0.6) / 2, Measures.LogLoss([0.8, 0.4], [true, false]),
            1e-12);
        double[] chances = [.. Enumerable.Range(0, 100).Select(i => i / 100.0)];
        bool[] answers = [.. chances.Select(c => c >= 0.8)];
        Assert.Equal(5, Measures.LiftOverFifo(chances, answers).Value, 1e-9);
        var bins = Measures.Calibration(chances, answers);
        Assert.Equal(10, bins.Count);
        Assert.Equal(1, bins[9].Observed);
        Assert.Equal(0.045, bins[0].Expected, 1e-9);
    }

    [Fact]
    public void The_gains_curve_tells_how_many_are_found_by_writing_to_some()
    {
        double[] chances = [0.9, 0.8, 0.3, 0.1];
        Assert.Equal(
            [new(0, 0), new(0.25, 0.5), new(0.5, 1), new(0.75, 1), new(1, 1)],
            Measures.Gains(chances, [true, true, false, false]));
        Assert.Empty(Measures.Gains(chances, [false, false, false, false]));
    }
}
