using System.Buffers;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Undoes content transfer encodings (RFC 2045 section 6; uuencode and yEnc by habit). Broken input is
/// decoded as
/// far as it makes sense.
/// </summary>
static class TransferDecoding
{
    public static string NameOf(string? fieldValue)
    {
        if (fieldValue is null) return "7bit";
        var name = fieldValue.AsSpan().Trim(" \t\"';,");
        var stop = name.IndexOfAny(" \t;,(");
        if (stop > 0) name = name[..stop];
        return name.ToString().ToLowerInvariant();
    }

    public static bool IsEncoded(string name) =>
        name is "base64" or "quoted-printable" or "x-uuencode" or "uuencode" or "x-uue" or "uue"
            or "x-yenc" or "yenc" or "quotedprintable" or "base-64" or "quoted_printable";

    public static byte[] Decode(ReadOnlySpan<byte> body, string name, int maxBytes) => name switch
    {
        "base64" or "base-64" => Base64(body, maxBytes),
        "x-yenc" or "yenc" => BinaryText.Yenc(body, maxBytes),
        "x-uuencode" or "uuencode" or "x-uue" or "uue" => BinaryText.Uuencoded(body, maxBytes),
        _ => QuotedPrintable(body, maxBytes),
    };

    public static byte[] Base64(ReadOnlySpan<byte> body, int maxBytes)
    {
        if (body.Length / 4L * 3 > maxBytes) body = body[..(int)Math.Min(body.Length, maxBytes / 3L * 4)];
        var exact = new byte[(body.Length / 4 * 3) + 3];
        var status = System.Buffers.Text.Base64.DecodeFromUtf8(body, exact, out _, out var written);
        if (status == OperationStatus.Done) return Trimmed(exact, written);
        return Trimmed(exact, LooseBase64(body, exact));
    }

    /// <summary>
    /// Skips what is not of the alphabet, begins anew behind padding, and ends at text that follows the
    /// padding
    /// without being base64, such as the footer of a mailing list.
    /// </summary>
    static int LooseBase64(ReadOnlySpan<byte> body, Span<byte> decoded)
    {
        var (bits, count, written) = (0, 0, 0);
        for (var index = 0; index < body.Length; index++)
        {
            var value = BinaryText.Base64Value(body[index]);
            if (value >= 0)
            {
                bits = (bits << 6) | value;
                count += 6;
                if (count < 8) continue;
                count -= 8;
                decoded[written++] = (byte)(bits >> count);
                bits &= (1 << count) - 1;
            }
            else if (body[index] == '=')
            {
                (bits, count) = (0, 0);
                var rest = body[index..].TrimStart("= \t\r\n"u8);
                if (rest.IsEmpty || !LooksLikeBase64(rest)) return written;
                index = body.Length - rest.Length - 1;
            }
        }

        return written;
    }

    static bool LooksLikeBase64(ReadOnlySpan<byte> text)
    {
        var lineEnd = text.IndexOfAny((byte)'\r', (byte)'\n');
        var line = lineEnd < 0 ? text : text[..lineEnd];
        foreach (var sign in line)
            if (sign != '=' && BinaryText.Base64Value(sign) < 0) return false;
        return line.Length >= 4;
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> body, int maxBytes)
    {
        var decoded = new byte[Math.Min(body.Length, maxBytes)];
        var written = 0;
        while (!body.IsEmpty)
        {
            var lineEnd = body.IndexOf((byte)'\n');
            var line = lineEnd < 0 ? body : body[..lineEnd];
            body = lineEnd < 0 ? default : body[(lineEnd + 1)..];
            var lineBreak = lineEnd < 0 ? default : line.EndsWith("\r"u8) ? "\r\n"u8 : "\n"u8;

            // White space at the end of a line was added on the way (RFC 2045 section 6.7 rule 3).
            var trimmed = lineEnd < 0 && !line.Contains((byte)'=') ? line : line.TrimEnd(" \t\r"u8);
            if (trimmed.EndsWith("="u8))
            {
                trimmed = trimmed[..^1];
                lineBreak = default;
            }

            if (!AppendLine(trimmed, decoded, ref written) || !Append(lineBreak, decoded, ref written)) break;
        }

        return Trimmed(decoded, written);
    }

    static bool AppendLine(ReadOnlySpan<byte> line, Span<byte> decoded, ref int written)
    {
        while (true)
        {
            var sign = line.IndexOf((byte)'=');
            if (sign < 0) return Append(line, decoded, ref written);
            if (!Append(line[..sign], decoded, ref written) || written >= decoded.Length) return false;
            var escape = line[sign..];
            if (escape.Length >= 3 && IsHex(escape[1]) && IsHex(escape[2]))
            {
                decoded[written++] = (byte)((Hex(escape[1]) << 4) | Hex(escape[2]));
                line = escape[3..];
            }
            else
            {
                decoded[written++] = (byte)'=';
                line = escape[1..];
            }
        }
    }

    static bool Append(ReadOnlySpan<byte> bytes, Span<byte> decoded, ref int written)
    {
        var fits = Math.Min(bytes.Length, decoded.Length - written);
        bytes[..fits].CopyTo(decoded[written..]);
        written += fits;
        return fits == bytes.Length;
    }

    /// <summary>The Q encoding of RFC 2047: an underscore is a space.</summary>
    public static byte[] HeaderQuotedPrintable(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan().Replace((byte)'_', (byte)' ');
        var decoded = new byte[bytes.Length];
        var written = 0;
        AppendLine(bytes, decoded, ref written);
        return Trimmed(decoded, written);
    }

    static bool IsHex(byte sign) => char.IsAsciiHexDigit((char)sign);

    static int Hex(byte sign) => sign <= '9' ? sign - '0' : (sign | 0x20) - 'a' + 10;

    static byte[] Trimmed(byte[] bytes, int length) => bytes.Length == length ? bytes : bytes[..length];
}
