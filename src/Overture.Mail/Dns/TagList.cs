using System.Diagnostics.CodeAnalysis;

namespace Overture.Mail.Dns;

/// <summary>
/// A list of tag=value pairs (RFC 6376 section 3.2), as in signatures, keys and DMARC records.
/// </summary>
sealed class TagList
{
    const int MostTags = 100;
    const int LongestList = 64 * 1024;

    readonly Dictionary<string, string> tags = new(StringComparer.Ordinal);

    TagList() { }

    /// <summary>The name of the first tag; versions must stand first in records.</summary>
    public string First { get; private set; } = "";

    public string? this[string name] => tags.GetValueOrDefault(name);

    /// <summary>Reads a list; null when it breaks the grammar or names a tag twice.</summary>
    public static TagList? Parse(string text)
    {
        if (text.Length > LongestList) return null;
        var list = new TagList();
        var parts = text.Split(';');
        if (parts.Length > MostTags) return null;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = TrimFws(parts[i]);
            if (part.Length == 0 && i == parts.Length - 1 && i > 0) break;
            var equals = part.IndexOf('=');
            if (equals <= 0) return null;
            var name = TrimFws(part[..equals]);
            if (!IsName(name) || !list.tags.TryAdd(name, TrimFws(part[(equals + 1)..]))) return null;
            if (i == 0) list.First = name;
        }

        return list;
    }

    /// <summary>The value of a tag with all white space taken out; null when the tag is missing.</summary>
    public string? Packed(string name) => this[name] is { } value ? Pack(value) : null;

    public bool TryGetNumber(string name, out long? number)
    {
        number = null;
        if (this[name] is not { } text) return true;
        if (text.Length is 0 or > 18 || !text.All(char.IsAsciiDigit)) return false;
        number = long.Parse(text);
        return true;
    }

    /// <summary>The field with the value of its b= tag taken out (RFC 6376 section 3.7).</summary>
    [SuppressMessage("Performance", "CA1845",
        Justification = "The pieces are few and short; plain text reads better.")]
    public static string WithoutSignature(string field)
    {
        var start = field.IndexOf(':') + 1;
        while (start <= field.Length)
        {
            var end = field.IndexOf(';', start);
            if (end < 0) end = field.Length;
            var equals = field.IndexOf('=', start);
            if (equals > 0 && equals < end && TrimFws(field[start..equals]) == "b")
                return field[..(equals + 1)] + field[end..];
            start = end + 1;
        }

        return field;
    }

    public static string Pack(string value) =>
        string.Concat(value.Where(character => character is not (' ' or '\t' or '\r' or '\n')));

    static string TrimFws(string text) => text.Trim(' ', '\t', '\r', '\n');

    static bool IsName(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
