namespace Overture.Mail.Inbound;

/// <summary>
/// Recognises "On 3 May 2026 at 10:00, Ann wrote:" in about thirty languages, folded or not.
/// </summary>
static class QuoteHeader
{
    const int MaxLines = 6;
    const int MaxCharacters = 500;
    const int DateWithin = 16;

    /// <summary>The verbs after which a name may follow, as in "am 3. Mai schrieb Ann:".</summary>
    static readonly string[] InnerVerbs =
        ["schrieb", "schreef", "skrev", "skreiv", "napisana przez", "napisał", "написал", "yazdı", "wrote"];

    /// <summary>
    /// The number of lines the quote header takes that starts at this line; 0 when none starts here.
    /// Reads at most six lines ahead, so a scan of a whole text stays linear.
    /// </summary>
    /// <param name="lower">The lines of the text in lower case.</param>
    /// <param name="at">The line asked about.</param>
    public static int LengthAt(string[] lower, int at)
    {
        var length = LengthFrom(lower, at, out var strength);
        if (length == 0) return 0;
        // A stronger opening inside the found lines means that the first line is still the reply's own.
        for (var later = at + 1; later < at + length; later++)
        {
            if (LengthFrom(lower, later, out var laterStrength) > 0 && laterStrength > strength) return 0;
            if (laterStrength == strength && strength == 1 && !Text(lower[at]).EndsWith('<')) return 0;
        }

        return length;
    }

    /// <summary>True when this text, taken alone, is a quote header.</summary>
    public static bool Is(string lower) => LengthAt([lower], 0) == 1;

    /// <summary>True for <c>&gt;&gt;&gt; Ann 5/4/26 10:12 &gt;&gt;&gt;</c>, as GroupWise writes.</summary>
    public static bool IsArrowed(string lower)
    {
        var line = lower.AsSpan().Trim();
        return line.Length > 12 && line.StartsWith(">>>", StringComparison.Ordinal)
            && line.EndsWith(">>>", StringComparison.Ordinal) && HasDate(line);
    }

    /// <summary>The line without quote marks, dashes, stars and space around it.</summary>
    public static ReadOnlySpan<char> Text(string line) => line.AsSpan().Trim(" \t\u00a0\u200b>|*_-–—");

    static int LengthFrom(string[] lower, int at, out int strength)
    {
        strength = 0;
        var first = Text(lower[at]);
        if (first.IsEmpty || first.Length > MaxCharacters) return 0;
        if (IsRuled(lower[at], first) || IsArrowed(lower[at])) return 1;
        strength = StartsWithIntro(first) ? 3 : StartsWithDate(first) ? 2 : StartsWithName(first) ? 1 : 0;
        if (strength == 0) return 0;
        var joined = first.ToString();
        for (var taken = 1; ; taken++)
        {
            if (IsWhole(joined, strength, taken, lower, at)) return taken;
            var next = at + taken;
            if (taken == MaxLines || next >= lower.Length) return 0;
            var more = Text(lower[next]);
            if (more.IsEmpty && !FoldsOn(lower, next)) return 0;
            if (more.Length + joined.Length > MaxCharacters) return 0;
            joined = more.IsEmpty ? joined : $"{joined} {more}";
        }
    }

    // "---- Ann Example wrote ----" stands between dashes without a date.
    static bool IsRuled(string line, ReadOnlySpan<char> core) =>
        line.StartsWith("---", StringComparison.Ordinal)
        && line.TrimEnd().EndsWith("---", StringComparison.Ordinal)
        && core.Length < MaxCharacters && EndsWithVerb(core);

    static bool IsWhole(string joined, int strength, int taken, string[] lower, int at)
    {
        var endsColon = joined[^1] is ':' or '：';
        var core = joined.AsSpan().TrimEnd(" \u00a0:：-–—*_\u200b");
        var endVerb = EndsWithVerb(core);
        if (!endVerb && !endsColon && taken > 1) return false;
        var hasDate = HasDate(joined);
        var hasAddress = joined.Contains('@') || joined.Contains("mailto:");
        if (!hasDate && !hasAddress) return false;
        var innerVerb = endsColon && HasInnerVerb(joined);
        var closedAddress = endsColon && hasAddress && core.Length > 0 && core[^1] is '>' or ')';
        return strength switch
        {
            3 => (endVerb && (hasDate || endsColon)) || (hasDate && (innerVerb || closedAddress))
                || (closedAddress && joined.StartsWith("quoting", StringComparison.Ordinal))
                || (taken == 1 && hasDate && IsDateOnly(core) && NextIsQuote(lower, at + 1)),
            2 => endVerb || (hasAddress && (endsColon || innerVerb))
                || (taken == 1 && IsDatedName(joined) && NextIsBlank(lower, at + 1)),
            _ => hasAddress && (endVerb || (innerVerb && hasDate)),
        };
    }

    static bool StartsWithIntro(ReadOnlySpan<char> line)
    {
        foreach (var word in ReplyWords.Intro)
        {
            if (!line.StartsWith(word, StringComparison.Ordinal) || line.Length == word.Length) continue;
            if (!char.IsLetter(line[word.Length])) return true;
        }

        return false;
    }

    static bool StartsWithDate(ReadOnlySpan<char> line) =>
        line[..Math.Min(DateWithin, line.Length)].IndexOfAnyInRange('0', '9') >= 0 && HasDate(line);

    static bool StartsWithName(ReadOnlySpan<char> line)
    {
        var address = line.IndexOfAny('@', '<');
        if (address <= 0) return false;
        var space = line.IndexOf(' ');
        return space > 0 && space < address;
    }

    static bool HasDate(ReadOnlySpan<char> text)
    {
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                if (digits is 1 or 2 && text[i] is ':' or '/' && i + 1 < text.Length
                    && char.IsAsciiDigit(text[i + 1])) return true;
                digits = 0;
                continue;
            }

            digits++;
            var opensWord = i < 4 || !char.IsLetterOrDigit(text[i - 4]);
            if (digits == 4 && text[i - 3] is '1' or '2' && opensWord) return true;
        }

        return text.IndexOfAnyInRange('0', '9') >= 0 && HasMonth(text);
    }

    static bool HasMonth(ReadOnlySpan<char> text)
    {
        foreach (var month in ReplyWords.Months)
        {
            var at = text.IndexOf(month, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && !char.IsLetter(text[at - 1]))) return true;
        }

        return false;
    }

    static bool EndsWithVerb(ReadOnlySpan<char> core)
    {
        foreach (var verb in ReplyWords.Wrote)
        {
            if (!core.EndsWith(verb, StringComparison.Ordinal)) continue;
            var before = core.Length - verb.Length - 1;
            if (before < 0) return false;
            // "<ann@example.com>wrote" lacks the space; scripts without spaces never have one.
            if (!char.IsAsciiLetter(core[before])) return true;
        }

        return false;
    }

    static bool HasInnerVerb(string joined)
    {
        foreach (var verb in InnerVerbs)
        {
            var at = joined.IndexOf(verb, StringComparison.Ordinal);
            if (at > 0 && joined[at - 1] == ' ' && (verb != "wrote" || joined[^2] is '>')) return true;
        }

        return false;
    }

    static bool IsDateOnly(ReadOnlySpan<char> core) =>
        core.Length is > 12 and < 60 && core.Contains(':') && char.IsAsciiDigit(core[^1]);

    static bool IsDatedName(string joined) =>
        char.IsAsciiDigit(joined[0])
        && ((joined.Contains('<') && joined.Contains('@')) || joined.Contains(" gmt"));

    static bool FoldsOn(string[] lower, int blank) =>
        blank + 1 < lower.Length && lower[blank + 1].TrimStart() is ['<', ..];

    static bool NextIsBlank(string[] lower, int next) =>
        next >= lower.Length || string.IsNullOrWhiteSpace(lower[next]);

    static bool NextIsQuote(string[] lower, int next)
    {
        while (next < lower.Length && string.IsNullOrWhiteSpace(lower[next])) next++;
        return next < lower.Length && lower[next].TrimStart() is ['>', ..];
    }
}
