using System.Security.Cryptography;

namespace Overture.Mail.Dns;

/// <summary>A public key record (RFC 6376 section 3.6.1, RFC 8463 section 4).</summary>
sealed class DkimKey
{
    DkimKey(TagList tags) => this.tags = tags;

    readonly TagList tags;

    public string Type { get; private init; } = "rsa";

    public byte[] Bytes { get; private init; } = [];

    /// <summary>The size of the key: the modulus of RSA, 256 for Ed25519.</summary>
    public int Bits { get; private init; }

    /// <summary>The domain only tests DKIM (t=y).</summary>
    public bool IsTesting => Flags.Contains("y");

    /// <summary>The domain of i= must be d= itself (t=s).</summary>
    public bool IsStrict => Flags.Contains("s");

    string[] Flags => (tags.Packed("t") ?? "").Split(':');

    /// <summary>Looks up a key; the reason says what is wrong when there is none.</summary>
    public static async Task<(DkimKey? Key, DkimResult Result, string Reason)> Find(
        string selector, string domain, IDnsSource dns, CancellationToken cancel)
    {
        var answer = await dns.Ask($"{selector}._domainkey.{domain}", DnsType.Txt, cancel);
        if (answer.IsUnknown) return (null, DkimResult.TempError, "The key could not be looked up.");
        if (answer.Outcome != DnsOutcome.Records)
            return (null, DkimResult.Invalid, "The domain publishes no key of this selector.");
        var text = answer.Records.FirstOrDefault(record =>
            record.Value.Contains("p=", StringComparison.Ordinal));
        var (key, problem) = Parse((text ?? answer.Records[0]).Value);
        return (key, key is null ? DkimResult.Invalid : DkimResult.Pass, problem);
    }

    /// <summary>Reads a record; the problem says what is wrong when the key is null.</summary>
    public static (DkimKey? Key, string Problem) Parse(string record)
    {
        if (TagList.Parse(record) is not { } tags) return (null, "The key record is malformed.");
        if (tags["v"] is { } version && (version != "DKIM1" || tags.First != "v"))
            return (null, "The key record is of an unknown version.");
        if (tags.Packed("p") is not { } encoded) return (null, "The key record holds no key.");
        if (encoded.Length == 0) return (null, "The key was revoked.");
        var type = tags["k"] ?? "rsa";
        if (type is not ("rsa" or "ed25519")) return (null, $"The key is of an unknown type ({type}).");
        if (!Lists(tags, "s", "email")) return (null, "The key is not for email.");
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return (null, "The key is not base64.");
        bytes = bytes[..length];
        var bits = type == "rsa" ? RsaBits(bytes) : length == Ed25519.KeyBytes ? 256 : 0;
        if (bits == 0) return (null, "The key is malformed.");
        return (new DkimKey(tags) { Type = type, Bytes = bytes, Bits = bits }, "");
    }

    /// <summary>Whether the key may be used with a hash (h=).</summary>
    public bool Allows(string hash) => tags["h"] is null || Lists(tags, "h", hash);

    /// <summary>
    /// Whether the key may sign for a local part: the g= tag of RFC 4871 section 3.6.1, gone since RFC 6376
    /// and still honoured where a domain publishes it, because it only ever narrows.
    /// </summary>
    public bool AllowsLocalPart(string local, bool emptyMeansAny = false)
    {
        if (tags["g"] is not { } pattern || pattern == "*") return true;
        if (pattern.Length == 0) return emptyMeansAny || tags["v"] is null;
        var star = pattern.IndexOf('*');
        if (star < 0) return local == pattern;
        return local.Length >= pattern.Length - 1
            && local.StartsWith(pattern[..star], StringComparison.Ordinal)
            && local.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal);
    }

    /// <summary>Verifies a signature over data.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, bool sha1)
    {
        // RFC 8463 section 3: Ed25519 signs the hash of the data.
        if (Type == "ed25519") return Ed25519.Verify(Bytes, SHA256.HashData(data), signature);
        using var rsa = Import(Bytes);
        var hash = sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        return rsa is not null && rsa.VerifyData(data, signature, hash, RSASignaturePadding.Pkcs1);
    }

    static bool Lists(TagList tags, string name, string wanted) =>
        tags.Packed(name) is not { } list || list.Split(':').Any(item => item == "*" || item == wanted);

    static int RsaBits(byte[] bytes)
    {
        using var rsa = Import(bytes);
        return rsa?.KeySize ?? 0;
    }

    static RSA? Import(byte[] bytes)
    {
        var rsa = RSA.Create();
        try
        {
            // RFC 6376 allows the bare key (PKCS #1) beside the wrapped one.
            try
            {
                rsa.ImportSubjectPublicKeyInfo(bytes, out _);
            }
            catch (CryptographicException)
            {
                rsa.ImportRSAPublicKey(bytes, out _);
            }

            return rsa;
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }
}
