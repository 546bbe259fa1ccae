namespace Overture.Core.Model;

public enum ComparisonVerdict
{
    KeepRunning,
    Winner,
    NoDifference,
}

/// <summary>One message whose time to be answered is over, in the order of sending.</summary>
public sealed record WordingTrial(long VariantId, bool IsAnswered);

/// <summary>One wording's share of a comparison.</summary>
public sealed record ComparedVariant(
    long VariantId, long Trials, long Answers, double Rate, double Low, double High,
    double ProbabilityBest, double Evidence);

/// <summary>What the wordings of a step show so far.</summary>
public sealed record Comparison(
    ComparisonVerdict Verdict, long? WinnerId, double AlwaysValidP, IReadOnlyList<ComparedVariant> Variants);

/// <summary>
/// Compares the reply rates of wordings in a way that may be looked at after every message.
/// <para>
/// The test is the sequential e-value for two proportions of Turner, Ly and Grünwald, "Generic E-variables for
/// exact sequential k-sample tests that allow for optional stopping" (2024, Journal of Statistical Planning
/// and Inference 230). The messages of two wordings are taken in blocks, in their order; each block's
/// likelihood under what earlier blocks have taught is divided by its likelihood under one common rate. With
/// equal rates the product has an expectation of at most 1 whenever one looks, so by Ville's inequality it
/// ever exceeds 1/alpha with a probability of at most alpha. The error is divided over all pairs (Bonferroni).
/// </para>
/// </summary>
public static class VariantComparison
{
    /// <summary>The chance to call a winner, ever, among equals.</summary>
    public const double Alpha = 0.05;

    /// <summary>Nothing is called before each wording was tried so often.</summary>
    public const int MinimumTrials = 50;

    /// <summary>Rates closer than this are the same to us: two replies in a hundred.</summary>
    public const double MeaningfulDifference = 0.02;

    /// <summary>A message is a trial once its reader had so long to answer.</summary>
    public static readonly TimeSpan AnswerWindow = TimeSpan.FromDays(7);

    /// <summary>The prior that the authors recommend for both groups.</summary>
    const double Prior = 0.18;

    const double Z = 1.959963984540054;

    /// <summary>Compares at least two wordings; trials in the order of sending.</summary>
    public static Comparison Of(IReadOnlyList<long> variantIds, IReadOnlyList<WordingTrial> trials)
    {
        var counts = variantIds.ToDictionary(id => id, id => (
            Trials: trials.LongCount(trial => trial.VariantId == id),
            Answers: trials.LongCount(trial => trial.VariantId == id && trial.IsAnswered)));
        var leader = variantIds.MaxBy(id => Rate(counts[id]));
        var pairs = Math.Max(1, variantIds.Count * (variantIds.Count - 1) / 2);
        var evidence = variantIds.Where(id => id != leader)
            .ToDictionary(id => id, id => Evidence(trials, leader, id));
        var weakest = evidence.Count == 0 ? 1 : evidence.Values.Min();
        var isEnough = counts.Values.All(count => count.Trials >= MinimumTrials);
        var isWon = isEnough && weakest >= pairs / Alpha;
        var isSame = isEnough && !isWon
            && variantIds.All(id => id == leader || AreSame(counts[leader], counts[id]));
        return new Comparison(
            isWon ? ComparisonVerdict.Winner
                : isSame ? ComparisonVerdict.NoDifference : ComparisonVerdict.KeepRunning,
            isWon ? leader : null, Math.Min(1, pairs / Math.Max(weakest, 1e-300)),
            [.. variantIds.Select(id => Describe(id, counts, variantIds, id == leader ? weakest : evidence[id]))]);
    }

    /// <summary>The greatest e-value that the test of two wordings has reached so far.</summary>
    public static double Evidence(IReadOnlyList<WordingTrial> trials, long first, long second)
    {
        var process = new EvidenceProcess();
        foreach (var trial in trials)
            if (trial.VariantId == first) process.Add(true, trial.IsAnswered);
            else if (trial.VariantId == second) process.Add(false, trial.IsAnswered);
        return process.Greatest;
    }

    /// <summary>
    /// The chance that one rate is above another after such counts, with a flat prior on both; exact, as a
    /// sum of Beta functions.
    /// </summary>
    public static double ProbabilityAbove(long answers, long trials, long otherAnswers, long otherTrials)
    {
        double a = answers + 1, b = trials - answers + 1, c = otherAnswers + 1, d = otherTrials - otherAnswers + 1;
        var total = 0.0;
        for (long i = 0; i < (long)a; i++)
            total += Math.Exp(
                LogBeta(c + i, d + b) - Math.Log(b + i) - LogBeta(1 + i, b) - LogBeta(c, d));
        return Math.Clamp(total, 0, 1);
    }

    static ComparedVariant Describe(
        long id, Dictionary<long, (long Trials, long Answers)> counts, IReadOnlyList<long> all, double evidence)
    {
        var own = counts[id];
        var rival = all.Where(other => other != id).OrderByDescending(other => Rate(counts[other]))
            .Select(other => counts[other]).FirstOrDefault();
        var (low, high) = Wilson(own.Answers, own.Trials);
        return new ComparedVariant(
            id, own.Trials, own.Answers, Rate(own), low, high,
            ProbabilityAbove(own.Answers, own.Trials, rival.Answers, rival.Trials), evidence);
    }

    static double Rate((long Trials, long Answers) count) =>
        count.Trials == 0 ? 0 : (double)count.Answers / count.Trials;

    /// <summary>Wilson's 95 % interval of one rate, for one look.</summary>
    static (double Low, double High) Wilson(long answers, long trials)
    {
        if (trials == 0) return (0, 1);
        double n = trials, p = answers / n, z2 = Z * Z;
        var middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = Z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    static bool AreSame((long Trials, long Answers) one, (long Trials, long Answers) other)
    {
        double p = Rate(one), q = Rate(other);
        var spread = Z * Math.Sqrt((p * (1 - p) / one.Trials) + (q * (1 - q) / other.Trials));
        return Math.Abs(p - q) + spread < MeaningfulDifference;
    }

    static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>Lanczos' approximation (g = 7, nine terms), exact to about 15 digits for x of 1 and more.</summary>
    static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
            -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
            1.5056327351493116e-7,
        ];
        x -= 1;
        var sum = terms[0];
        for (var i = 1; i < terms.Length; i++) sum += terms[i] / (x + i);
        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>The test of one pair, fed one message at a time; a block is one message of each wording.</summary>
    internal sealed class EvidenceProcess
    {
        readonly Queue<bool> waitingFirst = new();
        readonly Queue<bool> waitingSecond = new();
        double firstAnswers, secondAnswers, blocks, logValue;

        public double Greatest { get; private set; } = 1;

        public void Add(bool isFirst, bool isAnswered)
        {
            (isFirst ? waitingFirst : waitingSecond).Enqueue(isAnswered);
            if (waitingFirst.Count > 0 && waitingSecond.Count > 0)
                Take(waitingFirst.Dequeue(), waitingSecond.Dequeue());
        }

        void Take(bool first, bool second)
        {
            var p = (Prior + firstAnswers) / ((2 * Prior) + blocks);
            var q = (Prior + secondAnswers) / ((2 * Prior) + blocks);
            var common = (p + q) / 2;
            logValue += LogChance(first, p) + LogChance(second, q)
                - LogChance(first, common) - LogChance(second, common);
            Greatest = Math.Max(Greatest, Math.Exp(Math.Min(logValue, 700)));
            firstAnswers += first ? 1 : 0;
            secondAnswers += second ? 1 : 0;
            blocks++;
        }

        static double LogChance(bool isAnswered, double rate) => Math.Log(isAnswered ? rate : 1 - rate);
    }
}
