namespace Overture.Ranking;

/// <summary>
/// A campaign's keywords: positive words speak for a lead, negative words against, exploratory words are only
/// learned from. A keyword is a word, a stem or a phrase and hits at the start of a word, whatever the case
/// or the diacritics: "market" hits "Marketing", "ceo" never hits inside "announceone". A keyword of one to
/// three letters hits the whole word only ("coo" is not "cook"). "=intern" hits the whole word only; "hr*" is
/// a stem although it is short.
/// </summary>
public sealed class KeywordList
{
    /// <summary>More keywords than this are refused: nobody can read such a list.</summary>
    public const int MaxKeywords = 2_000;

    /// <summary>The longest keyword, in characters.</summary>
    public const int MaxKeywordCharacters = 100;

    const int WholeWordUpTo = 3;

    readonly PhraseFinder finder = new();

    /// <summary>Takes the three lists as written. Blank entries and repetitions are dropped.</summary>
    /// <exception cref="ArgumentException">Too many keywords, one too long, or one without a
    /// letter.</exception>
    public KeywordList(IEnumerable<string> positive, IEnumerable<string> negative,
        IEnumerable<string> exploratory)
    {
        Positive = Tidy(positive);
        Negative = Tidy(negative);
        Exploratory = Tidy(exploratory);
        if (Count > MaxKeywords)
            throw new ArgumentException($"{Count} keywords are too many; the limit is {MaxKeywords}.");
        foreach (var keyword in All) finder.Add(PatternOf(keyword));
        finder.Seal();
    }

    /// <summary>No keywords at all.</summary>
    public static KeywordList Empty { get; } = new([], [], []);

    /// <summary>Words that speak for a lead, as written.</summary>
    public IReadOnlyList<string> Positive { get; }

    /// <summary>Words that speak against a lead, as written.</summary>
    public IReadOnlyList<string> Negative { get; }

    /// <summary>
    /// Words that may mean something: features for the model, no part of the cold-start order.
    /// </summary>
    public IReadOnlyList<string> Exploratory { get; }

    /// <summary>The number of keywords in all three lists.</summary>
    public int Count => Positive.Count + Negative.Count + Exploratory.Count;

    /// <summary>
    /// Whether there is no positive and no negative word, so that nothing can be ordered by them.
    /// </summary>
    public bool IsSilent => Positive.Count + Negative.Count == 0;

    /// <summary>Positive, negative, exploratory: the order of the keyword features.</summary>
    public IEnumerable<string> All => Positive.Concat(Negative).Concat(Exploratory);

    /// <summary>
    /// The keywords a text contains, each once. Takes time linear in the length of the text.
    /// </summary>
    public KeywordMatches Match(string? text)
    {
        var hits = finder.Find(FoldedText.Of(text));
        return new KeywordMatches(
            Hit(Positive, hits, 0), Hit(Negative, hits, Positive.Count),
            Hit(Exploratory, hits, Positive.Count + Negative.Count));
    }

    /// <summary>One flag per keyword in the order of <see cref="All"/>.</summary>
    public bool[] Flags(string? text) => finder.Find(FoldedText.Of(text));

    static string[] Tidy(IEnumerable<string> keywords) =>
        [.. keywords.Where(k => !string.IsNullOrWhiteSpace(k)).Select(k => k.Trim())
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    static string PatternOf(string keyword)
    {
        if (keyword.Length > MaxKeywordCharacters)
            throw new ArgumentException(
                $"The keyword \"{keyword[..20]}...\" is longer than {MaxKeywordCharacters} characters.");
        var folded = FoldedText.Of(keyword.TrimStart('=').TrimEnd('*')).TrimEnd();
        if (folded.Length == 0)
            throw new ArgumentException($"The keyword \"{keyword}\" holds no letter and no digit.");
        var isWhole = keyword[0] == '=' || (folded.Length - 1 <= WholeWordUpTo && !keyword.EndsWith('*'));
        return isWhole ? folded + ' ' : folded;
    }

    static string[] Hit(IReadOnlyList<string> keywords, bool[] hits, int offset) =>
        [.. keywords.Where((_, i) => hits[offset + i])];
}

/// <summary>The distinct keywords found in one text, as the user wrote them.</summary>
public sealed record KeywordMatches(
    IReadOnlyList<string> Positive, IReadOnlyList<string> Negative, IReadOnlyList<string> Exploratory)
{
    /// <summary>Distinct positive minus distinct negative keywords: the cold-start count.</summary>
    public int Net => Positive.Count - Negative.Count;

    /// <summary>Whether nothing was found.</summary>
    public bool IsEmpty => Positive.Count + Negative.Count + Exploratory.Count == 0;
}
