namespace Overture.Mail;

/// <summary>
/// Puts a message into the form it travels in: for DATA with dots stuffed (RFC 5321 section 4.5.2), and every
/// bare CR or LF made a CRLF, so that no reading of line ends, here or further on, can find a second end of
/// data inside (SMTP smuggling).
/// </summary>
struct SmtpBody(ReadOnlyMemory<byte> message, bool stuffsDots)
{
    ReadOnlyMemory<byte> rest = message;

    /// <summary>Whether everything has been handed out.</summary>
    public readonly bool IsDone => rest.IsEmpty;

    /// <summary>
    /// Appends whole lines until about <paramref name="blockSize"/> bytes are there or all is done.
    /// </summary>
    public void AppendBlock(ByteBuilder output, int blockSize)
    {
        var text = rest.Span;
        while (!text.IsEmpty && output.Length < blockSize)
        {
            var clean = CleanRun(text, stuffsDots);
            if (clean > 0)
            {
                output.Append(text[..clean]);
                text = text[clean..];
                continue;
            }

            if (stuffsDots && text[0] == '.') output.Append((byte)'.');
            var end = text.IndexOfAny((byte)'\r', (byte)'\n');
            output.Append(end < 0 ? text : text[..end]);
            output.Append("\r\n"u8);
            if (end < 0)
            {
                text = default;
                break;
            }

            var both = text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n';
            text = text[(end + (both ? 2 : 1))..];
        }

        rest = rest[^text.Length..];
    }

    /// <summary>The length of the leading lines that need no change, ends included.</summary>
    static int CleanRun(ReadOnlySpan<byte> text, bool stuffsDots)
    {
        var at = 0;
        while (at < text.Length && at < SmtpWire.BlockSize && !(stuffsDots && text[at] == '.'))
        {
            var end = text[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0) break;
            end += at;
            if (text[end] != '\r' || end + 1 >= text.Length || text[end + 1] != '\n') break;
            at = end + 2;
        }

        return at;
    }
}
