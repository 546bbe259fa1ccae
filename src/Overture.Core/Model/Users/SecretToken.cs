using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Overture.Core.Model;

/// <summary>
/// 256 random bits as text; only the hash is ever stored, so reading the database signs nobody in.
/// </summary>
static class SecretToken
{
    const int RandomBytes = 32;

    /// <summary>Longer texts are not hashed at all: nobody made them here.</summary>
    const int LongestText = 200;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[]? Hash(string? token) =>
        string.IsNullOrEmpty(token) || token.Length > LongestText
            ? null
            : SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
