using System.Text;

namespace Overture.Mail.Dns;

/// <summary>
/// Verifies DomainKeys signatures (RFC 4870, historic), which old archives still hold. They are reported and
/// never count.
/// </summary>
static class DomainKeys
{
    public static async Task<DkimCheck> Verify(
        RawMessage raw, RawField field, IDnsSource dns, CancellationToken cancel)
    {
        var tags = TagList.Parse(field.Value);
        var blank = new DkimCheck(tags?.Packed("d") ?? "", tags?.Packed("s") ?? "", DkimResult.Invalid, "")
        {
            Algorithm = tags?["a"] ?? "rsa-sha1",
            IsDomainKeys = true,
        };
        if (tags is null || blank.Algorithm != "rsa-sha1" || (tags["q"] ?? "dns") != "dns"
            || Kind(tags["c"]) is not { } kind
            || DkimSignature.Decode(tags.Packed("b")) is not { } signature
            || !DkimSignature.IsDomain(blank.Domain) || !DkimSignature.IsDomain(blank.Selector))
            return blank with { Reason = "The DomainKeys signature is malformed." };
        var covered = Covered(raw, field, tags.Packed("h"));
        if (Sender(covered) is not { } sender || !DkimSignature.IsSameOrBelow(DomainOf(sender), blank.Domain))
            return blank with { Reason = "The sender is not of the signing domain." };
        var (key, result, reason) = await DkimKey.Find(blank.Selector, blank.Domain, dns, cancel);
        if (key is null) return blank with { Result = result, Reason = reason };
        blank = blank with { KeyBits = key.Bits, IsTesting = key.IsTesting };
        if (key.Type != "rsa" || !key.AllowsLocalPart(sender[..sender.LastIndexOf('@')], emptyMeansAny: true))
            return blank with { Reason = "The key is not for this sender." };
        var verified = key.Verify(SignedData(covered, raw.Body, kind), signature, sha1: true);
        return verified
            ? blank with { Result = DkimResult.Pass, Reason = "DomainKeys does not count any more." }
            : blank with { Result = DkimResult.Fail, Reason = "The message was changed." };
    }

    static CanonKind? Kind(string? name) => name switch
    {
        "simple" => CanonKind.Simple,
        "nofws" => CanonKind.NoFws,
        _ => null,
    };

    // The fields that follow the signature, or those of them that h= names (RFC 4870 section 3.3).
    static List<RawField> Covered(RawMessage raw, RawField field, string? list)
    {
        var below = raw.Fields.SkipWhile(one => one != field).Skip(1);
        if (list is null) return [.. below];
        var names = list.Split(':').ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. below.Where(one => names.Contains(one.Name))];
    }

    static string? Sender(List<RawField> fields)
    {
        var field = fields.Find(one => one.Is("Sender"));
        if (field.Text is null) field = fields.Find(one => one.Is("From"));
        if (field.Text is null) return null;
        var value = field.Value;
        var open = value.LastIndexOf('<');
        var close = open < 0 ? -1 : value.IndexOf('>', open);
        var address = TagList.Pack(close > 0 ? value[(open + 1)..close] : value);
        return address.LastIndexOf('@') > 0 ? address : null;
    }

    static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    static byte[] SignedData(List<RawField> fields, ReadOnlyMemory<byte> body, CanonKind kind)
    {
        var text = new StringBuilder();
        foreach (var field in fields) text.Append(Canon.Header(kind, field.Text)).Append("\r\n");
        var canonical = Canon.Body(kind, body);
        // RFC 4870 has no line of its own for an empty body.
        if (body.Length == 0) canonical = ReadOnlyMemory<byte>.Empty;
        text.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(text.ToString()), .. canonical.Span];
    }
}
