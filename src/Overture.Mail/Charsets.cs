using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Turns bytes into text. Charset names are those of RFC 2978 and the habits of mail programs; a declared
/// charset
/// gives way where the bytes prove it wrong.
/// </summary>
public static class Charsets
{
    const int MaxKnownNames = 500;
    const int HtmlHeadBytes = 2_048;

    static readonly ConcurrentDictionary<string, Encoding?> Known = new(StringComparer.OrdinalIgnoreCase);
    static readonly SearchValues<byte> EndOfName = SearchValues.Create(" \t\r\n'\";/>"u8);
    static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Decodes bytes with the declared charset; null or an unknown name means undeclared.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.IsEmpty) return "";
        if (Marked(bytes) is var (marked, length)) return marked.GetString(bytes[length..]);
        if (charset is null) return DecodeUndeclared(bytes);
        if (IsUtf7(charset)) return Utf7.Decode(bytes);
        if (Find(charset) is not { } encoding) return DecodeUndeclared(bytes);
        if (encoding.CodePage is 1200 or 1201) return DecodeUtf16(bytes, encoding);
        if (ReferenceEquals(encoding, Utf8)) return DecodeUtf8(bytes);
        if (encoding.IsSingleByte && HasUtf8Sequences(bytes)) return Utf8.GetString(bytes);
        return encoding.GetString(bytes);
    }

    /// <summary>
    /// Decodes bytes of which nothing is known: UTF-8 when they are valid, windows-1252 otherwise.
    /// </summary>
    public static string DecodeUndeclared(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes)) return Encoding.Latin1.GetString(bytes);
        return (Utf8Valid(bytes) ? Utf8 : Windows1252).GetString(bytes);
    }

    /// <summary>The encoding of a charset name or alias; null when the platform does not know it.</summary>
    public static Encoding? Find(string charset)
    {
        if (Known.TryGetValue(charset, out var known)) return known;
        var found = Look(charset);
        if (Known.Count < MaxKnownNames) Known[charset] = found;
        return found;
    }

    /// <summary>
    /// The charset that a `meta` element at the head of an HTML page names; null when there is none.
    /// </summary>
    internal static string? DeclaredInHtml(ReadOnlySpan<byte> html)
    {
        var head = html[..Math.Min(html.Length, HtmlHeadBytes)];
        while (IndexOfIgnoreCase(head, "<meta"u8) is var meta and >= 0)
        {
            head = head[(meta + 5)..];
            var end = head.IndexOf((byte)'>');
            var element = end < 0 ? head : head[..end];
            var at = IndexOfIgnoreCase(element, "charset"u8);
            if (at < 0) continue;
            var name = element[(at + 7)..].TrimStart(" \t\r\n='\""u8);
            var stop = name.IndexOfAny(EndOfName);
            if (stop >= 0) name = name[..stop];
            if (!name.IsEmpty && Ascii.IsValid(name)) return Encoding.ASCII.GetString(name);
        }

        return null;
    }

    /// <summary>The bytes of header text, undoing <see cref="DecodeUndeclared"/>.</summary>
    internal static byte[] HeaderBytes(string text) => Utf8.GetBytes(text);

    static bool IsUtf7(string charset) => Plain(charset) is "utf7" or "unicode11utf7" or "unicode20utf7";

    static Encoding? Look(string charset)
    {
        var name = charset.Trim(' ', '"', '\'', '\t');
        if (CharsetNames.Aliases.TryGetValue(Plain(name), out var alias)) name = alias;
        if (name == "utf-8") return Utf8;
        if (name == "windows-1252") return Windows1252;
        try
        {
            var found = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
            return found.CodePage is 65000 or 20127 or 28591 ? Windows1252 : found;
        }
        catch (ArgumentException)
        {
            return ByCodePage(Plain(name));
        }
    }

    /// <summary>Names such as cp1251, ibm866, ms932 or windows_1250.</summary>
    static Encoding? ByCodePage(string plain)
    {
        var digits = plain.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyz");
        if (digits.Length is < 3 or > 5 || !int.TryParse(digits, out var page)) return null;
        if (plain[..^digits.Length] is not ("cp" or "windows" or "win" or "ibm" or "ms" or "xcp" or "ansi"))
            return null;
        return CodePagesEncodingProvider.Instance.GetEncoding(page);
    }

    /// <summary>A name without the signs in which spellings differ.</summary>
    static string Plain(string name) => string.Create(
        name.Count(char.IsAsciiLetterOrDigit), name, static (plain, from) =>
        {
            var index = 0;
            foreach (var sign in from)
                if (char.IsAsciiLetterOrDigit(sign)) plain[index++] = char.ToLowerInvariant(sign);
        });

    static (Encoding Encoding, int Length)? Marked(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8)) return (Utf8, 3);
        if (bytes.Length < 4 || bytes.Length % 2 != 0) return null;
        if (bytes[0] == 0xFF && bytes[1] == 0xFE) return (Encoding.Unicode, 2);
        if (bytes[0] == 0xFE && bytes[1] == 0xFF) return (Encoding.BigEndianUnicode, 2);
        return null;
    }

    /// <summary>
    /// RFC 2781 reads UTF-16 without a mark as big endian; the place of the zero bytes tells better.
    /// </summary>
    static string DecodeUtf16(ReadOnlySpan<byte> bytes, Encoding declared)
    {
        var (even, odd) = (0, 0);
        for (var index = 0; index < Math.Min(bytes.Length, 512); index++)
            if (bytes[index] == 0) _ = index % 2 == 0 ? even++ : odd++;
        if (even == 0 && odd == 0 && Ascii.IsValid(bytes)) return Encoding.ASCII.GetString(bytes);
        var encoding = even > odd ? Encoding.BigEndianUnicode : odd > even ? Encoding.Unicode : declared;
        return encoding.GetString(bytes);
    }

    /// <summary>
    /// Text declared as UTF-8 that holds not one valid sequence was written in a Western code page.
    /// </summary>
    static string DecodeUtf8(ReadOnlySpan<byte> bytes)
    {
        if (Utf8Valid(bytes)) return Utf8.GetString(bytes);
        var rest = bytes;
        while (rest.IndexOfAnyExceptInRange((byte)0, (byte)127) is var high and >= 0)
        {
            rest = rest[high..];
            if (Rune.DecodeFromUtf8(rest, out _, out var length) == OperationStatus.Done)
                return Utf8.GetString(bytes);
            rest = rest[length..];
        }

        return Windows1252.GetString(bytes);
    }

    static bool HasUtf8Sequences(ReadOnlySpan<byte> bytes) => !Ascii.IsValid(bytes) && Utf8Valid(bytes);

    static bool Utf8Valid(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    static int IndexOfIgnoreCase(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word)
    {
        for (var at = 0; at + word.Length <= bytes.Length; at++)
            if (Ascii.EqualsIgnoreCase(bytes.Slice(at, word.Length), word)) return at;
        return -1;
    }
}
