using System.Text;

namespace Overture.Core.Pipeline;

/// <summary>The text of a reply as the intent rules read it: sentences of plain, small words.</summary>
static class ReplyText
{
    const int MaxCharacters = 8_000;

    static readonly (string Short, string Long)[] Contractions =
    [
        ("won't", "will not"), ("can't", "can not"), ("cannot", "can not"), ("n't", " not"),
        ("i'm", "i am"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'d", " would"),
        ("let's", "let us"), ("what's", "what is"), ("that's", "that is"), ("it's", "it is"),
    ];

    /// <summary>
    /// The words of each sentence, and whether it asks. What stood in our own message is left out, so that a
    /// quote which was not recognised as one is not taken for the writer's words.
    /// </summary>
    public static IReadOnlyList<(IReadOnlyList<string> Words, bool Asks)> Sentences(
        string text, string? ownText)
    {
        if (text.Length > MaxCharacters) text = text[..MaxCharacters];
        var own = OwnLines(ownText);
        var sentences = new List<(IReadOnlyList<string>, bool)>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (own.Contains(Key(line))) continue;
            foreach (var (sentence, asks) in Split(line))
                if (Words(sentence) is { Count: > 0 } words) sentences.Add((words, asks));
        }

        return sentences;
    }

    /// <summary>Small letters, contractions written out, everything but letters and digits between.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var small = text.Normalize(NormalizationForm.FormKC).ToLowerInvariant()
            .Replace('’', '\'').Replace('‘', '\'').Replace('`', '\'');
        if (small.Contains('\''))
            foreach (var (from, to) in Contractions) small = small.Replace(from, to, StringComparison.Ordinal);
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in small)
        {
            // A hyphen inside a word belongs to it: e-mail, laissez-moi.
            if (char.IsLetterOrDigit(c) || (c == '-' && word.Length > 0)) word.Append(c);
            else Take(words, word);
        }

        Take(words, word);
        return words;
    }

    static void Take(List<string> words, StringBuilder word)
    {
        var text = word.ToString().TrimEnd('-');
        word.Clear();
        if (text.Length == 0) return;
        if (text == "dont") words.AddRange(["do", "not"]);
        else if (text == "lets") words.AddRange(["let", "us"]);
        else if (text == "im") words.AddRange(["i", "am"]);
        else words.Add(text);
    }

    static IEnumerable<(string Sentence, bool Asks)> Split(string line)
    {
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var ends = line[i] is '!' or '?' or ';' or '。' or '！' or '？'
                || (line[i] == '.' && (i + 1 == line.Length || char.IsWhiteSpace(line[i + 1])));
            if (!ends) continue;
            yield return (line[start..i], line[i] is '?' or '？');
            start = i + 1;
        }

        if (start < line.Length) yield return (line[start..], false);
    }

    static HashSet<string> OwnLines(string? ownText) =>
        ownText is null ? [] : [.. ownText.ReplaceLineEndings("\n").Split('\n').Select(Key)
            .Where(key => key.Length > 0)];

    static string Key(string line) => string.Join(' ', Words(line.TrimStart('>', '|', ' ', '\t')));
}
