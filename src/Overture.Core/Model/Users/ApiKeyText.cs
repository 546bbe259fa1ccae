using System.Security.Cryptography;
using System.Text;

namespace Overture.Core.Model;

/// <summary>
/// The text of a key: <c>ovt_live_{public id}_{secret}{checksum}</c>. The checksum finds a mistyped key
/// without asking the database; the prefix lets secret scanners find a leaked one.
/// </summary>
public sealed record ApiKeyText(string PublicId, string Secret)
{
    const string Prefix = "ovt_live_";
    const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const int PublicIdLength = 8;

    // 43 characters out of 62 carry 256 bits.
    const int SecretLength = 43;
    const int ChecksumLength = 6;
    const int Length = 9 + PublicIdLength + 1 + SecretLength + ChecksumLength;

    public string LastFour => ToString()[^4..];

    public static ApiKeyText Create() => new(
        RandomNumberGenerator.GetString(Alphabet, PublicIdLength),
        RandomNumberGenerator.GetString(Alphabet, SecretLength));

    /// <summary>Null when the text is not a key or was mistyped.</summary>
    public static ApiKeyText? Parse(string? text)
    {
        if (text is not { Length: Length } || !text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var parts = text[Prefix.Length..].Split('_');
        if (parts is not [{ Length: PublicIdLength }, { Length: SecretLength + ChecksumLength }]) return null;
        var key = new ApiKeyText(parts[0], parts[1][..SecretLength]);
        return key.ToString() == text ? key : null;
    }

    public override string ToString()
    {
        var body = $"{Prefix}{PublicId}_{Secret}";
        return body + Checksum(body);
    }

    static string Checksum(string body)
    {
        var crc = Crc32(Encoding.ASCII.GetBytes(body));
        var digits = new char[ChecksumLength];
        for (var at = ChecksumLength - 1; at >= 0; at--, crc /= (uint)Alphabet.Length)
            digits[at] = Alphabet[(int)(crc % (uint)Alphabet.Length)];
        return new string(digits);
    }

    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        const uint polynomial = 0xEDB88320;
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ polynomial : crc >> 1;
        }

        return ~crc;
    }
}
