using System.Globalization;
using System.Xml.Linq;

namespace Overture.Providers.SecEdgar;

/// <summary>Reading XML that may lack anything: every step from nothing gives nothing.</summary>
static class FormDXml
{
    public static XElement? Child(this XElement? parent, string name) =>
        parent?.Elements().FirstOrDefault(element => element.Name.LocalName == name);

    public static IEnumerable<XElement> Children(this XElement? parent, string name) =>
        parent?.Elements().Where(element => element.Name.LocalName == name) ?? [];

    /// <summary>The child's text without outer blanks and line breaks; null when absent or empty.</summary>
    public static string? Text(this XElement? parent, string name) => Clean(parent.Child(name));

    public static string[] Texts(this XElement? parent, string name) =>
        [.. parent.Children(name).Select(Clean).OfType<string>()];

    public static bool? Flag(this XElement? parent, string name) =>
        parent.Text(name)?.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => null,
    };

    /// <summary>Dollars; null for words such as "Indefinite".</summary>
    public static decimal? Money(this XElement? parent, string name) => decimal.TryParse(
        parent.Text(name)?.Replace("$", "", StringComparison.Ordinal), NumberStyles.Number,
        CultureInfo.InvariantCulture, out var amount)
        ? amount
        : null;

    public static long? Whole(this XElement? parent, string name) =>
        parent.Money(name) is { } number and >= 0 and <= long.MaxValue ? (long)number : null;

    public static DateOnly? Date(this XElement? parent, string name)
    {
        if (parent.Text(name) is not { } text) return null;
        // Some old files carry a time zone behind the date.
        var day = text.Length > 10 ? text[..10] : text;
        return DateOnly.TryParseExact(
            day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : null;
    }

    static string? Clean(XElement? element)
    {
        if (element is null) return null;
        var text = string.Join(
            ' ', element.Value.Split(
                (char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return text.Length == 0 ? null : text;
    }
}
