namespace Overture.Mail.Inbound;

/// <summary>
/// Recognises what mail programs put above a quoted original without quote marks: a block of
/// "From: / Sent: / To: / Subject:" lines in many languages, or "-----Original Message-----".
/// </summary>
static class HeaderBlock
{
    const int MaxLines = 14;
    const int MaxNameCharacters = 24;
    const int MaxFolds = 3;

    /// <summary>The number of lines of the block that starts at this line; 0 when none starts here.</summary>
    /// <param name="lower">The lines of the text in lower case.</param>
    /// <param name="at">The line asked about.</param>
    public static int LengthAt(string[] lower, int at)
    {
        if (RoleOf(lower[at]) is not { } first || first is HeaderRole.Cc) return 0;
        var roles = 1 << (int)first;
        var hasAddress = lower[at].Contains('@');
        var end = at + 1;
        var folds = 0;
        for (var i = at + 1; i < lower.Length && i < at + MaxLines; i++)
        {
            if (string.IsNullOrWhiteSpace(lower[i]))
            {
                if (i + 1 >= lower.Length || RoleOf(lower[i + 1]) is null) break;
                continue;
            }

            if (RoleOf(lower[i]) is { } role) (roles, folds, end) = (roles | (1 << (int)role), 0, i + 1);
            else if (++folds > MaxFolds) break;
            hasAddress |= lower[i].Contains('@');
        }

        return IsBlock(roles, hasAddress) || IsOneLine(lower, at, first) ? end - at : 0;
    }

    /// <summary>True for "-----Original Message-----" and its translations.</summary>
    public static bool IsOriginal(string lower) =>
        HasRuled(lower, ReplyWords.Original);

    /// <summary>True for the line that opens a forwarded message.</summary>
    public static bool IsForwarded(string lower) =>
        HasRuled(lower, ReplyWords.Forwarded) || lower.Trim() is "begin forwarded message:";

    static HeaderRole? RoleOf(string line)
    {
        var text = line.AsSpan().TrimStart(" \t\u00a0>|*_-#");
        var colon = text.IndexOfAny(':', '：');
        if (colon <= 0 || colon > MaxNameCharacters) return null;
        var name = text[..colon].Trim(" \t\u00a0*_").ToString();
        if (colon + 1 < text.Length && text[colon + 1] == '/') return null;
        return ReplyWords.HeaderNames.TryGetValue(name, out var role) ? role : null;
    }

    static bool IsBlock(int roles, bool hasAddress)
    {
        const int FromOrTo = (1 << (int)HeaderRole.From) | (1 << (int)HeaderRole.To);
        var count = int.PopCount(roles);
        if ((roles & FromOrTo) == 0) return false;
        return count >= 3 || (count == 2 && (hasAddress || HasFromAndDate(roles)));
    }

    static bool HasFromAndDate(int roles) =>
        (roles & (1 << (int)HeaderRole.From)) != 0 && (roles & (1 << (int)HeaderRole.Date)) != 0;

    // "From: Ann <ann@example.com>" alone, or with its date on the same line, between blank lines.
    static bool IsOneLine(string[] lower, int at, HeaderRole role)
    {
        if (role != HeaderRole.From || !lower[at].Contains('@')) return false;
        if (at > 0 && !string.IsNullOrWhiteSpace(lower[at - 1])) return false;
        var text = lower[at].TrimEnd(' ', '*', '_');
        return text.EndsWith('>') || text.EndsWith(']') || text.Contains(" date:") || text.Contains("sent:");
    }

    static bool HasRuled(string lower, string[] phrases)
    {
        if (lower.AsSpan().IndexOfAny('-', '_', '=') < 0 && lower.IndexOf('#') < 0) return false;
        foreach (var phrase in phrases)
        {
            var at = lower.IndexOf(phrase, StringComparison.Ordinal);
            if (at < 0) continue;
            var before = lower.AsSpan(0, at).TrimEnd(" *");
            var after = lower.AsSpan(at + phrase.Length).TrimStart(" *:");
            if (before is [.., '-' or '_' or '=' or '#'] && after is [] or ['-' or '_' or '=' or '#', ..])
                return true;
        }

        return false;
    }
}
