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
        using var output = new ByteBuilder(field.Length + 2);
        DkimCanonicalisation.AppendRelaxedHeader(Encoding.Latin1.GetBytes(field), output);
        return Encoding.Latin1.GetString(output.Written[..^2]);
    }

    /// <summary>A body in canonical form; lines end in CRLF on entry.</summary>
    public static ReadOnlyMemory<byte> Body(CanonKind kind, ReadOnlyMemory<byte> body)
    {
        var source = body.Span;
        if (kind == CanonKind.Relaxed)
        {
            using var relaxed = new ByteBuilder(source.Length + 2);
            DkimCanonicalisation.AppendRelaxedBody(source, relaxed);
            return relaxed.ToArray();
        }

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
        var start = blank * 2;
        var to = start;
        foreach (var character in line)
        {
            if (kind == CanonKind.Simple || character is not ((byte)' ' or (byte)'\t'))
                output[to++] = character;
        }

        if (to == start) return 0;
        for (var i = 0; i < start; i += 2) "\r\n"u8.CopyTo(output[i..]);
        "\r\n"u8.CopyTo(output[to..]);
        return to + 2;
    }
}
