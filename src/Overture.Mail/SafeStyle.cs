using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Overture.Mail;

/// <summary>Keeps of a style attribute the declarations that change looks inside their own box.</summary>
static class SafeStyle
{
    const int MaxLength = 4_000;

    static readonly FrozenSet<string> Properties = FrozenSet.ToFrozenSet(
        ["color", "background-color", "font", "font-family", "font-size", "font-style", "font-weight",
         "font-variant", "line-height", "letter-spacing", "text-align", "text-decoration", "text-indent",
         "text-transform", "vertical-align", "white-space", "word-break", "word-wrap", "overflow-wrap",
         "direction", "display", "width", "max-width", "min-width", "height", "max-height", "min-height",
         "padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "margin", "margin-top",
         "margin-right", "margin-bottom", "margin-left", "border", "border-top", "border-right",
         "border-bottom", "border-left", "border-color", "border-style", "border-width", "border-radius",
         "border-collapse", "border-spacing", "list-style-type"]);

    /// <summary>
    /// Letters, numbers and signs of plain values: no function that loads, no escapes, no comments.
    /// </summary>
    static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 #%.,-+!'\"()_");

    public static string Of(string style)
    {
        var kept = new StringBuilder();
        var text = style.AsSpan(0, Math.Min(style.Length, MaxLength));
        foreach (var range in text.Split(';'))
        {
            var declaration = text[range];
            var colon = declaration.IndexOf(':');
            if (colon <= 0) continue;
            var name = declaration[..colon].Trim().ToString().ToLowerInvariant();
            var value = declaration[(colon + 1)..].Trim();
            if (!Properties.Contains(name) || !IsPlain(value)) continue;

            // A negative margin could lay the message over our own page.
            if (name.StartsWith("margin", StringComparison.Ordinal) && value.Contains('-')) continue;
            kept.Append(name).Append(": ").Append(value).Append("; ");
        }

        return kept.ToString().TrimEnd();
    }

    static bool IsPlain(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty || value.ContainsAnyExcept(Plain)) return false;
        var open = value.IndexOf('(');
        if (open < 0) return true;
        if (value.Count('(') > 1) return false;
        return value.StartsWith("rgb(", StringComparison.OrdinalIgnoreCase)
            || value.StartsWith("rgba(", StringComparison.OrdinalIgnoreCase)
            || value.StartsWith("hsl(", StringComparison.OrdinalIgnoreCase);
    }
}
