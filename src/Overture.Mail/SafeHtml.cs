using System.Collections.Frozen;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Overture.Mail;

/// <summary>
/// Makes HTML of strangers safe to show inside our own page. The document is parsed as browsers do (WHATWG
/// HTML)
/// and written anew from allow-lists, so that nothing passes that is not named here.
/// </summary>
public static class SafeHtml
{
    const int MaxCharacters = 1024 * 1024;
    const int MaxTags = 50_000;
    const int MaxOpenTags = 400;
    const int MaxRebuiltTags = 300_000;

    /// <summary>Elements that a browser opens anew in each block while they are not closed.</summary>
    static readonly FrozenSet<string> Formatting = FrozenSet.ToFrozenSet(
        ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]);

    static readonly FrozenSet<string> Elements = FrozenSet.ToFrozenSet(
        ["a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite",
         "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
         "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
         "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td",
         "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var"]);

    /// <summary>
    /// Elements that go with all they hold; every other unknown element only loses its tags.
    /// </summary>
    static readonly FrozenSet<string> Dropped = FrozenSet.ToFrozenSet(
        ["script", "style", "title", "head", "iframe", "frame", "frameset", "object", "embed", "applet",
         "svg", "math", "template", "textarea", "select", "button", "input", "audio", "video", "canvas",
         "link", "meta", "base", "noembed", "noframes", "xmp", "plaintext", "portal", "dialog"]);

    static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet(
        ["align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "cite", "color", "colspan",
         "dir", "face", "height", "lang", "rowspan", "size", "span", "start", "title", "type", "valign",
         "value", "width"]);

    static readonly FrozenSet<string> Void = FrozenSet.ToFrozenSet(["br", "col", "hr", "img"]);

    /// <summary>
    /// The body of the page as a fragment without scripts, event handlers, forms, style sheets and remote
    /// content.
    /// Links lead to http, https and mailto only and open without reference to us.
    /// </summary>
    /// <param name="html">A page or a fragment; at most its first million characters are read.</param>
    /// <param name="picture">
    /// Gives the address of the picture with this Content-ID, as our own path or a `data:` URI; null leaves
    /// it out.
    /// Remote pictures are always replaced by their description.
    /// </param>
    /// <returns>
    /// A fragment in which every element is closed. Markup too deep or too long comes back as plain text.
    /// </returns>
    public static string Sanitise(string html, Func<string, string?>? picture = null)
    {
        if (html.Length > MaxCharacters) html = html[..MaxCharacters];
        if (IsExcessive(html)) return $"<pre>{WebUtility.HtmlEncode(HtmlText.FromHtml(html))}</pre>";
        using var document = new HtmlParser().ParseDocument(html);
        var written = new StringBuilder(html.Length);
        if (document.Body is { } body) Write(body, written, picture ?? (static _ => null));
        return written.ToString();
    }

    /// <summary>
    /// Deep and endless markup costs a tree builder time that grows faster than its length.
    /// </summary>
    static bool IsExcessive(string html)
    {
        var tags = new HtmlTags(html);
        var open = new List<string>();
        var (count, formatting, rebuilt) = (0, 0, 0);
        while (tags.Next(out _, out var tag))
        {
            if (tag.Name is "" or "!") continue;
            if (Formatting.Contains(tag.Name)) formatting = Math.Max(0, formatting + (tag.Closing ? -1 : 1));
            if (!tag.Closing && !IsLeftOpen(tag.Name)) open.Add(tag.Name);
            if (tag.Closing && open.LastIndexOf(tag.Name) is var start and >= 0)
                open.RemoveRange(start, open.Count - start);
            rebuilt += formatting;
            if (++count > MaxTags || open.Count > MaxOpenTags || rebuilt > MaxRebuiltTags) return true;
        }

        return false;
    }

    /// <summary>Elements without an end tag, or whose end tag honest pages leave out.</summary>
    static bool IsLeftOpen(string name) => Void.Contains(name)
        || name is "meta" or "link" or "input" or "p" or "li" or "td" or "th" or "tr" or "dd" or "dt"
            or "option";

    /// <summary>
    /// Children are taken by their number, since finding a next sibling costs a search each time.
    /// </summary>
    static void Write(IElement body, StringBuilder written, Func<string, string?> picture)
    {
        var open = new Stack<(INode Node, int Next)>([(body, 0)]);
        while (open.TryPop(out var at))
        {
            if (at.Next == at.Node.ChildNodes.Length)
            {
                if (at.Node != body) Close(at.Node, written);
                continue;
            }

            open.Push((at.Node, at.Next + 1));
            var child = at.Node.ChildNodes[at.Next];
            if (Open(child, written, picture)) open.Push((child, 0));
        }
    }

    /// <summary>Writes text or a start tag; tells whether the children are to be written.</summary>
    static bool Open(INode node, StringBuilder written, Func<string, string?> picture)
    {
        if (node is IText text) written.Append(WebUtility.HtmlEncode(text.Data));
        if (node is not IElement element || IsDropped(node)) return false;
        if (!IsWritten(element)) return true;
        if (element.LocalName == "img")
        {
            WritePicture(element, written, picture);
            return false;
        }

        written.Append('<').Append(element.LocalName);
        WriteAttributes(element, written);
        if (element.LocalName == "a") WriteLink(element, written);
        written.Append('>');
        return true;
    }

    static void Close(INode node, StringBuilder written)
    {
        if (node is IElement element && IsWritten(element) && !Void.Contains(element.LocalName))
            written.Append("</").Append(element.LocalName).Append('>');
    }

    static bool IsWritten(IElement element) => Elements.Contains(element.LocalName) && IsHtml(element);

    static bool IsDropped(INode node) =>
        node is IElement element && (Dropped.Contains(element.LocalName) || !IsHtml(element));

    static bool IsHtml(IElement element) => element.NamespaceUri is null or "http://www.w3.org/1999/xhtml";

    static void WriteAttributes(IElement element, StringBuilder written)
    {
        foreach (var attribute in element.Attributes)
        {
            if (attribute.LocalName == "style")
                WriteAttribute("style", SafeStyle.Of(attribute.Value), written);
            else if (attribute.LocalName == "cite") continue;
            else if (Attributes.Contains(attribute.LocalName))
                WriteAttribute(attribute.LocalName, attribute.Value, written);
        }
    }

    static void WriteAttribute(string name, string value, StringBuilder written)
    {
        if (value.Length > 0 || name == "alt")
            written.Append(' ').Append(name).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
    }

    static void WriteLink(IElement link, StringBuilder written)
    {
        var address = link.GetAttribute("href")?.Trim();
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return;
        if (uri.Scheme is not ("http" or "https" or "mailto")) return;
        WriteAttribute("href", uri.AbsoluteUri, written);
        written.Append(" target=\"_blank\" rel=\"noopener noreferrer nofollow\"");
    }

    static void WritePicture(IElement image, StringBuilder written, Func<string, string?> picture)
    {
        var source = image.GetAttribute("src")?.Trim() ?? "";
        var address = source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase)
            ? picture(Uri.UnescapeDataString(source[4..]))
            : IsPictureData(source) ? source : null;
        if (address is null)
        {
            written.Append(WebUtility.HtmlEncode(image.GetAttribute("alt") ?? ""));
            return;
        }

        written.Append("<img");
        WriteAttribute("src", address, written);
        WriteAttributes(image, written);
        written.Append('>');
    }

    /// <summary>Pictures of points only: SVG can hold scripts and links.</summary>
    static bool IsPictureData(string source) =>
        source.StartsWith("data:image/png;base64,", StringComparison.OrdinalIgnoreCase)
        || source.StartsWith("data:image/gif;base64,", StringComparison.OrdinalIgnoreCase)
        || source.StartsWith("data:image/jpeg;base64,", StringComparison.OrdinalIgnoreCase)
        || source.StartsWith("data:image/jpg;base64,", StringComparison.OrdinalIgnoreCase)
        || source.StartsWith("data:image/webp;base64,", StringComparison.OrdinalIgnoreCase);
}
