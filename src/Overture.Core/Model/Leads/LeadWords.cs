namespace Overture.Core.Model;

/// <summary>
/// One condition on the words of a lead, in PostgreSQL's language of text search. A beginning is met by every
/// word that goes on from it, so an index has to collect them all.
/// </summary>
sealed record LeadTerm(string Condition, bool IsBeginning);

/// <summary>Writes conditions on the words of a lead.</summary>
static class LeadWords
{
    /// <summary>
    /// A stretch of ids that one of the words names, as the migration's lead_facets writes it.
    /// </summary>
    public const int LeadsOfPartBits = 17;

    /// <summary>
    /// Every typed word must be a word of the lead, the last one, which may not be typed to its end, the
    /// beginning of one; every facet must be there.
    /// </summary>
    public static IReadOnlyList<LeadTerm> Of(LeadFilter filter, string? alike) =>
    [
        .. alike is null ? Typed(filter.Search) : [new LeadTerm(alike, false)],
        .. Facet("industry=", filter.Industry), .. Facet("country=", filter.Country),
        .. Facet("source=", filter.Source),
        .. Facet("email=", filter.HasEmail switch { true => "yes", false => "no", _ => null }),
    ];

    /// <summary>All of them as one condition; null for none.</summary>
    public static string? All(IReadOnlyList<LeadTerm> terms) =>
        terms.Count == 0 ? null : string.Join(" & ", terms.Select(term => term.Condition));

    /// <summary>The same condition within these stretches of ids.</summary>
    public static string Within(string words, long firstPart, long lastPart) =>
        $"({words}) & ({string.Join(" | ", Parts(firstPart, lastPart))})";

    /// <summary>Every group of words must be met by one of its words.</summary>
    public static string AnyOfEach(IEnumerable<IReadOnlyList<string>> groups) =>
        string.Join(" & ", groups.Select(group => $"({string.Join(" | ", group.Select(Quoted))})"));

    static IEnumerable<LeadTerm> Typed(string? search)
    {
        var words = SearchText.WordsOf(search ?? "");
        return words.Select((word, at) => at < words.Count - 1
            ? new LeadTerm(Quoted(word), false) : new LeadTerm(Quoted(word) + ":*", true));
    }

    static IEnumerable<string> Parts(long first, long last)
    {
        for (var part = first; part <= last; part++) yield return Quoted($"part={part}");
    }

    static LeadTerm[] Facet(string name, string? value) =>
        string.IsNullOrEmpty(value) ? [] : [new(Quoted(name + value), false)];

    static string Quoted(string word) =>
        "'" + word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)
        + "'";
}
