using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace Overture.Mail;

/// <summary>HTML to readable plain text, in linear time whatever the input.</summary>
public static class HtmlText
{
    const int MaxCharacters = 4 * 1024 * 1024;

    static readonly FrozenSet<string> Skipped = FrozenSet.ToFrozenSet(
        ["script", "style", "title", "xmp", "noembed", "noframes", "iframe", "object", "svg", "textarea",
         "select"]);

    static readonly FrozenSet<string> Void = FrozenSet.ToFrozenSet(
        ["br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "wbr", "source",
         "track", "!"]);

    static readonly FrozenSet<string> Lines = FrozenSet.ToFrozenSet(
        ["div", "tr", "li", "dt", "dd", "address", "article", "aside", "section", "header", "footer", "main",
         "nav", "figure", "figcaption", "form", "fieldset", "center", "body", "caption", "legend", "tbody",
         "thead", "option"]);

    static readonly FrozenSet<string> Paragraphs = FrozenSet.ToFrozenSet(
        ["p", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "table", "blockquote", "pre", "hr"]);

    /// <summary>
    /// Paragraphs and list items become lines, links keep their address in parentheses, quotations begin with
    /// `> ` on each line, table cells are set apart by two spaces. Hidden elements, scripts and styles are
    /// left out.
    /// </summary>
    /// <param name="html">A page or a fragment; at most its first four million characters are read.</param>
    /// <returns>Lines ended by \n, without white space at the end.</returns>
    public static string FromHtml(string html)
    {
        var tags = new HtmlTags(html.AsSpan(0, Math.Min(html.Length, MaxCharacters)));
        var page = new Page();
        while (tags.Next(out var text, out var tag))
        {
            page.Text(text);
            if (tag.Name.Length == 0) continue;
            if (Skipped.Contains(tag.Name) && !tag.Closing) tags.SkipElement(tag.Name);
            else page.Tag(tag);
        }

        return page.Lines.ToString();
    }

    /// <summary>Where the walk stands: what is hidden, which link and lists are open.</summary>
    sealed class Page
    {
        const int MaxLists = 50;
        const int MaxLinkLength = 500;

        readonly List<int> lists = [];
        string? link;
        int linkStart;
        string hiddenBy = "";
        int hiddenDepth;

        public TextLines Lines { get; } = new();

        public void Text(ReadOnlySpan<char> text)
        {
            if (hiddenDepth > 0 || text.IsEmpty) return;
            if (text.Contains('&')) text = WebUtility.HtmlDecode(text.ToString());
            Lines.Append(text);
        }

        public void Tag(HtmlTag tag)
        {
            if (Hides(tag)) return;
            if (tag is { Closing: true, Name: "li" or "ul" or "ol" }) Lines.EndMark();
            if (HtmlText.Lines.Contains(tag.Name)) Lines.Break();
            if (Paragraphs.Contains(tag.Name)) Lines.Paragraph();
            switch (tag.Name)
            {
                case "br": Lines.NewLine(); break;
                case "hr": Lines.Append("---"); Lines.Paragraph(); break;
                case "li" when !tag.Closing: Item(); break;
                case "td" or "th" when !tag.Closing: Lines.Cell(); break;
                case "ul" or "ol": List(tag); break;
                case "blockquote": Lines.Quote(tag.Closing ? -1 : 1); break;
                case "pre": Lines.Preformatted = !tag.Closing; break;
                case "a": Link(tag); break;
                case "img" when tag.Attribute("alt") is { Length: > 0 } alt: Lines.Append(alt); break;
            }
        }

        /// <summary>An element that is not shown hides all until its end tag.</summary>
        bool Hides(HtmlTag tag)
        {
            if (hiddenDepth > 0)
            {
                if (tag.Name == hiddenBy) hiddenDepth += tag.Closing ? -1 : 1;
                return true;
            }

            if (tag.Closing || Void.Contains(tag.Name) || !IsHidden(tag)) return false;
            (hiddenBy, hiddenDepth) = (tag.Name, 1);
            return true;
        }

        static bool IsHidden(HtmlTag tag)
        {
            if (tag.Name == "template") return true;
            if (!tag.Attributes.Contains("display", StringComparison.OrdinalIgnoreCase)) return false;
            var style = tag.Attribute("style");
            var plain = style?.Replace(" ", "", StringComparison.Ordinal);
            return plain is not null && plain.Contains("display:none", StringComparison.OrdinalIgnoreCase);
        }

        /// <summary>A list inside a list follows its item without an empty line.</summary>
        void List(HtmlTag tag)
        {
            if (tag.Closing && lists.Count > 0) lists.RemoveAt(lists.Count - 1);
            if (lists.Count > 0) Lines.Break();
            else Lines.Paragraph();
            if (!tag.Closing && lists.Count < MaxLists) lists.Add(tag.Name == "ul" ? -1 : 0);
        }

        void Item()
        {
            var indent = new string(' ', 2 * Math.Max(0, lists.Count - 1));
            if (lists.Count == 0 || lists[^1] < 0) Lines.AppendMark(indent + "- ");
            else Lines.AppendMark(indent + (++lists[^1]).ToString(CultureInfo.InvariantCulture) + ". ");
        }

        void Link(HtmlTag tag)
        {
            if (link is not null) CloseLink(link);
            link = tag.Closing ? null : tag.Attribute("href")?.Trim();
            linkStart = Lines.Length;
        }

        /// <summary>The address stands behind the words of the link, unless they are the address.</summary>
        void CloseLink(string address)
        {
            var isMail = address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase);
            var shown = isMail ? address[7..] : address;
            var isAddress = isMail
                || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
            if (!isAddress || address.Length > MaxLinkLength) return;
            var words = Lines.Since(linkStart).Trim(' ', '\n', '>');
            if (words.Length == 0 || Bare(words).Equals(Bare(shown), StringComparison.OrdinalIgnoreCase))
                return;
            Lines.Attach($" ({shown})");
        }

        static ReadOnlySpan<char> Bare(ReadOnlySpan<char> address)
        {
            var scheme = address.IndexOf("://");
            if (scheme >= 0) address = address[(scheme + 3)..];
            return address.TrimEnd('/');
        }
    }
}
