namespace Overture.Core.Pipeline;

/// <summary>
/// A few words in their order: `a|b` stands for either word, `*` for up to four of any. Found in time
/// proportional to the text, whatever it holds.
/// </summary>
sealed class WordPhrase
{
    const int WidestGap = 4;
    const string Gap = "*";

    readonly string[][] places;

    WordPhrase(string written, string[][] places)
    {
        Written = written;
        this.places = places;
    }

    public string Written { get; }

    public static WordPhrase Parse(string written) =>
        new(written, [.. written.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(place => place == Gap ? (string[][])[[Gap]] : Alternatives(place))]);

    /// <summary>Where the phrase begins and ends among these words; null when it is not there.</summary>
    public (int From, int To)? In(IReadOnlyList<string> words)
    {
        for (var from = 0; from < words.Count; from++)
            if (EndFrom(words, from) is { } to) return (from, to);
        return null;
    }

    /// <summary>
    /// After a gap the nearest place that fits is taken; a gap is short, so nothing is tried over and over.
    /// </summary>
    int? EndFrom(IReadOnlyList<string> words, int at)
    {
        var slack = 0;
        foreach (var place in places)
        {
            if (place[0] == Gap)
            {
                slack = WidestGap;
                continue;
            }

            var last = Math.Min(words.Count - 1, at + slack);
            while (at <= last && !place.Contains(words[at], StringComparer.Ordinal)) at++;
            if (at > last) return null;
            at++;
            slack = 0;
        }

        return at;
    }

    // A place without a choice may be several words to the text: cc'ing, laissez-moi.
    static string[][] Alternatives(string place) => place.Contains('|')
        ? [place.Split('|')]
        : [.. ReplyText.Words(place).Select(word => (string[])[word])];
}
