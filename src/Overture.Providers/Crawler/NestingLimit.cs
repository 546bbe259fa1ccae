using System.Text;

namespace Overture.Providers.Crawler;

/// <summary>
/// Refuses pages that leave thousands of elements open. Building the tree of such a page takes time that
/// grows with the square of its depth, so the check comes before and is one pass over the bytes.
/// </summary>
static class NestingLimit
{
    const int MaxOpenElements = 2000;
    const int MaxNameBytes = 40;

    // Elements that have no end tag, or whose end tag is commonly left out.
    static readonly HashSet<string> Unclosed = new(StringComparer.Ordinal)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
        "track", "wbr", "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody",
        "tfoot", "colgroup",
    };

    /// <exception cref="MalformedAnswerException">Too many elements are open at once.</exception>
    public static void Check(ReadOnlySpan<byte> page)
    {
        Dictionary<string, int> open = new(StringComparer.Ordinal);
        var total = 0;
        for (var at = page.IndexOf((byte)'<'); at >= 0 && at < page.Length - 1;)
        {
            var isEnd = page[at + 1] == '/';
            var name = NameAt(page[(at + (isEnd ? 2 : 1))..]);
            var end = page[at..].IndexOf((byte)'>') is var found and >= 0 ? at + found : page.Length - 1;
            if (name.Length > 0 && !Unclosed.Contains(name))
            {
                var count = open.GetValueOrDefault(name);
                if (isEnd && count > 0) (open[name], total) = (count - 1, total - 1);
                else if (!isEnd && page[end - 1] != '/') (open[name], total) = (count + 1, total + 1);
                if (total > MaxOpenElements)
                    throw new MalformedAnswerException(
                        $"the page nests more than {MaxOpenElements} elements");
            }

            // A script is text: what looks like a tag in it is none.
            if (!isEnd && name is "script" or "style") end = EndOf(page, name, end);
            at = page[end..].IndexOf((byte)'<') is var next and >= 0 ? end + next : -1;
        }
    }

    static string NameAt(ReadOnlySpan<byte> tag)
    {
        var length = 0;
        while (length < Math.Min(tag.Length, MaxNameBytes)
            && char.IsAsciiLetterOrDigit((char)tag[length])) length++;
        return length == 0 ? "" : Encoding.ASCII.GetString(tag[..length]).ToLowerInvariant();
    }

    static int EndOf(ReadOnlySpan<byte> page, string name, int from)
    {
        var mark = Encoding.ASCII.GetBytes("</" + name);
        return page[from..].IndexOf(mark) is var found and > 0 ? from + found : from;
    }
}
