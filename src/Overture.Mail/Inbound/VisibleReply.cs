using System.Text;

namespace Overture.Mail.Inbound;

/// <summary>
/// Takes from a reply what its writer wrote now: without the quoted original, its header lines,
/// forwarding rules, signature, mobile footer and legal footer. Runs in linear time on any input.
/// </summary>
/// <remarks>
/// Quoting follows RFC 3676 (leading '>') and the habits of mail programs in about thirty languages.
/// Interleaved answers keep the quotes they answer. A forwarded message is content of its own and stays.
/// </remarks>
public static class VisibleReply
{
    const int MaxCharacters = 1_000_000;
    const int MaxLineCharacters = 2_000;
    const int EnoughQuotes = 3;

    /// <summary>The new text of a plain text body; empty when the writer added nothing.</summary>
    /// <param name="text">
    /// The decoded body, with any line ends; at most its first million characters are read.
    /// </param>
    public static string From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxCharacters) text = text[..MaxCharacters];
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var kinds = Mark(lines, out var quotesOnly);
        if (quotesOnly) return text.Trim();
        if (IsInterleaved(lines, kinds)) KeepInnerQuotes(kinds);
        else HideGaps(lines, kinds);
        Signature.Hide(lines, kinds);
        return Join(lines, kinds);
    }

    /// <summary>The new text of an HTML body, as plain text.</summary>
    /// <param name="html">The decoded HTML body.</param>
    public static string FromHtml(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        return From(ReplyHtml.ToText(html));
    }

    static LineKind[] Mark(string[] lines, out bool quotesOnly)
    {
        var lower = Array.ConvertAll(lines, Lower);
        var kinds = new LineKind[lines.Length];
        var hasText = false;
        var hasHeader = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!QuoteHeader.IsArrowed(lower[i]) && IsQuote(lines, i, kinds)) kinds[i] = LineKind.Quote;
            else if (string.IsNullOrWhiteSpace(lines[i])) kinds[i] = LineKind.Text;
            else if (HeaderBlock.IsForwarded(lower[i])) break;
            else if (SplitInside(lines, lower, i))
            {
                Hide(kinds, i + 1, kinds.Length);
                (hasText, hasHeader) = (true, true);
                break;
            }
            else if (HeaderAt(lower, i, out var isBlock) is > 0 and var length)
            {
                hasHeader = true;
                Hide(kinds, i, i + length);
                HideRuleAbove(lines, kinds, i);
                i += length - 1;
                if (NextIsQuote(lines, i + 1) || (!hasText && !isBlock)) continue;
                Hide(kinds, i + 1, kinds.Length);
                break;
            }
            else hasText = true;
        }

        quotesOnly = !hasText && !hasHeader;
        if (!hasHeader && IsCasual(lower, kinds)) Array.Fill(kinds, LineKind.Text);
        return kinds;
    }

    // Composed letters, so that "a écrit" is found however the accent was typed.
    static string Lower(string line)
    {
        var lower = (line.Length <= MaxLineCharacters ? line : line[..MaxLineCharacters]).ToLowerInvariant();
        if (!lower.AsSpan().ContainsAnyInRange('\u0300', '\u036f')) return lower;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(lower)).Normalize();
    }

    static int HeaderAt(string[] lower, int at, out bool isBlock)
    {
        isBlock = true;
        if (HeaderBlock.IsOriginal(lower[at])) return 1;
        var block = HeaderBlock.LengthAt(lower, at);
        if (block > 0) return block;
        isBlock = false;
        return QuoteHeader.LengthAt(lower, at);
    }

    // A line without a quote mark between two quoted lines is the tail of a line the mail program wrapped.
    static bool IsQuote(string[] lines, int at, LineKind[] kinds) =>
        HasQuoteMark(lines[at])
        || (at > 0 && at + 1 < lines.Length && kinds[at - 1] == LineKind.Quote && HasQuoteMark(lines[at - 1])
            && !string.IsNullOrWhiteSpace(lines[at]) && HasQuoteMark(lines[at + 1]));

    static bool HasQuoteMark(string line)
    {
        var text = line.AsSpan().TrimStart();
        if (text.IsEmpty) return false;
        if (text[0] == '>') return true;
        var mark = text.IndexOf('>');
        return mark is > 0 and < 4 && text[..mark].IndexOfAnyExceptInRange('A', 'Z') < 0;
    }

    // "my answer--- On 3 May Ann wrote:" shares its line with the quote header.
    static bool SplitInside(string[] lines, string[] lower, int at)
    {
        var rule = lower[at].IndexOf("--- ", StringComparison.Ordinal);
        if (rule <= 0 || !QuoteHeader.Is(lower[at][(rule + 4)..])) return false;
        var own = lines[at][..rule].TrimEnd('-', ' ');
        if (own.Length == 0) return false;
        lines[at] = own;
        return true;
    }

    static void HideRuleAbove(string[] lines, LineKind[] kinds, int header)
    {
        for (var i = header - 1; i >= 0 && kinds[i] == LineKind.Text; i--)
        {
            if (!Signature.IsRule(lines[i])) return;
            kinds[i] = LineKind.Hidden;
        }
    }

    static bool NextIsQuote(string[] lines, int next)
    {
        while (next < lines.Length && string.IsNullOrWhiteSpace(lines[next])) next++;
        return next < lines.Length && HasQuoteMark(lines[next]);
    }

    static bool IsInterleaved(string[] lines, LineKind[] kinds)
    {
        var (quoted, answered) = (false, false);
        for (var i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] == LineKind.Quote && answered) return true;
            if (kinds[i] == LineKind.Quote) quoted = true;
            else if (kinds[i] == LineKind.Text && quoted && !Signature.IsRule(lines[i])
                && string.IsNullOrWhiteSpace(lines[i - 1])) answered = true;
        }

        return false;
    }

    static void KeepInnerQuotes(LineKind[] kinds)
    {
        var last = Array.FindLastIndex(kinds, k => k == LineKind.Quote);
        while (last >= 0 && kinds[last] != LineKind.Text) last--;
        // Blank lines count as text, so step over the trailing block of quotes and its gaps.
        for (var i = 0; i <= last; i++)
        {
            if (kinds[i] == LineKind.Quote) kinds[i] = LineKind.Text;
        }
    }

    // A line or two with '>' and no quote header are the writer's own ornament.
    static bool IsCasual(string[] lower, LineKind[] kinds)
    {
        var quoted = 0;
        for (var i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] != LineKind.Quote) continue;
            if (++quoted >= EnoughQuotes || QuoteHeader.LengthAt(lower, i) > 0) return false;
        }

        return quoted > 0;
    }

    // The empty lines behind a hidden quote belong to it.
    static void HideGaps(string[] lines, LineKind[] kinds)
    {
        for (var i = 1; i < kinds.Length; i++)
        {
            if (kinds[i] == LineKind.Text && kinds[i - 1] != LineKind.Text
                && string.IsNullOrWhiteSpace(lines[i]))
                kinds[i] = LineKind.Hidden;
        }
    }

    static void Hide(LineKind[] kinds, int from, int to)
    {
        for (var i = from; i < to && i < kinds.Length; i++) kinds[i] = LineKind.Hidden;
    }

    static string Join(string[] lines, LineKind[] kinds)
    {
        var shown = lines.Where((_, i) => kinds[i] == LineKind.Text).Select(l => l.TrimEnd());
        return string.Join('\n', shown).Trim('\n', ' ', '\t', '\u00a0', '\u200b', '\ufeff');
    }
}

/// <summary>What a line of a reply is.</summary>
enum LineKind
{
    Text,
    Quote,
    Hidden,
}
