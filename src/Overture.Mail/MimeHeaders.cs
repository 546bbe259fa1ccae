using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Writes header fields: folding at 76 characters, encoded words (RFC 2047), parameters
/// beyond ASCII (RFC 2231). Values have passed <see cref="OutgoingEmailRules"/> and hold no line breaks.
/// </summary>
sealed class MimeHeaders(ByteBuilder output)
{
    const int FoldAt = 76; // RFC 2047 section 2 for lines with encoded words; 78 elsewhere
    const int EncodedWordLimit = 75;
    const int EncodedLineLimit = 76;
    const int EncodedWordFrame = 12; // =?utf-8?Q??=
    const int LineLimit = 998;
    const int LongPhrase = 200;
    const int RfcDateLength = 29;

    static readonly SearchValues<byte> QSafe = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/"u8);

    static readonly SearchValues<char> PhraseSafe = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/^_`{|}~ ");

    static readonly SearchValues<char> ParameterSafe = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&+-.^_`{|}~");

    int column;

    /// <summary>A value written as it is: our own tokens, already short.</summary>
    public void Plain(ReadOnlySpan<byte> nameColonValue)
    {
        output.Append(nameColonValue);
        output.Append("\r\n"u8);
    }

    public void Date(DateTimeOffset date)
    {
        output.Append("Date: "u8);
        // The RFC 1123 pattern has its own fast path; its "GMT" gives way to the real offset.
        date.DateTime.TryFormat(
            output.Reserve(RfcDateLength), out var written, "R", CultureInfo.InvariantCulture);
        output.Advance(written - "GMT".Length);
        var minutes = (int)date.Offset.TotalMinutes;
        output.Append((byte)(minutes < 0 ? '-' : '+'));
        var zone = (Math.Abs(minutes) / 60 * 100) + (Math.Abs(minutes) % 60);
        Utf8Formatter.TryFormat(zone, output.Reserve(4), out written, new StandardFormat('D', 4));
        output.Advance(written);
        output.Append("\r\n"u8);
    }

    /// <summary>Tokens that may not be changed, such as identifiers: folded between, never inside.</summary>
    public void Tokens(string name, params ReadOnlySpan<string> tokens)
    {
        Begin(name);
        for (var i = 0; i < tokens.Length; i++) Token(tokens[i], first: i == 0);
        End();
    }

    public void Unstructured(string name, string value)
    {
        Begin(name);
        if (NeedsEncoding(value)) EncodedWords(value);
        else FoldedText(value);
        End();
    }

    public void Addresses(string name, params ReadOnlySpan<EmailAddress> addresses)
    {
        Begin(name);
        for (var i = 0; i < addresses.Length; i++)
        {
            var comma = i < addresses.Length - 1 ? "," : "";
            var address = addresses[i];
            if (address.DisplayName is not { } display)
            {
                Token("", address.Path, comma, first: i == 0);
                continue;
            }

            Phrase(display, first: i == 0);
            Token("<", address.Path, i < addresses.Length - 1 ? ">," : ">", first: false);
        }

        End();
    }

    /// <summary>The type of a multipart (RFC 2046 section 5.1.1).</summary>
    public void Multipart(string type, string boundary)
    {
        Begin("Content-Type");
        Token("", type, ";", first: true);
        Token("boundary=\"", boundary, "\"", first: false);
        End();
    }

    /// <summary>
    /// A field with one parameter, for instance a file name; long or foreign values by RFC 2231.
    /// </summary>
    public void WithParameter(string name, string value, string parameter, string text)
    {
        Begin(name);
        Token(value + ";", first: true);
        if (Ascii.IsValid(text) && !NeedsEncoding(text) && text.Length + parameter.Length < FoldAt - 4)
        {
            var quoted = text.AsSpan().ContainsAnyExcept(ParameterSafe)
                ? $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\""
                : text;
            Token($"{parameter}={quoted}", first: false);
        }
        else
        {
            ExtendedParameter(parameter, text);
        }

        End();
    }

    void Begin(string name)
    {
        output.Append(name);
        output.Append(": "u8);
        column = name.Length + 2;
    }

    void End() => output.Append("\r\n"u8);

    void Token(string token, bool first) => Token("", token, "", first);

    // One unit that is never folded inside, given in three pieces to spare a string.
    void Token(string before, string token, string after, bool first)
    {
        var length = before.Length + token.Length + after.Length;
        if (length > LineLimit)
            throw new ArgumentException($"A header value of {length} characters cannot be folded.");
        if (column + length + 1 > FoldAt && column > 1) Fold();
        else if (!first) Space();
        output.Append(before);
        output.Append(token);
        output.Append(after);
        column += length;
    }

    void Fold()
    {
        // The space after the colon stays in front of the break; a second one would only be dropped.
        output.Append("\r\n "u8);
        column = 1;
    }

    void Space()
    {
        output.Append((byte)' ');
        column++;
    }

    static bool NeedsEncoding(string value)
    {
        if (value.Length == 0) return false;
        if (value[0] == ' ' || value[^1] == ' ') return true;
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) return true;
        // Readers reduce runs of spaces, and would decode what only looks encoded.
        if (value.Contains("=?", StringComparison.Ordinal) || value.Contains("  ")) return true;
        return value.Length > LineLimit / 2 && value.Split(' ').Max(w => w.Length) > LineLimit / 2;
    }

    // Folding puts the break in front of an existing space, so unfolding gives the value back exactly.
    void FoldedText(ReadOnlySpan<char> value)
    {
        while (!value.IsEmpty)
        {
            var end = value[1..].IndexOf(' ');
            var word = end < 0 ? value : value[..(end + 1)];
            if (word[0] == ' ' && column + word.Length > FoldAt && !word.TrimStart(' ').IsEmpty)
            {
                output.Append("\r\n"u8);
                column = 0;
            }

            output.Append(word);
            column += word.Length;
            value = value[word.Length..];
        }
    }

    void Phrase(string display, bool first)
    {
        if (NeedsEncoding(display) || display.Length > LongPhrase)
        {
            if (!first) Space();
            EncodedWords(display);
        }
        else if (display.AsSpan().ContainsAnyExcept(PhraseSafe))
        {
            Token($"\"{display.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"", first);
        }
        else
        {
            Token(display, first);
        }
    }

    void EncodedWords(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Span<byte> rune = stackalloc byte[4];
        var asQ = 0;
        foreach (var r in value.EnumerateRunes()) asQ += QLength(rune[..r.EncodeToUtf8(rune)]);
        // Latin text stays readable in Q; scripts of their own are shorter in B.
        var useQ = asQ <= 2 * bytes;
        Span<byte> word = stackalloc byte[EncodedWordLimit];
        var length = 0;
        var cost = 0;
        if (column + EncodedWordFrame + 12 > EncodedLineLimit) Fold();
        foreach (var r in value.EnumerateRunes())
        {
            var n = r.EncodeToUtf8(rune);
            var next = useQ ? cost + QLength(rune[..n]) : (length + n + 2) / 3 * 4;
            var room = Math.Min(EncodedWordLimit, EncodedLineLimit - column) - EncodedWordFrame;
            if (next > room)
            {
                EncodedWord(word[..length], useQ);
                Fold();
                length = 0;
                next = useQ ? QLength(rune[..n]) : 4;
            }

            rune[..n].CopyTo(word[length..]);
            length += n;
            cost = next;
        }

        EncodedWord(word[..length], useQ);
    }

    static int QLength(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 1 && (QSafe.Contains(bytes[0]) || bytes[0] == ' ') ? 1 : 3 * bytes.Length;

    void EncodedWord(ReadOnlySpan<byte> bytes, bool useQ)
    {
        var start = output.Length;
        output.Append(useQ ? "=?utf-8?Q?"u8 : "=?utf-8?B?"u8);
        if (useQ)
        {
            foreach (var b in bytes)
            {
                if (QSafe.Contains(b)) output.Append(b);
                else if (b == ' ') output.Append((byte)'_');
                else MimeEncodings.AppendHex(output, (byte)'=', b);
            }
        }
        else
        {
            Base64.EncodeToUtf8(bytes, output.Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _,
                out var written);
            output.Advance(written);
        }

        output.Append("?="u8);
        column += output.Length - start;
    }

    void ExtendedParameter(string parameter, string text)
    {
        var encoded = new StringBuilder("utf-8''");
        var segment = 0;
        Span<byte> rune = stackalloc byte[4];
        var pieces = new List<string>();
        foreach (var r in text.EnumerateRunes())
        {
            var n = r.EncodeToUtf8(rune);
            // A piece ends between characters, so that a reader decoding piece by piece stays correct.
            if (encoded.Length + (3 * n) + parameter.Length + 8 > FoldAt)
            {
                pieces.Add(encoded.ToString());
                encoded.Clear();
            }

            foreach (var b in rune[..n])
            {
                if (b < 0x80 && ParameterSafe.Contains((char)b)) encoded.Append((char)b);
                else encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        pieces.Add(encoded.ToString());
        foreach (var piece in pieces)
        {
            var number = pieces.Count == 1 ? "" : $"*{segment++}";
            var end = segment == pieces.Count || pieces.Count == 1 ? "" : ";";
            Token($"{parameter}{number}*={piece}{end}", first: false);
        }
    }
}
