using System.Buffers;
using System.Net;

namespace Overture.Mail;

/// <summary>A tag as written: its name in lower case, and its attributes still as text.</summary>
readonly ref struct HtmlTag(string name, bool closing, ReadOnlySpan<char> attributes)
{
    public string Name => name;

    public bool Closing => closing;

    public ReadOnlySpan<char> Attributes { get; } = attributes;

    /// <summary>The decoded value of an attribute; null when absent.</summary>
    public string? Attribute(string wanted)
    {
        var rest = Attributes;
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n\f/");
            if (rest.IsEmpty) return null;
            var end = rest.IndexOfAny(HtmlSigns.EndOfAttribute);
            var found = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[Math.Max(end, 1)..].TrimStart(" \t\r\n\f");
            var value = rest.StartsWith('=') ? TakeValue(ref rest) : "";
            if (found.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return WebUtility.HtmlDecode(value.ToString());
        }
    }

    static ReadOnlySpan<char> TakeValue(ref ReadOnlySpan<char> rest)
    {
        rest = rest[1..].TrimStart(" \t\r\n\f");
        if (rest.IsEmpty) return rest;
        var quote = rest[0];
        if (quote is not ('"' or '\'')) return TakeBare(ref rest);
        rest = rest[1..];
        var close = rest.IndexOf(quote);
        var value = close < 0 ? rest : rest[..close];
        rest = close < 0 ? default : rest[(close + 1)..];
        return value;
    }

    static ReadOnlySpan<char> TakeBare(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(HtmlSigns.White);
        var value = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        return value;
    }
}

/// <summary>
/// Walks over HTML in one pass, each character looked at a bounded number of times, whatever the input. It
/// finds
/// text and tags only; it is not fit to decide what is safe.
/// </summary>
ref struct HtmlTags(ReadOnlySpan<char> html)
{
    const int MaxTagNameLength = 32;

    ReadOnlySpan<char> rest = html;
    bool quotesAreBroken;

    /// <summary>The text before the next tag, and the tag; an empty name at the end.</summary>
    public bool Next(out ReadOnlySpan<char> text, out HtmlTag tag)
    {
        text = default;
        tag = default;
        if (rest.IsEmpty) return false;
        var open = IndexOfTag(rest);
        if (open < 0)
        {
            text = rest;
            rest = default;
            tag = new HtmlTag("", closing: false, default);
            return true;
        }

        text = rest[..open];
        rest = rest[(open + 1)..];
        tag = Take();
        return true;
    }

    /// <summary>
    /// Skips to the end tag of an element whose content is not markup (script, style, title).
    /// </summary>
    public void SkipElement(string name)
    {
        var end = rest.IndexOf("</" + name, StringComparison.OrdinalIgnoreCase);
        rest = end < 0 ? default : rest[end..];
    }

    /// <summary>A less-than sign that a letter, a slash, an exclamation or a question mark follows.</summary>
    static int IndexOfTag(ReadOnlySpan<char> html)
    {
        for (var from = 0; from < html.Length;)
        {
            var found = html[from..].IndexOf('<');
            if (found < 0 || from + found + 1 >= html.Length) return -1;
            from += found + 1;
            if (char.IsAsciiLetter(html[from]) || html[from] is '/' or '!' or '?') return from - 1;
        }

        return -1;
    }

    HtmlTag Take()
    {
        if (rest.StartsWith("!--"))
        {
            SkipBehind("-->");
            return new HtmlTag("!", closing: false, default);
        }

        if (rest[0] is '!' or '?')
        {
            SkipBehind(">");
            return new HtmlTag("!", closing: false, default);
        }

        var closing = rest[0] == '/';
        if (closing) rest = rest[1..];
        var end = EndOfTag();
        var inner = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        var nameEnd = inner.IndexOfAny(HtmlSigns.EndOfName);
        var name = nameEnd < 0 ? inner : inner[..nameEnd];
        if (name.Length > MaxTagNameLength) name = name[..MaxTagNameLength];
        var attributes = nameEnd < 0 ? default : inner[nameEnd..];
        return new HtmlTag(name.ToString().ToLowerInvariant(), closing, attributes);
    }

    void SkipBehind(string mark)
    {
        var end = rest.IndexOf(mark, StringComparison.Ordinal);
        rest = end < 0 ? default : rest[(end + mark.Length)..];
    }

    /// <summary>
    /// The closing bracket outside of quotes; once a quote stays open, quotes count no more.
    /// </summary>
    int EndOfTag()
    {
        var at = 0;
        while (!quotesAreBroken && at < rest.Length)
        {
            var sign = rest[at..].IndexOfAny("\"'>");
            if (sign < 0) break;
            at += sign;
            if (rest[at] == '>') return at;
            var isValue = rest[..at].TrimEnd(" \t\r\n").EndsWith('=');
            if (!isValue)
            {
                at++;
                continue;
            }

            var close = rest[(at + 1)..].IndexOf(rest[at]);
            if (close < 0) quotesAreBroken = true;
            else at += close + 2;
        }

        return rest.IndexOf('>');
    }
}

static class HtmlSigns
{
    public static readonly SearchValues<char> White = SearchValues.Create(" \t\r\n\f");
    public static readonly SearchValues<char> EndOfName = SearchValues.Create(" \t\r\n\f/");
    public static readonly SearchValues<char> EndOfAttribute = SearchValues.Create("= \t\r\n\f/");
}
