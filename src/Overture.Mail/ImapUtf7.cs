using System.Text;

namespace Overture.Mail;

/// <summary>Folder names in modified UTF-7 (RFC 3501 section 5.1.3).</summary>
public static class ImapUtf7
{
    const int LongestName = 4_096;

    /// <summary>
    /// Reads a folder name; one that is not valid is returned as it stands, so that it can be used.
    /// </summary>
    /// <param name="encoded">The name as the server sent it.</param>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('&') || encoded.Length > LongestName) return encoded;
        var name = new StringBuilder(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '&')
            {
                name.Append(encoded[i]);
                continue;
            }

            var end = encoded.IndexOf('-', i + 1);
            if (end < 0) return encoded;
            if (end == i + 1) name.Append('&');
            else if (Units(encoded[(i + 1)..end]) is { } text) name.Append(text);
            else return encoded;
            i = end;
        }

        return name.ToString();
    }

    /// <summary>Writes a folder name.</summary>
    /// <param name="name">The name in Unicode.</param>
    public static string Encode(string name)
    {
        var encoded = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '&') encoded.Append("&-");
            else if (name[i] is >= ' ' and <= '~') encoded.Append(name[i]);
            else
            {
                var end = i;
                while (end < name.Length && name[end] is < ' ' or > '~') end++;
                var base64 = Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes(name[i..end]));
                encoded.Append('&').Append(base64.TrimEnd('=').Replace('/', ',')).Append('-');
                i = end - 1;
            }
        }

        return encoded.ToString();
    }

    static string? Units(string base64)
    {
        var padded = base64.Replace(',', '/');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length) || length == 0 || length % 2 != 0)
            return null;
        var text = Encoding.BigEndianUnicode.GetString(bytes, 0, length);
        // Half a character would not survive the way back to the server.
        return Encoding.BigEndianUnicode.GetByteCount(text) == length && !text.Contains('\uFFFD')
            ? text
            : null;
    }
}
