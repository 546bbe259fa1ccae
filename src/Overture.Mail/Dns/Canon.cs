using System.Buffers;
using System.Text;

namespace Overture.Mail.Dns;

/// <summary>How a header or a body is brought into one form before it is hashed.</summary>
enum CanonKind
{
    /// <summary>As it stands (RFC 6376 sections 3.4.1 and 3.4.3).</summary>
    Simple,

    /// <summary>White space folded, names in lower case (RFC 6376 sections 3.4.2 and 3.4.4).</summary>
    Relaxed,

    /// <summary>Without any white space (RFC 4870 section 3.4.2.2).</summary>
    NoFws,
}

/// <summary>The canonical forms of RFC 6376 section 3.4 and RFC 4870 section 3.4.2.</summary>
static class Canon
{
    /// <summary>A header field in canonical form, without its final line end.</summary>
    public static string Header(CanonKind kind, string field)
    {
        if (kind == CanonKind.Simple) return field;
        if (kind == CanonKind.NoFws)
            return string.Concat(field.Where(character => character is not (' ' or '\t' or '\r' or '\n')));
        var colon = field.IndexOf(':');
        var text = new StringBuilder(field.Length);
        text.Append(field[..colon].Trim(' ', '\t').ToLowerInvariant()).Append(':');
        var (gap, start) = (false, text.Length);
        foreach (var character in field.AsSpan(colon + 1))
        {
            if (character is '\r' or '\n') continue;
            if (character is ' ' or '\t')
            {
                gap = true;
                continue;
            }

            if (gap && text.Length > start) text.Append(' ');
            gap = false;
            text.Append(character);
        }

        return text.ToString();
    }

    /// <summary>A body in canonical form; lines end in CRLF on entry.</summary>
    public static ReadOnlyMemory<byte> Body(CanonKind kind, ReadOnlyMemory<byte> body)
    {
        var source = body.Span;
        var output = new ArrayBufferWriter<byte>(source.Length + 2);
        var blank = 0;
        while (source.Length > 0)
        {
            var end = source.IndexOf("\r\n"u8);
            var line = end < 0 ? source : source[..end];
            source = end < 0 ? [] : source[(end + 2)..];
            var length = Line(kind, line, output.GetSpan(line.Length + 2 + (blank * 2)), blank);
            if (length == 0)
            {
                // Empty lines count only when something follows them.
                blank++;
                continue;
            }

            output.Advance(length);
            blank = 0;
        }

        if (output.WrittenCount == 0 && kind == CanonKind.Simple) return "\r\n"u8.ToArray();
        return output.WrittenMemory;
    }

    static int Line(CanonKind kind, ReadOnlySpan<byte> line, Span<byte> output, int blank)
    {
        var to = blank * 2;
        var start = to;
        if (kind == CanonKind.Simple)
        {
            line.CopyTo(output[to..]);
            to += line.Length;
        }
        else
        {
            var gap = false;
            foreach (var character in line)
            {
                if (character is (byte)' ' or (byte)'\t')
                {
                    gap = kind == CanonKind.Relaxed;
                    continue;
                }

                if (gap) output[to++] = (byte)' ';
                gap = false;
                output[to++] = character;
            }
        }

        if (to == start) return 0;
        for (var i = 0; i < start; i += 2) "\r\n"u8.CopyTo(output[i..]);
        "\r\n"u8.CopyTo(output[to..]);
        return to + 2;
    }
}
