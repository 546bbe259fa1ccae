using System.Globalization;
using System.Text;

namespace Overture.Mail.Dns;

/// <summary>
/// The fields of one signature header (RFC 6376 section 3.5; RFC 8617 section 4.1.2 for ARC).
/// </summary>
sealed record DkimSignature(
    RawField Field, string Algorithm, byte[] Signature, byte[] BodyHash, string Domain)
{
    const int LongestDomain = 253;

    // Each name is looked for in the whole header, so a list without end would take time without end.
    const int MostNames = 500;

    public required string Selector { get; init; }

    public required IReadOnlyList<string> Headers { get; init; }

    public CanonKind HeaderCanon { get; init; }

    public CanonKind BodyCanon { get; init; }

    public string? Identity { get; init; }

    public long? BodyLength { get; init; }

    public long? SignedAt { get; init; }

    public long? ExpiresAt { get; init; }

    /// <summary>Why the signature follows rules that are no longer valid; null for a current one.</summary>
    public string? Obsolete { get; init; }

    public bool UsesSha1 => Algorithm == "rsa-sha1";

    public string KeyType => Algorithm.StartsWith("ed25519", StringComparison.Ordinal) ? "ed25519" : "rsa";

    /// <summary>
    /// Reads a DKIM-Signature, or an ARC-Message-Signature; the problem says why there is none.
    /// </summary>
    public static (DkimSignature? Signature, string Problem) Parse(RawField field, TagList? tags, bool arc)
    {
        if (tags is null) return (null, "The signature is malformed.");
        var version = tags["v"];
        if (!arc && version is not (null or "1") && !IsDraft(version))
            return (null, "The version is unknown.");
        var algorithm = tags["a"] ?? "";
        if (algorithm is not ("rsa-sha256" or "ed25519-sha256") && (arc || algorithm != "rsa-sha1"))
            return (null, "The algorithm is unknown.");
        if (Decode(tags.Packed("b")) is not { } signature)
            return (null, "The signature value is missing or broken.");
        if (Decode(tags.Packed("bh")) is not { } hash) return (null, "The body hash is missing or broken.");
        if (tags.Packed("d") is not { } domain || !IsDomain(domain))
            return (null, "The domain is missing or broken.");
        if (tags.Packed("s") is not { } selector || !IsDomain(selector))
            return (null, "The selector is missing or broken.");
        if (tags.Packed("h") is not { } headers) return (null, "The list of signed fields is missing.");
        string[] names = [.. headers.Split(':', StringSplitOptions.RemoveEmptyEntries)];
        if (names.Length > MostNames) return (null, "The list of signed fields is too long.");
        if (!arc && !names.Contains("from", StringComparer.OrdinalIgnoreCase))
            return (null, "The From field is not signed.");
        // Sealers that leave c= out sign the relaxed form, whatever the default of DKIM.
        var canon = tags.Packed("c") ?? (arc ? "relaxed/relaxed" : null);
        if (!TryCanon(canon, out var headerCanon, out var bodyCanon))
            return (null, "The canonical form is unknown.");
        if (!arc && tags.Packed("q") is { } query
            && !query.Split(':').Any(item => item is "dns/txt" or "dns"))
            return (null, "The key is to be fetched in an unknown way.");
        if (!tags.TryGetNumber("t", out var signed) || !tags.TryGetNumber("x", out var expires)
            || !tags.TryGetNumber("l", out var length) || expires < signed)
            return (null, "A time or a length is malformed.");
        var identity = arc ? null : Identify(tags.Packed("i"), domain);
        if (!arc && identity is null) return (null, "The identity (i=) is not of the signing domain.");
        return (new DkimSignature(field, algorithm, signature, hash, domain)
        {
            Selector = selector,
            Headers = names,
            HeaderCanon = headerCanon,
            BodyCanon = bodyCanon,
            Identity = identity,
            BodyLength = length,
            SignedAt = signed,
            ExpiresAt = expires,
            Obsolete = arc || version == "1" ? null : "The signature follows a draft of the standard.",
        }, "");
    }

    /// <summary>
    /// The bytes the signature covers: the signed fields and its own field (RFC 6376 section 3.7).
    /// </summary>
    public byte[] SignedData(IReadOnlyList<RawField> fields)
    {
        var data = new StringBuilder();
        var used = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Headers)
        {
            // Fields of one name are taken from the bottom up (RFC 6376 section 5.4.2).
            var from = used.GetValueOrDefault(name, fields.Count) - 1;
            while (from >= 0 && (!fields[from].Is(name) || fields[from] == Field)) from--;
            used[name] = Math.Max(from, 0);
            if (from >= 0) data.Append(Canon.Header(HeaderCanon, fields[from].Text)).Append("\r\n");
        }

        data.Append(Canon.Header(HeaderCanon, TagList.WithoutSignature(Field.Text)));
        return Encoding.Latin1.GetBytes(data.ToString());
    }

    public static byte[]? Decode(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    public static bool IsDomain(string name) =>
        name.Length is > 0 and <= LongestDomain
        && name.Split('.').All(label => label.Length is > 0 and <= 63
            && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || c > 127));

    public static bool IsSameOrBelow(string domain, string parent) =>
        domain.Equals(parent, StringComparison.OrdinalIgnoreCase)
        || domain.EndsWith("." + parent, StringComparison.OrdinalIgnoreCase);

    static bool IsDraft(string version) =>
        version.StartsWith("0.", StringComparison.Ordinal) && version.Length > 2
            && version[2..].All(char.IsAsciiDigit);

    static string? Identify(string? written, string domain)
    {
        if (written is null) return "@" + domain;
        var identity = QuotedPrintable(written);
        var at = identity.LastIndexOf('@');
        return at >= 0 && IsSameOrBelow(identity[(at + 1)..], domain) ? identity : null;
    }

    // dkim-quoted-printable of RFC 6376 section 2.11.
    static string QuotedPrintable(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, null, out var code))
            {
                plain.Append((char)code);
                i += 2;
            }
            else plain.Append(text[i]);
        }

        return plain.ToString();
    }

    static bool TryCanon(string? text, out CanonKind header, out CanonKind body)
    {
        (header, body) = (CanonKind.Simple, CanonKind.Simple);
        if (text is null) return true;
        var parts = text.Split('/');
        return parts.Length <= 2
            && TryKind(parts[0], out header)
            && (parts.Length == 1 || TryKind(parts[1], out body));
    }

    static bool TryKind(string name, out CanonKind kind)
    {
        kind = name == "relaxed" ? CanonKind.Relaxed : CanonKind.Simple;
        return name is "relaxed" or "simple";
    }
}
