namespace Overture.Core.Model;

/// <summary>Writes conditions on the words of a lead in PostgreSQL's language of text search.</summary>
static class LeadWords
{
    /// <summary>Every typed word must begin some word of the lead; every facet must be there.</summary>
    public static string? Of(LeadFilter filter, string? alike)
    {
        List<string> parts =
        [
            .. alike is not null ? [alike]
                : SearchText.WordsOf(filter.Search ?? "").Select(word => Quoted(word) + ":*"),
            .. Facet("industry=", filter.Industry), .. Facet("country=", filter.Country),
            .. Facet("source=", filter.Source),
            .. Facet("email=", filter.HasEmail switch { true => "yes", false => "no", _ => null }),
        ];
        return parts.Count == 0 ? null : string.Join(" & ", parts);
    }

    /// <summary>The same condition within these stretches of ids.</summary>
    public static string Within(string words, long firstPart, long lastPart) =>
        $"({words}) & ({string.Join(" | ", Parts(firstPart, lastPart))})";

    /// <summary>Every group of words must be met by one of its words.</summary>
    public static string AnyOfEach(IEnumerable<IReadOnlyList<string>> groups) =>
        string.Join(" & ", groups.Select(group => $"({string.Join(" | ", group.Select(Quoted))})"));

    static IEnumerable<string> Parts(long first, long last)
    {
        for (var part = first; part <= last; part++) yield return Quoted($"part={part}");
    }

    static string[] Facet(string name, string? value) =>
        string.IsNullOrEmpty(value) ? [] : [Quoted(name + value)];

    static string Quoted(string word) =>
        "'" + word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)
        + "'";
}
