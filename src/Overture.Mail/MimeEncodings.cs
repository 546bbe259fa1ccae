using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Overture.Mail;

/// <summary>How the text of a part travels (RFC 2045 section 6, RFC 3676).</summary>
enum TextTransfer
{
    Flowed,
    QuotedPrintable,
    Base64,
}

/// <summary>
/// Content transfer encodings. All output is 7-bit with CRLF and lines within 78 characters.
/// </summary>
static class MimeEncodings
{
    const int LineAt = 78;
    const int FlowAt = 72;
    const int QuotedPrintableLine = 76;
    const int Base64LineBytes = 57;

    // Equals signs never stand so in quoted-printable or base64: a boundary that begins with them cannot
    // occur there.
    const string BoundaryMark = "--=_";

    static readonly SearchValues<byte> QuotedPrintableSafe = SearchValues.Create(
        [.. Enumerable.Range(33, 94).Where(b => b != '=').Select(b => (byte)b)]);

    static ReadOnlySpan<byte> Hex => "0123456789ABCDEF"u8;

    /// <summary>
    /// Appends text that needs no encoding: ASCII in short lines that nothing on the way will take for its
    /// own. False leaves half of it behind.
    /// </summary>
    public static bool TryAppendSevenBit(ByteBuilder output, ReadOnlySpan<char> text)
    {
        // The bytes are first set down behind the room for the result and then moved forward line by line:
        // even if every character were a line end, the result never overtakes what is still to be read.
        var room = output.Reserve((2 * text.Length) + 2);
        var source = room.Slice(text.Length + 2, text.Length);
        if (Ascii.FromUtf16(text, source, out _) != OperationStatus.Done) return false;
        var hasReturns = source.ContainsAny((byte)'\r', (byte)0);
        if (hasReturns && source.Contains((byte)0)) return false;
        var at = 0;
        do
        {
            var end = hasReturns ? source.IndexOfAny((byte)'\r', (byte)'\n') : source.IndexOf((byte)'\n');
            var length = end < 0 ? source.Length : end;
            if (length > LineAt || (length > 0 && IsRisky(source))) return false;
            source[..length].CopyTo(room[at..]);
            room[at + length] = (byte)'\r';
            room[at + length + 1] = (byte)'\n';
            at += length + 2;
            if (end < 0) break;
            var both = source[end] == '\r' && end + 1 < source.Length && source[end + 1] == '\n';
            source = source[(end + (both ? 2 : 1))..];
        }
        while (!source.IsEmpty);
        output.Advance(at);
        return true;
    }

    /// <summary>The lightest encoding that brings over unchanged what plain 7-bit text cannot.</summary>
    public static TextTransfer Choose(ReadOnlySpan<char> text, bool mayFlow)
    {
        if (!Ascii.IsValid(text) || text.Contains('\0'))
        {
            var bytes = Encoding.UTF8.GetByteCount(text);
            var foreign = bytes - CountAscii(text);
            return foreign * 9 > bytes * 2 ? TextTransfer.Base64 : TextTransfer.QuotedPrintable;
        }

        if (!mayFlow || !CanFlow(text)) return TextTransfer.QuotedPrintable;
        return TextTransfer.Flowed;
    }

    public static void Append(ByteBuilder output, ReadOnlySpan<char> text, TextTransfer transfer)
    {
        if (text.IsEmpty) output.Append("\r\n"u8);
        switch (transfer)
        {
            case TextTransfer.Flowed:
                foreach (var line in new MimeTextLines(text)) AppendFlowed(output, line);
                break;
            default:
                using (var plain = new ByteBuilder(text.Length + 64))
                {
                    foreach (var line in new MimeTextLines(text)) AppendLine(plain, line);
                    if (transfer == TextTransfer.Base64) AppendBase64(output, plain.Written);
                    else AppendQuotedPrintable(output, plain.Written);
                }

                break;
        }
    }

    /// <summary>Lines of 76 characters, each ended by CRLF (RFC 2045 section 6.8).</summary>
    public static void AppendBase64(ByteBuilder output, ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty) output.Append("\r\n"u8);
        while (!content.IsEmpty)
        {
            var line = content[..Math.Min(Base64LineBytes, content.Length)];
            Base64.EncodeToUtf8(line, output.Reserve(QuotedPrintableLine + 2), out _, out var written);
            output.Advance(written);
            output.Append("\r\n"u8);
            content = content[line.Length..];
        }
    }

    public static void AppendHex(ByteBuilder output, byte mark, byte value)
    {
        var room = output.Reserve(3);
        room[0] = mark;
        room[1] = Hex[value >> 4];
        room[2] = Hex[value & 15];
        output.Advance(3);
    }

    static int CountAscii(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (c < 0x80) count++;
        }

        return count;
    }

    // Old stores put a mark before "From "; a line like a boundary would end the part.
    static bool IsRisky(ReadOnlySpan<byte> line) => line[0] switch
    {
        (byte)'F' => line.StartsWith("From "u8),
        (byte)'-' => line.StartsWith("--=_"u8),
        _ => false,
    };

    // Flowing must give the text back exactly: a space before a hard break or a too long word would not
    // survive.
    static bool CanFlow(ReadOnlySpan<char> text)
    {
        if (text.Contains(BoundaryMark, StringComparison.Ordinal)) return false;
        foreach (var line in new MimeTextLines(text))
        {
            if (line.EndsWith(" ") && line is not "-- ") return false;
            if (line.Length <= LineAt) continue;
            foreach (var word in line.Split(' '))
            {
                if (word.End.Value - word.Start.Value > FlowAt) return false;
            }
        }

        return true;
    }

    static void AppendLine(ByteBuilder output, ReadOnlySpan<char> line)
    {
        output.Append(line);
        output.Append("\r\n"u8);
    }

    // RFC 3676 sections 4.2 and 4.4: a soft break keeps its space; a line that begins like a quote is
    // stuffed.
    static void AppendFlowed(ByteBuilder output, ReadOnlySpan<char> line)
    {
        do
        {
            var cut = line.Length;
            if (line.Length > LineAt)
            {
                cut = line[..FlowAt].LastIndexOf(' ') + 1;
                if (cut == 0) cut = line.IndexOf(' ') + 1;
                while (cut < line.Length && line[cut] == ' ') cut++;
                if (cut == 0) cut = line.Length;
            }

            var piece = line[..cut];
            if (piece.StartsWith(" ") || piece.StartsWith(">")
                || piece.StartsWith("From ", StringComparison.Ordinal))
                output.Append((byte)' ');
            AppendLine(output, piece);
            line = line[cut..];
        }
        while (!line.IsEmpty);
    }

    static void AppendQuotedPrintable(ByteBuilder output, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var end = content.IndexOf("\r\n"u8);
            AppendQuotedPrintableLine(output, content[..end]);
            output.Append("\r\n"u8);
            content = content[(end + 2)..];
        }
    }

    static void AppendQuotedPrintableLine(ByteBuilder output, ReadOnlySpan<byte> line)
    {
        var column = 0;
        var fromLine = line.StartsWith("From "u8);
        for (var i = 0; i < line.Length;)
        {
            var run = line[i..].IndexOfAnyExcept(QuotedPrintableSafe);
            if (run < 0) run = line.Length - i;
            if (fromLine && i == 0) run = 0;
            if (run > 0)
            {
                // The last place of a line is kept for the soft break.
                var last = i + run == line.Length && column + run <= QuotedPrintableLine;
                run = last ? run : Math.Min(run, QuotedPrintableLine - 1 - column);
                output.Append(line.Slice(i, run));
                column += run;
                i += run;
                if (run == 0 || (!last && column >= QuotedPrintableLine - 1)) SoftBreak(output, ref column);
                continue;
            }

            var isSpace = line[i] is (byte)' ' or (byte)'\t' && i < line.Length - 1;
            if (column + (isSpace ? 1 : 3) > QuotedPrintableLine - 1) SoftBreak(output, ref column);
            if (isSpace) output.Append(line[i]);
            else AppendHex(output, (byte)'=', line[i]);
            column += isSpace ? 1 : 3;
            i++;
        }
    }

    static void SoftBreak(ByteBuilder output, ref int column)
    {
        output.Append("=\r\n"u8);
        column = 0;
    }
}

/// <summary>
/// The lines of a text without their ends; CRLF, LF and CR each end a line. A final end adds no line.
/// </summary>
ref struct MimeTextLines(ReadOnlySpan<char> text)
{
    ReadOnlySpan<char> rest = text;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly MimeTextLines GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.IsEmpty) return false;
        var end = rest.IndexOfAny('\r', '\n');
        if (end < 0)
        {
            Current = rest;
            rest = default;
            return true;
        }

        Current = rest[..end];
        var both = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
        rest = rest[(end + (both ? 2 : 1))..];
        return true;
    }
}
