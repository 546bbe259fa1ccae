namespace Overture.Mail.Inbound;

/// <summary>
/// Hides signatures, mobile footers, formal closings and legal footers at the end of new text.
/// </summary>
static class Signature
{
    const int MaxClosingLines = 7;
    const int MaxClosingCharacters = 70;
    const int MaxMobileTail = 2;
    const int MaxNameWords = 4;

    /// <summary>A mobile footer with a comma is one only when it asks for pardon.</summary>
    static readonly string[] Excuses = ["excuse", "pardon", "typo", "brevity", "brief", "error"];

    /// <summary>Hides them in every run of new text, where a run ends at a quote.</summary>
    public static void Hide(string[] lines, LineKind[] kinds)
    {
        var start = 0;
        while (start < kinds.Length)
        {
            if (kinds[start] != LineKind.Text)
            {
                start++;
                continue;
            }

            var end = start;
            while (end < kinds.Length && kinds[end] == LineKind.Text) end++;
            HideIn(lines, kinds, start, end);
            start = end;
        }
    }

    /// <summary>True for a blank line or one made of dashes, underscores, stars and the like.</summary>
    public static bool IsRule(string line)
    {
        foreach (var character in line)
        {
            if (!char.IsWhiteSpace(character) && !"-–—_=*~#+ᐧ\u200b\ufeff".Contains(character)) return false;
        }

        return true;
    }

    static void HideIn(string[] lines, LineKind[] kinds, int start, int end)
    {
        var first = start;
        while (first < end && IsBlankOrLeadingRule(lines[first], start)) first++;
        var cut = end;
        for (var i = first; i < end; i++)
        {
            if (!Opens(lines, i, first, end, kinds)) continue;
            cut = i;
            break;
        }

        while (cut > start && IsRule(lines[cut - 1])) cut--;
        if (IsDashedName(lines, first, cut)) cut--;
        while (cut > start && IsRule(lines[cut - 1])) cut--;
        for (var i = cut; i < end; i++) kinds[i] = LineKind.Hidden;
    }

    // A rule opens a signature after a quote, but is only decoration on top of a message.
    static bool IsBlankOrLeadingRule(string line, int start) =>
        start == 0 ? IsRule(line) : string.IsNullOrWhiteSpace(line);

    static bool Opens(string[] lines, int at, int first, int end, LineKind[] kinds)
    {
        var line = lines[at];
        if (IsDelimiter(line)) return true;
        if (line.Length > MaxClosingCharacters * 4) return false;
        var lower = line.Trim(' ', '\t', '\u00a0', '*', '_', '\u200b').ToLowerInvariant();
        if (lower.Length is > 0 and < MaxClosingCharacters && IsMobile(lower))
        {
            if (CountText(lines, at + 1, end) <= MaxMobileTail) return true;
            kinds[at] = LineKind.Hidden;
            return false;
        }

        if (at == first) return false;
        return (IsClosing(lower) && IsShortTail(lines, at + 1, end))
            || (string.IsNullOrWhiteSpace(lines[at - 1]) && Holds(ReplyWords.Disclaimer, lower));
    }

    static bool IsMobile(string lower)
    {
        var own = WithoutLink(lower);
        if (!Holds(ReplyWords.Mobile, own)) return false;
        return !own.Contains(", ") || Array.Exists(Excuses, e => own.Contains(e));
    }

    static bool IsDelimiter(string line)
    {
        var text = line.AsSpan().Trim(" \t\u00a0\u200b");
        if (text.IsEmpty) return false;
        if (text.IndexOfAnyExcept('_') < 0) return text.Length > 1;
        return text is "--" or "—" or "–" or "––" or "——" or "ᐧ";
    }

    static string WithoutLink(string lower)
    {
        var link = lower.IndexOf("<http", StringComparison.Ordinal);
        return link < 0 ? lower : lower[..link].TrimEnd();
    }

    static bool Holds(Phrase[] phrases, string lower) => Array.Exists(phrases, p => p.In(lower));

    static int CountText(string[] lines, int from, int to)
    {
        var count = 0;
        for (var i = from; i < to; i++) count += IsRule(lines[i]) ? 0 : 1;
        return count;
    }

    static bool IsClosing(string lower) => ReplyWords.Closing.Contains(lower.TrimEnd(',', '.', '!', ' '));

    static bool IsShortTail(string[] lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (lines[i].Length > MaxClosingCharacters) return false;
        }

        return CountText(lines, from, to) <= MaxClosingLines;
    }

    // "-Ann Example" as the last line is how some people sign.
    static bool IsDashedName(string[] lines, int first, int cut)
    {
        if (cut - 1 <= first || lines[cut - 1] is not ['-', var initial, ..]
            || !char.IsUpper(initial)) return false;
        if (!string.IsNullOrWhiteSpace(lines[cut - 2])) return false;
        return lines[cut - 1].Trim().Split(' ').Length <= MaxNameWords;
    }
}
