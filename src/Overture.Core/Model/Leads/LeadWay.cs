namespace Overture.Core.Model;

/// <summary>How the leads with some words are met.</summary>
enum LeadRoute
{
    /// <summary>Through all leads in the order of the page, passing over those without the words.</summary>
    InOrder,

    /// <summary>All that have the words, by their index; then sorted.</summary>
    Gathered,

    /// <summary>By their index, and then met again on the way through the order of the scores.</summary>
    GatheredInOrder,

    /// <summary>By their index, a stretch of ids after the other, the newest first.</summary>
    InStretches,
}

/// <summary>
/// The route that reads the least. The index is asked for what is sought; the other words are looked at in
/// the rows that it finds.
/// </summary>
/// <param name="SeeksAll">Whether no other words are left to look at.</param>
/// <param name="Expected">About how many leads meet all conditions.</param>
/// <param name="Found">About how many the index finds.</param>
sealed record LeadWay(LeadRoute Route, string Sought, bool SeeksAll, double Expected, double Found)
{
    // In rows that are read one after the other, which is what everything else is compared with.
    const double FoundRow = 3;
    const double RememberedRow = 1.5;
    const double PassedRow = 0.1;
    const double LeadsOfPart = 1 << LeadWords.LeadsOfPartBits;
    const double CollectedRow = 0.025;
    const double Statement = 1_000;

    /// <summary>A beginning of no more words than this is cheap to ask for, whatever else is asked.</summary>
    const long MostCollected = 20_000;

    /// <param name="terms">Each with the number of leads that are expected to meet it.</param>
    /// <param name="all">How many leads there are.</param>
    /// <param name="share">The part of them that meets the conditions which are no words.</param>
    /// <param name="inOrder">How many lie in the order of the page, one after the other.</param>
    public static LeadWay Of(
        IReadOnlyList<(LeadTerm Term, long Leads)> terms, double all, double share, double inOrder,
        LeadSort sort, int limit)
    {
        double Meeting(IEnumerable<(LeadTerm, long Leads)> some) =>
            some.Aggregate(all, (met, term) => met * Math.Clamp(term.Leads / all, 1 / all, 1));

        var beginning = terms.FirstOrDefault(term => term.Term.IsBeginning);
        var others = terms.Where(term => !term.Term.IsBeginning).ToList();
        var seeksAll = beginning.Term is null || others.Count == 0
            || beginning.Leads <= Math.Max(MostCollected, Meeting(others));
        var sought = seeksAll ? terms : others;
        var found = Meeting(sought);
        var expected = Meeting(terms) * Math.Max(share, 1 / all);
        var collecting = seeksAll ? beginning.Leads * CollectedRow : 0;

        var passing = limit * inOrder / expected;
        var gathering = collecting + (found * FoundRow);
        var perStretch = Math.Max(limit * found / expected, found * LeadsOfPart / all);
        List<(LeadRoute Route, double Cost)> ways =
            [(LeadRoute.InOrder, passing), (LeadRoute.Gathered, gathering)];
        if (sort == LeadSort.Newest)
            ways.Add((LeadRoute.InStretches,
                collecting + Statement + (Math.Min(found, perStretch) * FoundRow)));
        if (sort == LeadSort.Score && expected > limit)
            ways.Add((LeadRoute.GatheredInOrder,
                collecting + (found * RememberedRow) + (passing * PassedRow)));
        return new LeadWay(
            ways.MinBy(way => way.Cost).Route, LeadWords.All([.. sought.Select(term => term.Term)])!,
            seeksAll, expected, found);
    }
}
