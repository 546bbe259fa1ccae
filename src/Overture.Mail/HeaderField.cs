using System.Text;

namespace Overture.Mail;

/// <summary>One header field of a message or a part (RFC 5322 section 2.2).</summary>
public sealed class HeaderField
{
    readonly int nameLength;
    readonly int valueStart;

    internal HeaderField(ReadOnlyMemory<byte> field, int nameLength, int valueStart)
    {
        Field = field;
        this.nameLength = nameLength;
        this.valueStart = valueStart;
    }

    /// <summary>The whole field as received: name, colon, value with its folds, final line break.</summary>
    public ReadOnlyMemory<byte> Field { get; }

    /// <summary>The name as written.</summary>
    public string Name => field ??= Encoding.ASCII.GetString(NameBytes);

    /// <summary>
    /// The value, unfolded (each fold is one space) and trimmed, its encoded words untouched. Bytes above 127
    /// are read as UTF-8 when they are valid (RFC 6532), otherwise in the charset of the body, or
    /// windows-1252.
    /// </summary>
    public string RawValue => field ??= Unfold(Field.Span[valueStart..]);

    /// <summary>The part that this field heads.</summary>
    internal MimePart? Part { get; set; }

    /// <summary>The value with its encoded words decoded (RFC 2047), for display.</summary>
    public string Value => field ??= EncodedWords.Decode(RawValue);

    /// <summary>Whether the field bears this name; case does not matter.</summary>
    public bool Is(string name) => Ascii.EqualsIgnoreCase(NameBytes, name);

    ReadOnlySpan<byte> NameBytes => Field.Span[..nameLength];

    string Unfold(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n\0"u8);
        var firstBreak = value.IndexOfAny((byte)'\r', (byte)'\n');
        if (firstBreak < 0) return Decode(value);

        var buffer = value.Length <= 1024 ? stackalloc byte[value.Length] : new byte[value.Length];
        var length = 0;
        while (firstBreak >= 0)
        {
            var line = value[..firstBreak].TrimEnd(" \t"u8);
            line.CopyTo(buffer[length..]);
            length += line.Length;
            buffer[length++] = (byte)' ';
            value = value[firstBreak..].TrimStart(" \t\r\n"u8);
            firstBreak = value.IndexOfAny((byte)'\r', (byte)'\n');
        }

        value.CopyTo(buffer[length..]);
        return Decode(buffer[..(length + value.Length)]);
    }

    string Decode(ReadOnlySpan<byte> value)
    {
        if (Ascii.IsValid(value) || Is("Content-Type")) return Charsets.DecodeUndeclared(value);
        var isUtf8 = System.Text.Unicode.Utf8.IsValid(value);
        return Charsets.Decode(value, isUtf8 ? null : Part?.ContentType["charset"]);
    }
}
