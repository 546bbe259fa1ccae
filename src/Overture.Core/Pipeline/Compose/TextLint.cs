using System.Text.RegularExpressions;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// What in a text may keep it from the inbox or from being read. Hints only: nothing here blocks a message.
/// </summary>
public static partial class TextLint
{
    const int LongSubject = 60;
    const int MostLinks = 1;
    const int LongBody = 100;
    const int MostExclamations = 1;

    /// <summary>Phrases that filters and readers know from bulk advertising.</summary>
    static readonly string[] Bulk =
    [
        "100% free", "act now", "buy now", "cash bonus", "click here", "dear friend", "double your",
        "earn money", "free trial", "guaranteed", "limited time", "lowest price", "make money", "no obligation",
        "once in a lifetime", "order now", "risk-free", "risk free", "special promotion", "this is not spam",
        "urgent", "winner", "you have been selected",
    ];

    public static IReadOnlyList<string> Hints(StepKind kind, string subject, string body)
    {
        if (kind is not (StepKind.Email or StepKind.LinkedIn)) return [];
        var hints = new List<string>();
        if (subject.Length > LongSubject)
            hints.Add($"The subject has {subject.Length} characters; phones show about {LongSubject}.");
        if (kind == StepKind.Email && MessageRenderer.CountWords(body) is var words && words > LongBody)
            hints.Add($"{words} words are many for a first mail; {LongBody} or fewer are read more often.");
        var links = Links().Count(body);
        if (links > MostLinks) hints.Add($"{links} links; more than {MostLinks} looks like bulk mail.");
        var both = $"{subject}\n{body}";
        foreach (var phrase in Bulk.Where(
            phrase => both.Contains(phrase, StringComparison.OrdinalIgnoreCase)))
            hints.Add($"“{phrase}” is a phrase that filters know.");
        if (both.Count(letter => letter == '!') > MostExclamations) hints.Add("More than one exclamation mark.");
        if (Shouting().IsMatch(both)) hints.Add("Words in capitals read as shouting.");
        if (body.Contains('?', StringComparison.Ordinal) is false && kind == StepKind.Email)
            hints.Add("There is no question in it: what should the reader answer?");
        return hints;
    }

    [GeneratedRegex(@"https?://\S+", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Links();

    [GeneratedRegex(@"\b[A-Z]{4,}\s+[A-Z]{4,}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Shouting();
}
