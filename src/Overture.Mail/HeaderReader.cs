using System.Collections.Frozen;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Splits the head of a message or part into fields (RFC 5322 section 2.2), and decides for broken heads
/// where
/// the body begins: at the first empty line, at a delimiter line, or at text that no field follows.
/// </summary>
static class HeaderReader
{
    static readonly FrozenSet<string> FirstFields = FrozenSet.ToFrozenSet(
        ["From", "To", "Date", "Subject", "Received", "Return-Path", "Message-ID", "MIME-Version",
         "Delivered-To", "Content-Type", "X-Envelope-From", "Sender", "Reply-To"],
        StringComparer.OrdinalIgnoreCase);

    enum Line { Empty, Field, Continuation, MailboxSeparator, Other }

    /// <summary>
    /// Where the head of a message begins: empty lines and spaces before a first field do not hide it. In a
    /// part of a multipart they do, for there an empty line says that the part has no head.
    /// </summary>
    public static int SkipToFirstField(ReadOnlySpan<byte> bytes, int position)
    {
        var white = bytes[position..].IndexOfAnyExcept(" \t\r\n"u8);
        return white > 0 && StartsKnownField(bytes, position + white) ? position + white : position;
    }

    /// <summary>
    /// Reads the fields from <paramref name="position"/> on and leaves it at the first byte of the body.
    /// </summary>
    /// <param name="source">The bytes of the message.</param>
    /// <param name="position">The index of the first header line; afterwards of the body.</param>
    /// <param name="limits">How many fields of which size are kept.</param>
    /// <param name="isBoundary">Whether the line at this index is a delimiter of an open multipart.</param>
    /// <param name="cutOff">Whether a delimiter came before the head was complete.</param>
    public static List<HeaderField> Read(
        ReadOnlyMemory<byte> source,
        ref int position,
        MimeLimits limits,
        Func<int, bool> isBoundary,
        out bool cutOff)
    {
        cutOff = false;
        var fields = new List<HeaderField>(16);
        var bytes = source.Span;
        while (position < bytes.Length)
        {
            if (bytes[position] == '-' && isBoundary(position))
            {
                cutOff = true;
                return fields;
            }

            var next = NextLine(bytes, position);
            var line = bytes[position..next];
            switch (Kind(line, out var nameLength))
            {
                case Line.Empty:
                    position = next;
                    return fields;
                case Line.Field:
                    next = FieldEnd(bytes, next);
                    if (fields.Count < limits.HeaderFields)
                        fields.Add(Field(source, position, next, nameLength, limits));
                    break;
                case Line.Continuation or Line.MailboxSeparator:
                    break;
                default:
                    if (IsBody(bytes, line, next, fields.Count)) return fields;
                    break;
            }

            position = next;
        }

        return fields;
    }

    /// <summary>
    /// A name that begins a message: text such as "Note: ..." in a body must not be taken for a head.
    /// </summary>
    static bool StartsKnownField(ReadOnlySpan<byte> bytes, int at)
    {
        if (!StartsField(bytes, at)) return false;
        var name = bytes[at..][..NameLength(bytes[at..])];
        return FirstFields.Contains(Encoding.ASCII.GetString(name));
    }

    static HeaderField Field(
        ReadOnlyMemory<byte> source, int start, int end, int nameLength, MimeLimits limits)
    {
        end = Math.Min(end, start + Math.Max(limits.HeaderFieldBytes, nameLength + 1));
        var field = source[start..end];
        return new HeaderField(field, nameLength, field.Span.IndexOf((byte)':') + 1);
    }

    /// <summary>The line behind the continuation lines of a field.</summary>
    static int FieldEnd(ReadOnlySpan<byte> bytes, int next)
    {
        while (next < bytes.Length && bytes[next] is (byte)' ' or (byte)'\t')
        {
            var after = NextLine(bytes, next);
            if (IsWhite(bytes[next..after]) && !StartsField(bytes, after) && !StartsWhite(bytes, after))
                return next;
            next = after;
        }

        return next;
    }

    static Line Kind(ReadOnlySpan<byte> line, out int nameLength)
    {
        nameLength = 0;
        if (IsWhite(line)) return Line.Empty;
        if (line[0] is (byte)' ' or (byte)'\t') return Line.Continuation;
        if (line.StartsWith("From "u8) || line.StartsWith(">From "u8)) return Line.MailboxSeparator;
        nameLength = NameLength(line);
        return nameLength > 0 ? Line.Field : Line.Other;
    }

    /// <summary>
    /// A line that is no field: rubbish between fields, or the body after a missing empty line.
    /// </summary>
    static bool IsBody(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> line, int next, int fieldCount)
    {
        if (line.StartsWith("--"u8)) return true;
        if (StartsField(bytes, next)) return false;
        return fieldCount == 0 || next >= bytes.Length || !IsWhite(bytes[next..NextLine(bytes, next)]);
    }

    /// <summary>
    /// The length of the field name (RFC 5322: printable, no space, then a colon); 0 when it is none.
    /// </summary>
    static int NameLength(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAnyExceptInRange((byte)33, (byte)126);
        var name = end < 0 ? line : line[..end];
        var colon = name.IndexOf((byte)':');
        if (colon >= 0) return colon;
        var rest = end < 0 ? default : line[end..].TrimStart(" \t"u8);
        return !rest.IsEmpty && rest[0] == ':' ? name.Length : 0;
    }

    static bool StartsField(ReadOnlySpan<byte> bytes, int at) =>
        at < bytes.Length && NameLength(bytes[at..NextLine(bytes, at)]) > 0;

    static bool StartsWhite(ReadOnlySpan<byte> bytes, int at) =>
        at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\t';

    static bool IsWhite(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    static int NextLine(ReadOnlySpan<byte> bytes, int from)
    {
        var found = bytes[from..].IndexOf((byte)'\n');
        return found < 0 ? bytes.Length : from + found + 1;
    }
}
