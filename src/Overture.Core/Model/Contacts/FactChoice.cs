namespace Overture.Core.Model;

/// <summary>
/// Which of several words about one thing is believed. All are kept; this rule only chooses the one that is
/// shown first and fills an empty field. docs/guides/enrichment.md tells it to users.
/// </summary>
public static class FactChoice
{
    /// <summary>Differences of confidence smaller than this are no difference.</summary>
    const float ConfidenceStep = 0.1f;

    /// <summary>A word older than this loses to a fresher one that is equally sure.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromDays(90);

    static readonly string[] People = ["manual", "import"];
    static readonly string[] Guesses = ["offline_rules"];

    /// <summary>
    /// Best first: a person's word, then a source's, then a guess of our own rules; among equals the surer
    /// one, among those equally sure the one heard lately, then the newest, then by name.
    /// </summary>
    public static IReadOnlyList<Fact> InOrder(IEnumerable<Fact> sameField, DateTime now) =>
    [
        .. sameField.OrderBy(Standing).ThenByDescending(fact => (int)(fact.Confidence / ConfidenceStep + 0.01f))
            .ThenBy(fact => now - fact.ObservedAt > Fresh).ThenByDescending(fact => fact.ObservedAt)
            .ThenBy(fact => fact.Provider, StringComparer.Ordinal),
    ];

    /// <summary>The believed fact of every field.</summary>
    public static IReadOnlyDictionary<string, Fact> Believed(IEnumerable<Fact> facts, DateTime now) =>
        facts.GroupBy(fact => fact.Field, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => InOrder(group, now)[0], StringComparer.Ordinal);

    static int Standing(Fact fact) => People.Contains(fact.Provider) ? 0 : Guesses.Contains(fact.Provider) ? 2 : 1;
}
