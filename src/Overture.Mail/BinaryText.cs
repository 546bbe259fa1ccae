namespace Overture.Mail;

/// <summary>
/// The encodings older than MIME: uuencode (POSIX) and yEnc (version 1.3), and the base64 alphabet.
/// </summary>
static class BinaryText
{
    const int MaxUuencodedLine = 45;

    static readonly sbyte[] Base64Values = BuildBase64Values();

    /// <summary>The six bits of a sign of the base64 alphabet, -1 for any other byte.</summary>
    public static int Base64Value(byte sign) => Base64Values[sign];

    /// <summary>
    /// Decodes the lines between `begin` and `end`; without a `begin` every line that may be one.
    /// </summary>
    public static byte[] Uuencoded(ReadOnlySpan<byte> body, int maxBytes)
    {
        var decoded = new List<byte>(Math.Min(body.Length, maxBytes));
        var begun = body.IndexOf("begin "u8) < 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].TrimEnd("\r"u8);
            if (!begun)
            {
                begun = line.StartsWith("begin "u8);
                continue;
            }

            if (line.SequenceEqual("end"u8) || decoded.Count >= maxBytes) break;
            AppendUuencodedLine(line, decoded);
        }

        return [.. decoded];
    }

    static void AppendUuencodedLine(ReadOnlySpan<byte> line, List<byte> decoded)
    {
        if (line.IsEmpty || line[0] is < 32 or > 96) return;
        var left = (line[0] - 32) & 63;
        if (left is 0 or > MaxUuencodedLine) return;
        line = line[1..];
        for (var index = 0; left > 0; index += 4)
        {
            var group = (Uu(line, index) << 18) | (Uu(line, index + 1) << 12)
                | (Uu(line, index + 2) << 6) | Uu(line, index + 3);
            if (left-- > 0) decoded.Add((byte)(group >> 16));
            if (left-- > 0) decoded.Add((byte)(group >> 8));
            if (left-- > 0) decoded.Add((byte)group);
        }
    }

    static int Uu(ReadOnlySpan<byte> line, int index) => index < line.Length ? (line[index] - 32) & 63 : 0;

    /// <summary>Decodes the lines between `=ybegin` and `=yend`; without a header line all of them.</summary>
    public static byte[] Yenc(ReadOnlySpan<byte> body, int maxBytes)
    {
        var decoded = new List<byte>(Math.Min(body.Length, maxBytes));
        var begun = body.IndexOf("=ybegin "u8) < 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].TrimEnd("\r"u8);
            if (line.StartsWith("=ybegin "u8)) begun = true;
            if (line.StartsWith("=yend"u8) || decoded.Count >= maxBytes) break;
            if (!begun || line.StartsWith("=y"u8)) continue;
            for (var index = 0; index < line.Length && decoded.Count < maxBytes; index++)
            {
                if (line[index] == '=' && index + 1 < line.Length)
                    decoded.Add((byte)(line[++index] - 64 - 42));
                else decoded.Add((byte)(line[index] - 42));
            }
        }

        return [.. decoded];
    }

    static sbyte[] BuildBase64Values()
    {
        var values = new sbyte[256];
        Array.Fill(values, (sbyte)-1);
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (var index = 0; index < Alphabet.Length; index++) values[Alphabet[index]] = (sbyte)index;
        return values;
    }
}
