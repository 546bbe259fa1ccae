using System.Globalization;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// A value with parameters, as in Content-Type and Content-Disposition (RFC 2045 section 5.1). Parameters
/// split
/// into sections or with a charset (RFC 2231) are joined and decoded, as are encoded words in quotes.
/// </summary>
public sealed class MimeParameters
{
    const int MaxParameters = 200;

    static readonly MimeParameters None = new("", []);
    readonly List<(string Name, string Value)> parameters;

    MimeParameters(string value, List<(string Name, string Value)> parameters)
    {
        Value = value;
        this.parameters = parameters;
    }

    /// <summary>The value before the first semicolon, in lower case.</summary>
    public string Value { get; }

    /// <summary>All parameters, names in lower case, values decoded.</summary>
    public IReadOnlyList<(string Name, string Value)> All => parameters;

    /// <summary>The decoded value of a parameter, named in lower case; null when absent.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var parameter in parameters)
                if (parameter.Name == name) return parameter.Value;
            return null;
        }
    }

    /// <summary>Reads a field value; null and malformed values give what can be understood of them.</summary>
    public static MimeParameters Parse(string? fieldValue)
    {
        if (string.IsNullOrWhiteSpace(fieldValue)) return None;
        var scan = new ParameterScan(fieldValue);
        var value = scan.Value().ToLowerInvariant();
        var sections = new List<Section>();
        while (sections.Count < MaxParameters && scan.Next(out var name, out var text))
            sections.Add(Section.Parse(name, text));
        return new MimeParameters(value, Join(sections));
    }

    /// <summary>
    /// Reads a media type; a value that is none (RFC 2045 section 5.2) leaves the value empty.
    /// </summary>
    internal static MimeParameters ParseMediaType(string? fieldValue)
    {
        var read = Parse(fieldValue);
        if (read.Value.Length == 0 || IsMediaType(read.Value)) return read;
        var repaired = read.Value switch
        {
            "text" => "text/plain",
            "html" => "text/html",
            "multipart" => "multipart/mixed",
            _ => read.Value.Split([' ', ','], 2)[0] is var first && IsMediaType(first) ? first : "",
        };
        return new MimeParameters(repaired, read.parameters);
    }

    static bool IsMediaType(string value)
    {
        var slash = value.IndexOf('/');
        return slash > 0 && slash < value.Length - 1 && !value.AsSpan().ContainsAny(" \t,=\"");
    }

    static List<(string Name, string Value)> Join(List<Section> sections)
    {
        var joined = new List<(string Name, string Value)>(sections.Count);
        foreach (var section in sections)
        {
            if (joined.Exists(known => known.Name == section.Name)) continue;
            joined.Add((section.Name, ValueOf(section.Name, sections)));
        }

        return joined;
    }

    static string ValueOf(string name, List<Section> sections)
    {
        var same = sections.FindAll(section => section.Name == name);
        var extended = same.FindAll(section => section.Extended || section.Index is not null);
        if (extended.Count == 0) return EncodedWords.Decode(same[0].Text);

        // A whole extended value beats sections; sections are taken in the order of their numbers.
        var whole = extended.Find(section => section.Index is null);
        if (whole is not null) return Decode([whole]);
        extended.Sort((left, right) => left.Index!.Value.CompareTo(right.Index!.Value));
        return Decode(extended);
    }

    static string Decode(List<Section> sections)
    {
        var bytes = new List<byte>();
        var charset = sections[0].Extended ? TakeCharset(sections) : null;
        if (charset is null && !sections.Exists(section => section.Extended))
            return EncodedWords.Decode(string.Concat(sections.Select(section => section.Text)));
        foreach (var section in sections)
        {
            if (section.Extended) AppendPercentDecoded(bytes, section.Text);
            else bytes.AddRange(Encoding.UTF8.GetBytes(section.Text));
        }

        return Charsets.Decode([.. bytes], charset);
    }

    /// <summary>Takes `charset'language'` off the first section.</summary>
    static string? TakeCharset(List<Section> sections)
    {
        var text = sections[0].Text;
        var first = text.IndexOf('\'');
        var second = first < 0 ? -1 : text.IndexOf('\'', first + 1);
        if (second < 0) return null;
        sections[0] = sections[0] with { Text = text[(second + 1)..] };
        return first == 0 ? null : text[..first];
    }

    static void AppendPercentDecoded(List<byte> bytes, string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '%' && index + 2 < text.Length
                && byte.TryParse(text.AsSpan(index + 1, 2), NumberStyles.HexNumber, null, out var value))
            {
                bytes.Add(value);
                index += 2;
            }
            else if (text[index] < 128)
            {
                bytes.Add((byte)text[index]);
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[index].ToString()));
            }
        }
    }

    /// <summary>One parameter as written: `name`, `name*`, `name*0` or `name*0*`.</summary>
    sealed record Section(string Name, int? Index, bool Extended, string Text)
    {
        public static Section Parse(string name, string text)
        {
            var extended = name.EndsWith('*');
            if (extended) name = name[..^1];
            var star = name.LastIndexOf('*');
            if (star > 0 && int.TryParse(name.AsSpan(star + 1), NumberStyles.None, null, out var index))
                return new Section(name[..star], index, extended, text);
            return new Section(name, null, extended, text);
        }
    }
}

/// <summary>
/// Walks over `value; name=text; name="text"` with the errors that mail programs make in it.
/// </summary>
ref struct ParameterScan(string field)
{
    ReadOnlySpan<char> rest = field;

    public string Value()
    {
        var end = rest.IndexOf(';');
        var value = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return WithoutComments(value).Trim().Trim('"').ToString();
    }

    public bool Next(out string name, out string text)
    {
        name = text = "";
        while (true)
        {
            rest = rest.TrimStart(" \t;,");
            SkipComment();
            if (rest.IsEmpty) return false;
            var stop = rest.IndexOfAny('=', ';');
            if (stop < 0) return false;
            if (rest[stop] == '=')
            {
                name = WithoutComments(rest[..stop]).Trim().ToString().ToLowerInvariant();
                rest = rest[(stop + 1)..].TrimStart();
                text = ReadText();
                if (name.Length > 0) return true;
            }
            else
            {
                rest = rest[(stop + 1)..];
            }
        }
    }

    string ReadText()
    {
        SkipComment();
        if (rest.IsEmpty) return "";
        if (rest[0] == '"') return Quoted();
        var end = rest.IndexOf(';');
        var raw = end < 0 ? rest : rest[..end];

        // Unquoted values with spaces are common for file names; another parameter after a space is not part
        // of it.
        var space = raw.IndexOfAny(' ', '\t');
        if (space > 0 && raw[space..].Contains('=') && !raw.StartsWith("=?", StringComparison.Ordinal))
            raw = raw[..space];
        rest = rest[raw.Length..];
        raw = raw.Trim();
        return (raw.EndsWith(')') ? WithoutComments(raw).Trim() : raw).ToString();
    }

    string Quoted()
    {
        var text = new StringBuilder();
        var index = 1;
        for (; index < rest.Length && rest[index] != '"'; index++)
        {
            // A backslash quotes a quote or itself; before anything else it is a folder of a Windows path.
            if (rest[index] == '\\' && index + 1 < rest.Length && rest[index + 1] is '"' or '\\') index++;
            text.Append(rest[index]);
        }

        rest = index + 1 < rest.Length ? rest[(index + 1)..] : default;
        return text.ToString();
    }

    void SkipComment()
    {
        while (!rest.IsEmpty && rest[0] == '(')
        {
            var close = rest.IndexOf(')');
            rest = close < 0 ? default : rest[(close + 1)..].TrimStart(" \t");
        }
    }

    static ReadOnlySpan<char> WithoutComments(ReadOnlySpan<char> text)
    {
        var open = text.IndexOf('(');
        return open <= 0 || !text[open..].Contains(')') ? text : text[..open];
    }
}
