namespace Overture.Mail.Inbound;

/// <summary>
/// A phrase looked for in a line or a text, ignoring case: '*' stands for any run of characters, a
/// leading '^' and a closing '$' tie it to the ends. Matching is linear and never backtracks, so hostile
/// text cannot slow it.
/// </summary>
sealed class Phrase
{
    readonly string[] pieces;
    readonly bool atStart;
    readonly bool atEnd;

    Phrase(string[] pieces, bool atStart, bool atEnd) =>
        (this.pieces, this.atStart, this.atEnd) = (pieces, atStart, atEnd);

    /// <summary>Reads the written form, for example <c>^user * does not exist</c>.</summary>
    public static Phrase Parse(string written)
    {
        var opens = written.StartsWith('^');
        var closes = written.Length > 1 && written.EndsWith('$');
        var core = written[(opens ? 1 : 0)..(closes ? ^1 : ^0)].ToLowerInvariant();
        return new Phrase(core.Split('*'), opens, closes);
    }

    /// <summary>True when the text, already in lower case, holds the phrase.</summary>
    public bool In(ReadOnlySpan<char> lower)
    {
        var rest = lower;
        if (atStart)
        {
            if (!rest.StartsWith(pieces[0], StringComparison.Ordinal)) return false;
            if (pieces.Length == 1) return !atEnd || rest.Length == pieces[0].Length;
            rest = rest[pieces[0].Length..];
        }

        var last = atEnd ? pieces.Length - 1 : pieces.Length;
        for (var i = atStart ? 1 : 0; i < last; i++)
        {
            var at = rest.IndexOf(pieces[i], StringComparison.Ordinal);
            if (at < 0) return false;
            rest = rest[(at + pieces[i].Length)..];
        }

        return !atEnd || rest.EndsWith(pieces[^1], StringComparison.Ordinal);
    }
}
