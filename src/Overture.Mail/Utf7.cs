using System.Text;

namespace Overture.Mail;

/// <summary>UTF-7 (RFC 2152), decoded only; the platform's own decoder is shut off as unsafe.</summary>
static class Utf7
{
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        var index = 0;
        while (index < bytes.Length)
        {
            var sign = bytes[index++];
            if (sign != '+')
            {
                text.Append(sign < 128 ? (char)sign : '\uFFFD');
            }
            else if (index < bytes.Length && bytes[index] == '-')
            {
                text.Append('+');
                index++;
            }
            else
            {
                index = DecodeShifted(bytes, index, text);
            }
        }

        return text.ToString();
    }

    static int DecodeShifted(ReadOnlySpan<byte> bytes, int index, StringBuilder text)
    {
        var (bits, count) = (0, 0);
        for (; index < bytes.Length; index++)
        {
            var value = bytes[index] < 128 ? Alphabet.IndexOf((char)bytes[index]) : -1;
            if (value < 0) break;
            bits = (bits << 6) | value;
            count += 6;
            if (count < 16) continue;
            count -= 16;
            text.Append((char)((bits >> count) & 0xFFFF));
            bits &= (1 << count) - 1;
        }

        return index < bytes.Length && bytes[index] == '-' ? index + 1 : index;
    }
}
