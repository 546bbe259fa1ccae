namespace Overture.Ranking.Evaluation;

/// <summary>
/// Whether a newly learned model may serve: it must do no worse than what serves now on answers that neither
/// of the two has seen.
/// </summary>
/// <param name="Rival">What it was held against, in words.</param>
/// <param name="RowCount">Answers it was judged by.</param>
/// <param name="PositiveCount">How many of them said yes.</param>
/// <param name="Loss">Its mean log loss on them; null when there were too few to judge by.</param>
/// <param name="RivalLoss">The rival's; null likewise.</param>
/// <param name="IsPassed">Whether it may serve.</param>
/// <param name="Sentence">Why, or why not.</param>
public sealed record Trial(
    string Rival, int RowCount, int PositiveCount, double? Loss, double? RivalLoss, bool IsPassed,
    string Sentence)
{
    /// <summary>Fewer answers new to both models than this settle nothing.</summary>
    public const int MinRows = 30;

    /// <summary>Nor do answers with fewer yes among them.</summary>
    public const int MinYes = 3;

    /// <summary>Against the model that serves.</summary>
    public static Trial AgainstModel(
        IReadOnlyList<double> chances, IReadOnlyList<double> rivalChances, IReadOnlyList<bool> answers)
    {
        const string Rival = "the model that serves";
        var yes = answers.Count(a => a);
        if (answers.Count < MinRows || yes < MinYes)
        {
            return new Trial(Rival, answers.Count, yes, null, null, false,
                $"{answers.Count} answers with {yes} yes are new since the model that serves was learned; "
                + $"{MinRows} with {MinYes} are needed to judge a successor.");
        }

        return Judged(Rival, chances, rivalChances, answers, yes);
    }

    /// <summary>
    /// Against giving everybody the same chance, when no model serves that could be asked.
    /// </summary>
    public static Trial AgainstPlainRate(IReadOnlyList<double> chances, IReadOnlyList<bool> answers)
    {
        var yes = answers.Count(a => a);
        var rate = (yes + 0.5) / (answers.Count + 1);
        return Judged(
            "one chance for all", chances, [.. Enumerable.Repeat(rate, answers.Count)], answers, yes);
    }

    static Trial Judged(
        string rival, IReadOnlyList<double> chances, IReadOnlyList<double> rivalChances,
        IReadOnlyList<bool> answers, int yes)
    {
        var (loss, rivalLoss) = (Measures.LogLoss(chances, answers), Measures.LogLoss(rivalChances, answers));
        var isPassed = loss <= rivalLoss;
        var sentence = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"On {answers.Count} held-back answers its loss is {loss:0.0000} against {rivalLoss:0.0000} of "
            + $"{rival}: {(isPassed ? "no worse, so it serves" : "worse, so it does not serve")}.");
        return new Trial(rival, answers.Count, yes, loss, rivalLoss, isPassed, sentence);
    }
}
