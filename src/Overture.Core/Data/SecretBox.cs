using System.Security.Cryptography;
using System.Text;

namespace Overture.Core.Data;

/// <summary>
/// Where a sealed value lives. A value moved to another row, column or workspace does not open.
/// </summary>
public sealed record SecretPlace(string Table, string Column, string Row, long WorkspaceId)
{
    public override string ToString() => $"{Table}|{Column}|{Row}|{WorkspaceId}";
}

/// <summary>
/// A sealed value cannot be opened: another key, another place, or damage. The message says which.
/// </summary>
public sealed class SecretUnreadable(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Seals secrets with AES-256-GCM under the instance key. Format: version (1 byte), key id (8), nonce (12),
/// ciphertext, tag (16); the place, version and key id are authenticated with it.
/// </summary>
public sealed class SecretBox
{
    public const int KeyBytes = 32;
    const byte Version = 1;
    const int KeyIdBytes = 8;
    const int NonceBytes = 12;
    const int TagBytes = 16;
    const int HeaderBytes = 1 + KeyIdBytes;
    const int OverheadBytes = HeaderBytes + NonceBytes + TagBytes;

    readonly byte[] key;
    readonly byte[] keyId;

    public SecretBox(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
            throw new ArgumentException(
                $"The instance key has {key.Length} bytes; it needs {KeyBytes}.", nameof(key));
        this.key = key.ToArray();
        keyId = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, this.key, KeyIdBytes, info: "overture key id"u8.ToArray());
    }

    /// <summary>
    /// Names the key without telling it: shown by the doctor and stored with every sealed value.
    /// </summary>
    public string KeyId => Convert.ToHexStringLower(keyId);

    public byte[] Seal(ReadOnlySpan<byte> plain, SecretPlace place)
    {
        var box = new byte[plain.Length + OverheadBytes];
        box[0] = Version;
        keyId.CopyTo(box, 1);
        var nonce = box.AsSpan(HeaderBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(
            nonce, plain, box.AsSpan(HeaderBytes + NonceBytes, plain.Length), box.AsSpan(^TagBytes..),
            Bound(box, place));
        return box;
    }

    public byte[] Seal(string plain, SecretPlace place) => Seal(Encoding.UTF8.GetBytes(plain), place);

    /// <exception cref="SecretUnreadable">The key, the place or the bytes are not those of the
    /// sealing.</exception>
    public byte[] Open(ReadOnlySpan<byte> box, SecretPlace place)
    {
        if (box.Length < OverheadBytes || box[0] != Version)
            throw new SecretUnreadable(
                $"The secret in {place.Table}.{place.Column} is damaged; enter it again.");
        if (!box.Slice(1, KeyIdBytes).SequenceEqual(keyId))
            throw new SecretUnreadable(
                $"The secret in {place.Table}.{place.Column} was sealed with key "
                + $"{Convert.ToHexStringLower(box.Slice(1, KeyIdBytes))}, but key {KeyId} is loaded. "
                + "Put the earlier secret key file back, or enter the secret again.");
        var plain = new byte[box.Length - OverheadBytes];
        try
        {
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(box.Slice(HeaderBytes, NonceBytes), box[(HeaderBytes + NonceBytes)..^TagBytes],
                box[^TagBytes..], plain, Bound(box, place));
            return plain;
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw new SecretUnreadable(
                $"The secret in {place.Table}.{place.Column} was changed or moved; enter it again.", error);
        }
    }

    public string OpenText(ReadOnlySpan<byte> box, SecretPlace place) =>
        Encoding.UTF8.GetString(Open(box, place));

    /// <summary>A key of its own for another purpose, so that no key ever serves two algorithms.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, info: Encoding.UTF8.GetBytes(purpose));

    static byte[] Bound(ReadOnlySpan<byte> box, SecretPlace place) =>
        [.. box[..HeaderBytes], .. Encoding.UTF8.GetBytes(place.ToString())];
}
