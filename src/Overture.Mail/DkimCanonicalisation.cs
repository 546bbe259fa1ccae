namespace Overture.Mail;

/// <summary>The relaxed forms of headers and bodies (RFC 6376 sections 3.4.2 and 3.4.4).</summary>
static class DkimCanonicalisation
{
    /// <summary>
    /// Appends one header field, name lower case, unfolded, runs of space reduced, ended by CRLF.
    /// </summary>
    /// <param name="field">The field with its folding, without its final CRLF.</param>
    /// <param name="output">Where it goes.</param>
    public static void AppendRelaxedHeader(ReadOnlySpan<byte> field, ByteBuilder output)
    {
        var colon = field.IndexOf((byte)':');
        var name = field[..Math.Max(colon, 0)].TrimEnd(" \t"u8);
        foreach (var b in name) output.Append(b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b);
        output.Append((byte)':');
        var value = field[(colon + 1)..].Trim(" \t\r\n"u8);
        while (!value.IsEmpty)
        {
            var run = value.IndexOfAny(" \t\r\n"u8);
            output.Append(run < 0 ? value : value[..run]);
            if (run < 0) break;
            value = value[run..].TrimStart(" \t\r\n"u8);
            output.Append((byte)' ');
        }

        output.Append("\r\n"u8);
    }

    /// <summary>
    /// Appends the body: runs of space in a line become one, spaces at its end go, empty lines at the end go.
    /// An empty body stays empty; any other ends with CRLF.
    /// </summary>
    public static void AppendRelaxedBody(ReadOnlySpan<byte> body, ByteBuilder output)
    {
        var emptyLines = 0;
        while (!body.IsEmpty)
        {
            var end = body.IndexOf("\r\n"u8);
            var line = (end < 0 ? body : body[..end]).TrimEnd(" \t"u8);
            body = end < 0 ? default : body[(end + 2)..];
            if (line.IsEmpty)
            {
                emptyLines++;
                continue;
            }

            for (; emptyLines > 0; emptyLines--) output.Append("\r\n"u8);
            AppendReduced(line, output);
            output.Append("\r\n"u8);
        }
    }

    static void AppendReduced(ReadOnlySpan<byte> line, ByteBuilder output)
    {
        while (!line.IsEmpty)
        {
            var run = line.IndexOfAny((byte)' ', (byte)'\t');
            output.Append(run < 0 ? line : line[..run]);
            if (run < 0) return;
            output.Append((byte)' ');
            line = line[run..].TrimStart(" \t"u8);
        }
    }
}
