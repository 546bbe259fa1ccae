namespace Overture.Ranking;

/// <summary>What the order of leads rests on.</summary>
public enum RankingMode
{
    /// <summary>Nothing is known: whoever came first goes first.</summary>
    Fifo,

    /// <summary>Keywords and fit to the ideal customer profile; no answers to learn from yet.</summary>
    ColdStart,

    /// <summary>A model learned from this account's own answers.</summary>
    Learned,
}

/// <summary>A lead that waits to be contacted, with whatever is known about it.</summary>
/// <param name="Id">Any stable name; it decides ties and the lead's own random draw.</param>
/// <param name="WaitingSince">When the lead began to wait.</param>
public sealed record Candidate(string Id, DateTimeOffset WaitingSince)
{
    /// <summary>Keywords found in the lead's text; null when the campaign has none.</summary>
    public KeywordMatches? Keywords { get; init; }

    /// <summary>Fit to the ideal customer profile; null when the campaign has none.</summary>
    public Score? Fit { get; init; }

    /// <summary>What the learned model expects; null when there is no model.</summary>
    public Expectation? Learned { get; init; }
}

/// <summary>A probability and how much evidence stands behind it, in answers seen.</summary>
/// <param name="Probability">Calibrated probability of a yes, 0 to 1.</param>
/// <param name="Evidence">How many observed answers the probability is worth; more means a narrower
/// spread.</param>
/// <param name="Reasons">What moved the probability, points in percentage points.</param>
public sealed record Expectation(double Probability, double Evidence, IReadOnlyList<ScoreReason> Reasons)
{
    /// <summary>
    /// The chance that one draw of the model gives, the same draw for all candidates of an order; null =
    /// every candidate draws for itself from its probability and evidence.
    /// </summary>
    public double? Drawn { get; init; }
}

/// <summary>One place in the order.</summary>
/// <param name="Id">The candidate's.</param>
/// <param name="Place">1 is the next to be contacted.</param>
/// <param name="Value">0 to 100: the expected chance of a yes; null when nothing is known.</param>
/// <param name="Mode">What this lead's value rests on.</param>
/// <param name="Why">One sentence on how this place came about.</param>
/// <param name="Order">
/// The key of the order, the highest first: it holds across batches and does not change by waiting.
/// </param>
/// <param name="Reasons">What moved the value.</param>
public sealed record RankedLead(
    string Id, int Place, double? Value, RankingMode Mode, string Why, double Order,
    IReadOnlyList<ScoreReason> Reasons);

/// <summary>The order, and the leads that a must-not rule keeps out of it.</summary>
public sealed record RankedOrder(
    RankingMode Mode, string Why, IReadOnlyList<RankedLead> Leads, IReadOnlyList<string> Excluded);

/// <summary>How to order.</summary>
public sealed record RankerOptions
{
    /// <summary>
    /// Same seed and same candidates, same order. Take another seed each day, or nothing is explored.
    /// </summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>
    /// A pinned mode; null = the best the candidates allow. A mode that lacks its data falls back.
    /// </summary>
    public RankingMode? Pinned { get; init; }

    /// <summary>Why there is no learned model, as it follows "because".</summary>
    public string WhyNoModel { get; init; } = "no model has been learned yet";

    /// <summary>
    /// What a lead gains by waiting, in log-odds per day: at 0.01 whoever is given 1 % passes newcomers who
    /// are given 20 % after eleven months. More keeps leads moving, and costs a yes now and then.
    /// </summary>
    public double GainPerDay { get; init; } = 0.01;

    /// <summary>The chance of a yes before anything is learned.</summary>
    public double PriorRate { get; init; } = 0.2;
}

/// <summary>
/// Orders waiting leads. Thompson sampling: every lead draws a chance from what is known about it and the
/// highest draw goes first, so that leads we know little about get tried in proportion to the chance that
/// they are the best. Waiting is part of the order: every day adds a little to the drawn log-odds, so that no
/// lead is passed by newcomers for ever. As it adds the same to all who wait, only the day of arrival tells
/// two leads apart, and an order once made stays true.
/// </summary>
public static class Ranker
{
    /// <summary>
    /// Answers that keywords and fit are worth before any answer is known. With few, chance decides: among
    /// thousands of leads the luckiest draws win.
    /// </summary>
    const double ColdStartEvidence = 1_000;

    /// <summary>Change of the log-odds per distinct keyword.</summary>
    const double KeywordLogOdds = 0.5;

    /// <summary>Change of the log-odds between a fit of 50 and one of 100.</summary>
    const double FitLogOdds = 1.5;

    /// <summary>Smallest parameter of a beta distribution; below it a draw is 0 or 1 for certain.</summary>
    const double MinBeta = 0.01;

    /// <summary>No draw is taken for more certain than this, so that waiting always counts.</summary>
    const double MinDraw = 1e-6;

    static readonly DateTimeOffset epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The order. The order of the candidates given does not matter; ids are unique.
    /// </summary>
    public static RankedOrder Order(IReadOnlyList<Candidate> candidates, RankerOptions? options = null)
    {
        options ??= new RankerOptions();
        var excluded = candidates.Where(c => c.Fit?.IsExcluded == true).Select(c => c.Id);
        var open = candidates.Where(c => c.Fit?.IsExcluded != true)
            .OrderBy(c => c.WaitingSince).ThenBy(c => c.Id, StringComparer.Ordinal).ToList();
        var mode = ModeFor(open, options.Pinned);
        var leads = mode == RankingMode.Fifo ? FirstIn(open, options) : Drawn(open, mode, options);
        return new RankedOrder(mode, WhyMode(mode, options), leads,
            [.. excluded.Order(StringComparer.Ordinal)]);
    }

    /// <summary>
    /// The chance of a yes from keywords and fit alone: the prior before any answer is known.
    /// </summary>
    public static Expectation ColdStart(KeywordMatches? keywords, Score? fit, double priorRate = 0.2)
    {
        var start = Math.Log(priorRate / (1 - priorRate));
        var byWords = KeywordLogOdds * (keywords?.Net ?? 0);
        var byFit = FitLogOdds * ((fit?.Value ?? 50) - 50) / 50.0;
        List<ScoreReason> reasons = [];
        void Explain(string sentence, double without, double with)
        {
            var points = (int)Math.Round(100 * (Logistic(with) - Logistic(without)));
            if (with != without) reasons.Add(new(sentence, points));
        }

        Explain(keywords is null ? "" : WordsSentence(keywords), start, start + byWords);
        Explain($"Fit to the ideal customer is {fit?.Value} of 100", start + byWords, start + byWords
            + byFit);
        return new Expectation(Logistic(start + byWords + byFit), ColdStartEvidence, reasons);
    }

    static RankingMode ModeFor(List<Candidate> open, RankingMode? pinned)
    {
        var best = open.Exists(c => c.Learned is not null) ? RankingMode.Learned
            : open.Exists(c => c.Keywords is not null || c.Fit is not null) ? RankingMode.ColdStart
            : RankingMode.Fifo;
        if (pinned is not { } wanted || wanted >= best) return best;
        if (wanted == RankingMode.ColdStart && !open.Exists(c => c.Keywords is not null || c.Fit is not null))
            return RankingMode.Fifo;
        return wanted;
    }

    static string WhyMode(RankingMode mode, RankerOptions options)
    {
        var sentence = mode switch
        {
            RankingMode.Learned => "Ordered by a model learned from this account's own answers",
            RankingMode.ColdStart => "Ordered by keywords and fit",
            _ => "First in, first out",
        };
        if (options.Pinned == mode) return $"{sentence}, as pinned.";
        var because = mode switch
        {
            RankingMode.Learned => "",
            RankingMode.ColdStart => $", because {options.WhyNoModel}",
            _ => $", because {options.WhyNoModel} and there are neither keywords nor an ideal customer",
        };
        return options.Pinned is { } pinned
            ? $"{sentence}{because}; the pinned order {pinned} lacks its data."
            : $"{sentence}{because}.";
    }

    static List<RankedLead> FirstIn(List<Candidate> open, RankerOptions options) =>
        [.. open.Select((c, i) => new RankedLead(
            c.Id, i + 1, null, RankingMode.Fifo, "Waited longest of those behind.", Arrival(c, options),
            []))];

    static List<RankedLead> Drawn(List<Candidate> open, RankingMode mode, RankerOptions options)
    {
        var drawn = open.Select(candidate =>
        {
            var learned = mode == RankingMode.Learned ? candidate.Learned : null;
            var expected = learned ?? ColdStart(candidate.Keywords, candidate.Fit, options.PriorRate);
            var draw = Draw(expected, SeededRandom.For(options.Seed, candidate.Id));
            var order = Math.Log(draw / (1 - draw)) + Arrival(candidate, options);
            return (candidate.Id, Expected: expected, IsLearned: learned is not null, Order: order);
        });
        return [.. drawn.OrderByDescending(d => d.Order).Select((d, i) => new RankedLead(
            d.Id, i + 1, Math.Round(100 * d.Expected.Probability, 1),
            d.IsLearned ? RankingMode.Learned : RankingMode.ColdStart,
            $"{(d.IsLearned ? "The learned model expects" : "Keywords and fit expect")} "
            + $"{100 * d.Expected.Probability:0.#} % to say yes.", d.Order, d.Expected.Reasons))];
    }

    /// <summary>What the day of arrival gives: earlier is more.</summary>
    static double Arrival(Candidate candidate, RankerOptions options) =>
        -options.GainPerDay * (candidate.WaitingSince - epoch).TotalDays;

    static double Draw(Expectation expected, SeededRandom random) => Math.Clamp(
        expected.Drawn ?? random.NextBeta(
            Math.Max(MinBeta, expected.Probability * expected.Evidence),
            Math.Max(MinBeta, (1 - expected.Probability) * expected.Evidence)),
        MinDraw, 1 - MinDraw);

    static string WordsSentence(KeywordMatches keywords)
    {
        var good = keywords.Positive.Count == 0 ? null : $"Mentions {string.Join(", ", keywords.Positive)}";
        var bad = keywords.Negative.Count == 0 ? null
            : $"mentions unwanted {string.Join(", ", keywords.Negative)}";
        return good is null ? $"M{bad?[1..]}" : bad is null ? good : $"{good}; {bad}";
    }

    static double Logistic(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}
