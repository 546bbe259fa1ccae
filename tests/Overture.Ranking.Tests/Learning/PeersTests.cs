using System.Globalization;
using Overture.Ranking.Evaluation;
using Overture.Ranking.Learning;
using Overture.Testing;

namespace Overture.Ranking.Tests.Learning;

/// <summary>
/// The fixed splits, against the figures published with them for scikit-learn's and XGBoost's boosted trees.
/// The larger sets and the times are bench/ranking's.
/// </summary>
public class PeersTests
{
    [Theory]
    [InlineData("breast_cancer", 0.9948, 0.0843)]
    [InlineData("digits_even", 0.9987, 0.0473)]
    [InlineData("digits_eight", 0.9976, 0.0523)]
    [InlineData("wine_class1", 1.0000, 0.0573)]
    [InlineData("diabetes_progress", 0.7923, 0.4945)]
    public void Ours_is_no_worse_than_the_better_peer(string set, double peerAuc, double peerLoss)
    {
        // On diabetes_progress plain logistic regression is the better peer: log loss 0.49.
        var path = SharedData.PathOf($"ranking/{set}.csv");
        Assert.SkipWhen(path is null, "outside test data is absent");
        var (features, values, answers, folds) = Read(path);
        double auc = 0, loss = 0;
        for (var fold = 0; fold < 5; fold++)
        {
            var train = Part(features, values, answers, r => folds[r] != fold);
            var test = Part(features, values, answers, r => folds[r] == fold);
            double[] chances = [.. Learner.Learn(train).Model!.Chances(test.Values).Select(c => (double)c)];
            auc += Measures.Auc(chances, test.Answers).Value / 5;
            loss += Measures.LogLoss(chances, test.Answers) / 5;
        }

        Console.WriteLine(
            $"{set,-18} AUC {auc:0.0000} / {peerAuc:0.0000}   loss {loss:0.0000} / {peerLoss:0.0000}");
        Assert.True(auc >= peerAuc - 0.002, $"AUC {auc}");
        Assert.True(loss <= peerLoss * 1.01, $"log loss {loss}");
    }

    static TrainingTable Part(string[] features, float[] values, bool[] answers, Func<int, bool> isWanted)
    {
        int[] rows = [.. Enumerable.Range(0, answers.Length).Where(isWanted)];
        float[] part = [.. rows.SelectMany(r =>
            values.AsSpan(r * features.Length, features.Length).ToArray())];
        return new TrainingTable(features, part, [.. rows.Select(r => answers[r])]);
    }

    static (string[] Features, float[] Values, bool[] Answers, int[] Folds) Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var header = lines[0].Split(',');
        var count = header.Length - 2;
        Assert.Equal(["label", "fold"], header[count..]);
        var cells = lines.Skip(1).Select(l => l.Split(',')).ToArray();
        return (header[..count],
            [.. cells.SelectMany(c => c[..count]).Select(c =>
                c.Length == 0 ? float.NaN : float.Parse(c, CultureInfo.InvariantCulture))],
            [.. cells.Select(c => c[count] == "1")],
            [.. cells.Select(c => int.Parse(c[count + 1], CultureInfo.InvariantCulture))]);
    }
}
