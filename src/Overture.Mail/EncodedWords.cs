using System.Buffers;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Decodes the encoded words of header values (RFC 2047). Words of one charset that follow each other are
/// joined
/// before they are decoded, since many programs split characters between them; words inside quotes, without
/// spaces around them or without their end are decoded too.
/// </summary>
public static class EncodedWords
{
    /// <summary>
    /// The value with its encoded words as text. Line breaks and zeros that were hidden become spaces.
    /// </summary>
    public static string Decode(string value)
    {
        if (!value.Contains("=?", StringComparison.Ordinal)) return value;
        var text = new StringBuilder(value.Length);
        var run = new Run(text);
        var index = 0;
        while (index < value.Length)
        {
            var start = value.IndexOf("=?", index, StringComparison.Ordinal);
            if (start < 0) break;
            var word = Word.At(value, start);
            if (word is null)
            {
                run.Flush();
                text.Append(value, index, start + 2 - index);
                index = start + 2;
                continue;
            }

            var between = value.AsSpan(index, start - index);
            if (!run.IsOpen || !between.IsWhiteSpace())
            {
                run.Flush();
                text.Append(between);
            }

            run.Add(word.Value);
            index = word.Value.End;
        }

        run.Flush();
        text.Append(value, index, value.Length - index);
        return text.ToString();
    }

    /// <summary>One encoded word and the index behind it.</summary>
    readonly record struct Word(string Charset, bool Base64, string Text, int End)
    {
        const int MaxCharsetLength = 60;

        public static Word? At(string value, int start)
        {
            var window = Math.Min(MaxCharsetLength, value.Length - start - 2);
            var charsetEnd = value.IndexOf('?', start + 2, window);
            if (charsetEnd < 0 || charsetEnd + 2 >= value.Length || value[charsetEnd + 2] != '?') return null;
            var encoding = char.ToUpperInvariant(value[charsetEnd + 1]);
            if (encoding is not ('Q' or 'B')) return null;
            var textStart = charsetEnd + 3;
            var (textEnd, end) = FindEnd(value, textStart);
            if (textEnd < 0) return null;
            var charset = value[(start + 2)..charsetEnd];

            // RFC 2231 section 5 adds the language behind a star.
            if (charset.IndexOf('*') is var star and >= 0) charset = charset[..star];
            return new Word(charset, encoding == 'B', value[textStart..textEnd], end);
        }

        /// <summary>
        /// The end mark; a word cut off at the end of the value or by the next word counts to there.
        /// </summary>
        static (int TextEnd, int End) FindEnd(string value, int textStart)
        {
            var next = value.IndexOf("=?", textStart, StringComparison.Ordinal);
            var limit = next < 0 ? value.Length : next;
            var end = value.IndexOf("?=", textStart, limit - textStart, StringComparison.Ordinal);
            if (end >= 0) return (end, end + 2);

            // The end mark may overlap what looked like a start: `?==?utf-8?Q?...`, or text that holds `=?=`.
            if (next > textStart && next + 2 < value.Length && value[next - 1] == '?')
                return (next - 1, next + 1);
            if (next >= 0 && next + 2 < value.Length && value[next + 2] == '=') return (next + 1, next + 3);
            if (next >= 0 || value.AsSpan(textStart).ContainsAny(" \t\"<>")) return (-1, -1);
            return (value.AsSpan(textStart).TrimEnd('?').Length + textStart, value.Length);
        }
    }

    /// <summary>Encoded words of one charset in a row.</summary>
    sealed class Run(StringBuilder text)
    {
        readonly ArrayBufferWriter<byte> bytes = new();
        string? charset;

        public bool IsOpen => charset is not null;

        public void Add(Word word)
        {
            if (charset is not null && !charset.Equals(word.Charset, StringComparison.OrdinalIgnoreCase))
                Flush();
            charset = word.Charset;
            var encoded = Encoding.Latin1.GetBytes(word.Text);
            bytes.Write(word.Base64
                ? TransferDecoding.Base64(encoded, int.MaxValue)
                : TransferDecoding.HeaderQuotedPrintable(word.Text));
        }

        public void Flush()
        {
            if (charset is null) return;
            var decoded = Charsets.Decode(bytes.WrittenSpan, charset);
            foreach (var sign in decoded) text.Append(sign is '\r' or '\n' or '\0' ? ' ' : sign);
            bytes.ResetWrittenCount();
            charset = null;
        }
    }
}
