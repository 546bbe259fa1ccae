namespace Overture.Ranking.Evaluation;

/// <summary>A measured value with its 95 % confidence interval.</summary>
public sealed record Interval(double Value, double Low, double High);

/// <summary>Leads whose expected chance lay in one range, and how many of them said yes.</summary>
/// <param name="From">Lowest expected chance in the bin.</param>
/// <param name="To">Highest expected chance in the bin.</param>
/// <param name="Expected">Mean expected chance.</param>
/// <param name="Observed">Share that said yes.</param>
/// <param name="Count">Leads in the bin.</param>
public sealed record CalibrationBin(double From, double To, double Expected, double Observed, int Count);

/// <summary>
/// A point of the gains curve: of those who said yes, the share found when so many of all were written to.
/// </summary>
public sealed record GainsPoint(double Contacted, double Found);

/// <summary>How good expected chances were, once the answers are known.</summary>
public static class Measures
{
    /// <summary>95 % of a normal distribution lie within this many standard deviations.</summary>
    const double Deviations95 = 1.959964;

    /// <summary>No chance is taken for more certain than this when its loss is measured.</summary>
    const double MinChance = 1e-15;

    /// <summary>
    /// The chance that a yes was ranked above a no (ties count half), with its interval after DeLong, DeLong
    /// and Clarke-Pearson 1988. With one kind of answer only nothing can be said: 0.5, from 0 to 1.
    /// </summary>
    public static Interval Auc(IReadOnlyList<double> chances, IReadOnlyList<bool> answers)
    {
        var yes = Chosen(chances, answers, true);
        var no = Chosen(chances, answers, false);
        if (yes.Length == 0 || no.Length == 0) return new Interval(0.5, 0, 1);
        var (meanYes, varianceYes) = Placements(yes, no);
        var (_, varianceNo) = Placements(no, yes);
        var deviation = Math.Sqrt((varianceYes / yes.Length) + (varianceNo / no.Length));
        // One answer of a kind has no variance of its own; the interval is then as wide as it can be.
        if (yes.Length == 1 || no.Length == 1) return new Interval(meanYes, 0, 1);
        return new Interval(meanYes,
            Math.Max(0, meanYes - (Deviations95 * deviation)),
            Math.Min(1, meanYes + (Deviations95 * deviation)));
    }

    /// <summary>Mean of minus the logarithm of the chance given to what happened; 0 is perfect.</summary>
    public static double LogLoss(IReadOnlyList<double> chances, IReadOnlyList<bool> answers)
    {
        if (chances.Count == 0) return 0;
        var sum = 0.0;
        for (var i = 0; i < chances.Count; i++)
            sum -= Math.Log(Math.Max(MinChance, answers[i] ? chances[i] : 1 - chances[i]));
        return sum / chances.Count;
    }

    /// <summary>Bins of equal count, lowest chances first: a plot of expected against observed.</summary>
    public static IReadOnlyList<CalibrationBin> Calibration(
        IReadOnlyList<double> chances, IReadOnlyList<bool> answers, int binCount = 10)
    {
        var order = Enumerable.Range(0, chances.Count).OrderBy(i => chances[i]).ThenBy(i => i).ToArray();
        List<CalibrationBin> bins = [];
        for (var bin = 0; bin < binCount; bin++)
        {
            var (from, to) = (order.Length * bin / binCount, order.Length * (bin + 1) / binCount);
            if (to == from) continue;
            var part = order[from..to];
            bins.Add(new CalibrationBin(chances[part[0]], chances[part[^1]], part.Average(i => chances[i]),
                part.Average(i => answers[i] ? 1.0 : 0), part.Length));
        }

        return bins;
    }

    /// <summary>
    /// How many times as many say yes among the first share of the order as among all, who stand for first
    /// in, first out. 1 = no gain. The interval treats the answers as independent (Wilson).
    /// </summary>
    public static Interval LiftOverFifo(
        IReadOnlyList<double> chances, IReadOnlyList<bool> answers, double firstShare = 0.2)
    {
        var all = answers.Count(a => a);
        if (all == 0) return new Interval(1, 0, double.PositiveInfinity);
        var count = Math.Max(1, (int)Math.Round(chances.Count * firstShare));
        var yes = Enumerable.Range(0, chances.Count).OrderByDescending(i => chances[i]).ThenBy(i => i)
            .Take(count).Count(i => answers[i]);
        var rate = all / (double)answers.Count;
        var (low, high) = Wilson(yes, count);
        return new Interval(yes / (double)count / rate, low / rate, high / rate);
    }

    /// <summary>
    /// The gains curve from (0, 0) to (1, 1), the highest chances first. First in, first out is the straight
    /// line between. Empty when nobody said yes.
    /// </summary>
    public static IReadOnlyList<GainsPoint> Gains(
        IReadOnlyList<double> chances, IReadOnlyList<bool> answers, int steps = 20)
    {
        var all = answers.Count(a => a);
        if (all == 0) return [];
        var order = Enumerable.Range(0, chances.Count).OrderByDescending(i => chances[i]).ThenBy(i => i)
            .ToArray();
        List<GainsPoint> points = [new GainsPoint(0, 0)];
        var (found, at) = (0, 0);
        for (var step = 1; step <= Math.Min(steps, order.Length); step++)
        {
            for (var end = order.Length * step / Math.Min(steps, order.Length); at < end; at++)
                if (answers[order[at]]) found++;
            points.Add(new GainsPoint(at / (double)order.Length, found / (double)all));
        }

        return points;
    }

    /// <summary>95 % interval of a share (Wilson 1927).</summary>
    public static (double Low, double High) Wilson(int yes, int count)
    {
        if (count == 0) return (0, 1);
        var z2 = Deviations95 * Deviations95;
        var share = yes / (double)count;
        var middle = (share + (z2 / (2 * count))) / (1 + (z2 / count));
        var half = Deviations95 / (1 + (z2 / count))
            * Math.Sqrt((share * (1 - share) / count) + (z2 / (4.0 * count * count)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    static double[] Chosen(IReadOnlyList<double> chances, IReadOnlyList<bool> answers, bool answer)
    {
        var chosen = chances.Where((_, i) => answers[i] == answer).ToArray();
        Array.Sort(chosen);
        return chosen;
    }

    /// <summary>
    /// For each of some sorted values: the share of others below it. Mean and variance of these.
    /// </summary>
    static (double Mean, double Variance) Placements(double[] values, double[] others)
    {
        double sum = 0, squares = 0;
        var (below, upTo) = (0, 0);
        foreach (var value in values)
        {
            while (below < others.Length && others[below] < value) below++;
            upTo = Math.Max(upTo, below);
            while (upTo < others.Length && others[upTo] <= value) upTo++;
            var share = (below + upTo) / 2.0 / others.Length;
            sum += share;
            squares += share * share;
        }

        var mean = sum / values.Length;
        return (mean, values.Length < 2 ? 0 : Math.Max(0, (squares - (sum * mean)) / (values.Length - 1)));
    }
}
