using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Overture.Mail.Dns;

/// <summary>How a signature was judged (RFC 8601 section 2.7.1).</summary>
public enum DkimResult
{
    /// <summary>It verifies.</summary>
    Pass,

    /// <summary>It does not match the message.</summary>
    Fail,

    /// <summary>
    /// It can never verify: malformed, or its key is missing, revoked or unfit ("permerror").
    /// </summary>
    Invalid,

    /// <summary>The key could not be looked up now; another time it may be.</summary>
    TempError,

    /// <summary>It was not judged, because a limit was reached.</summary>
    Neutral,
}

/// <summary>The judgement of one signature.</summary>
/// <param name="Domain">The signing domain (d=); empty when unreadable.</param>
/// <param name="Selector">The selector (s=); empty when unreadable.</param>
/// <param name="Result">The judgement.</param>
/// <param name="Reason">Why, in one sentence; empty for a plain pass.</param>
public sealed record DkimCheck(string Domain, string Selector, DkimResult Result, string Reason)
{
    /// <summary>The algorithm (a=).</summary>
    public string Algorithm { get; init; } = "";

    /// <summary>The identity the signer speaks for (i=).</summary>
    public string? Identity { get; init; }

    /// <summary>The size of the key in bits; 0 when there is none.</summary>
    public int KeyBits { get; init; }

    /// <summary>
    /// Whether the signature may be relied on: it passes, with a current algorithm (RFC 8301 rejects rsa-sha1
    /// and RSA keys below 1024 bits), as DKIM proper and over the whole body.
    /// </summary>
    public bool Counts { get; init; }

    /// <summary>The domain says that it only tests (t=y in its key).</summary>
    public bool IsTesting { get; init; }

    /// <summary>How many bytes of the canonical body stand outside the signature (l=).</summary>
    public long UnsignedBodyBytes { get; init; }

    /// <summary>It is a DomainKeys signature (RFC 4870, historic), which never counts.</summary>
    public bool IsDomainKeys { get; init; }
}

/// <summary>Verifies DKIM signatures (RFC 6376, RFC 8301, RFC 8463).</summary>
public static partial class DkimVerifier
{
    /// <summary>The most signatures judged in one message; the others are Neutral.</summary>
    public const int MostSignatures = 10;

    /// <summary>The largest message judged, in bytes.</summary>
    public const int LargestMessageBytes = 64 * 1024 * 1024;

    /// <summary>The smallest RSA key that counts, in bits (RFC 8301 section 3.2).</summary>
    public const int SmallestRsaBits = 1024;

    const int RegexTimeOutMilliseconds = 1000;

    /// <summary>Verifies every signature of a message.</summary>
    /// <param name="message">The message as received; bare line feeds are taken for line ends.</param>
    /// <param name="dns">Where the keys are looked up.</param>
    /// <param name="receivedAt">
    /// When the message arrived, for expiry (x=); when null, the time of the topmost Received field.
    /// </param>
    /// <param name="cancel">Ends the look-ups.</param>
    /// <returns>One judgement per signature, DKIM first, in the order of the header.</returns>
    public static async Task<IReadOnlyList<DkimCheck>> Verify(
        ReadOnlyMemory<byte> message, IDnsSource dns, DateTimeOffset? receivedAt = null,
        CancellationToken cancel = default)
    {
        if (message.Length > LargestMessageBytes)
            return [new DkimCheck("", "", DkimResult.Neutral, "The message is too large to be verified.")];
        var raw = RawMessage.Parse(message);
        var at = receivedAt ?? ArrivalOf(raw);
        var checks = new List<DkimCheck>();
        foreach (var field in raw.Fields.Where(field => field.Is("DKIM-Signature")))
        {
            checks.Add(checks.Count < MostSignatures
                ? await VerifyOne(raw, field, dns, at, cancel)
                : new DkimCheck("", "", DkimResult.Neutral, "The message carries too many signatures."));
        }

        foreach (var field in raw.Fields.Where(field => field.Is("DomainKey-Signature")))
            if (checks.Count < MostSignatures) checks.Add(await DomainKeys.Verify(raw, field, dns, cancel));
        return checks;
    }

    /// <summary>One word for a message: the best of its signatures; null when it carries none.</summary>
    /// <param name="checks">The judgements of one message.</param>
    public static DkimResult? Best(IReadOnlyList<DkimCheck> checks)
    {
        DkimResult[] order =
            [DkimResult.Pass, DkimResult.Fail, DkimResult.TempError, DkimResult.Invalid, DkimResult.Neutral];
        foreach (var result in order)
            if (checks.Any(check => check.Result == result)) return result;
        return null;
    }

    static async Task<DkimCheck> VerifyOne(
        RawMessage raw, RawField field, IDnsSource dns, DateTimeOffset? at, CancellationToken cancel)
    {
        var tags = TagList.Parse(field.Value);
        var (signature, problem) = DkimSignature.Parse(field, tags, arc: false);
        var (domain, selector) = (tags?.Packed("d") ?? "", tags?.Packed("s") ?? "");
        var blank = new DkimCheck(domain, selector, DkimResult.Invalid, problem)
        {
            Algorithm = tags?["a"] ?? "",
            Identity = signature?.Identity,
        };
        if (signature is null) return blank;
        if (signature.ExpiresAt < at?.ToUnixTimeSeconds())
            return blank with { Reason = "The signature expired." };
        var (key, result, reason) = await DkimKey.Find(signature.Selector, signature.Domain, dns, cancel);
        if (key is null) return blank with { Result = result, Reason = reason };
        blank = blank with { KeyBits = key.Bits, IsTesting = key.IsTesting };
        if (Unfit(signature, key) is { } unfit) return blank with { Reason = unfit };
        return Judge(raw, signature, key, blank);
    }

    static string? Unfit(DkimSignature signature, DkimKey key)
    {
        if (key.Type != signature.KeyType) return "The key is of another type than the signature.";
        if (!key.Allows(signature.UsesSha1 ? "sha1" : "sha256")) return "The key does not allow this hash.";
        var at = signature.Identity!.LastIndexOf('@');
        var (local, domain) = (signature.Identity[..at], signature.Identity[(at + 1)..]);
        if (key.IsStrict && !domain.Equals(signature.Domain, StringComparison.OrdinalIgnoreCase))
            return "The key does not sign for subdomains.";
        return key.AllowsLocalPart(local)
            ? null
            : "The key does not sign for this local part (g=, RFC 4871).";
    }

    static DkimCheck Judge(RawMessage raw, DkimSignature signature, DkimKey key, DkimCheck blank)
    {
        var (body, outside) = SignedBody(raw, signature);
        if (outside < 0) return blank with { Reason = "The signed length (l=) is more than the body." };
        if (!Hash(signature, body.Span).AsSpan().SequenceEqual(signature.BodyHash))
            return blank with { Result = DkimResult.Fail, Reason = "The body was changed." };
        if (!key.Verify(signature.SignedData(raw.Fields), signature.Signature, signature.UsesSha1))
            return blank with
            {
                Result = DkimResult.Fail,
                Reason = "The header or the signature was changed.",
            };
        var doubt = signature.Obsolete
            ?? (signature.UsesSha1 ? "rsa-sha1 is no longer acceptable (RFC 8301)." : null)
            ?? (key.Type == "rsa" && key.Bits < SmallestRsaBits
                ? $"An RSA key of {key.Bits} bits is too short."
                : null)
            ?? (outside > 0 ? $"{outside} bytes of the body are not signed (l=)." : null);
        return blank with
        {
            Result = DkimResult.Pass,
            Reason = doubt ?? "",
            Counts = doubt is null,
            UnsignedBodyBytes = outside,
        };
    }

    /// <summary>The canonical body that is signed and how many bytes of it stand outside.</summary>
    internal static (ReadOnlyMemory<byte> Body, long Outside) SignedBody(
        RawMessage raw, DkimSignature signature)
    {
        var body = Canon.Body(signature.BodyCanon, raw.Body);
        var outside = body.Length - (signature.BodyLength ?? body.Length);
        return (outside > 0 ? body[..(int)signature.BodyLength!.Value] : body, outside);
    }

    /// <summary>The hash of a canonical body under the signature's algorithm.</summary>
    internal static byte[] Hash(DkimSignature signature, ReadOnlySpan<byte> body) =>
#pragma warning disable CA5350 // Old signatures are read, and flagged as not to be relied on.
        signature.UsesSha1 ? SHA1.HashData(body) : SHA256.HashData(body);
#pragma warning restore CA5350

    static DateTimeOffset? ArrivalOf(RawMessage raw)
    {
        var received = raw.Fields.FirstOrDefault(field => field.Is("Received")).Text;
        if (received is null || received.LastIndexOf(';') is var semicolon && semicolon < 0) return null;
        var text = Comments().Replace(received[(semicolon + 1)..], " ").Replace("\r\n", " ").Trim();
        var culture = CultureInfo.InvariantCulture;
        return DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
    }

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.None, RegexTimeOutMilliseconds)]
    private static partial Regex Comments();
}
