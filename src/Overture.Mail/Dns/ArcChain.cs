using System.Text;

namespace Overture.Mail.Dns;

/// <summary>The state of an ARC chain (RFC 8617 section 4.4), or that it could not be judged now.</summary>
public enum ArcResult
{
    /// <summary>The message carries no chain.</summary>
    None,

    /// <summary>Every seal verifies.</summary>
    Pass,

    /// <summary>The chain is broken.</summary>
    Fail,

    /// <summary>A key could not be looked up now.</summary>
    TempError,
}

/// <summary>The judgement of a chain.</summary>
/// <param name="Result">The state.</param>
/// <param name="Reason">Why, in one sentence; empty for none and pass.</param>
/// <param name="Sealers">The sealing domains, oldest first.</param>
public sealed record ArcCheck(ArcResult Result, string Reason, IReadOnlyList<string> Sealers);

/// <summary>Validates the Authenticated Received Chain of a message (RFC 8617 section 5.2).</summary>
public static class ArcChain
{
    /// <summary>The longest chain that is valid (RFC 8617 section 4.2.1).</summary>
    public const int MostInstances = 50;

    /// <summary>Validates a chain.</summary>
    /// <param name="message">The message as received.</param>
    /// <param name="dns">Where the keys are looked up.</param>
    /// <param name="cancel">Ends the look-ups.</param>
    public static async Task<ArcCheck> Validate(
        ReadOnlyMemory<byte> message, IDnsSource dns, CancellationToken cancel = default)
    {
        var raw = RawMessage.Parse(message);
        var fields = raw.Fields.Where(IsArc).ToList();
        if (fields.Count == 0) return new ArcCheck(ArcResult.None, "", []);
        var sets = Collect(fields, out var problem);
        if (sets is null) return new ArcCheck(ArcResult.Fail, problem, []);
        string[] sealers = [.. sets.Select(set => set.SealTags.Packed("d") ?? "")];
        var (result, reason) = await MessageSignature(raw, sets[^1], dns, cancel);
        for (var last = sets.Count; last > 0 && result == ArcResult.Pass; last--)
            (result, reason) = await Seal(sets.GetRange(0, last), dns, cancel);
        return new ArcCheck(result, reason, sealers);
    }

    static bool IsArc(RawField field) =>
        field.Is("ARC-Seal") || field.Is("ARC-Message-Signature") || field.Is("ARC-Authentication-Results");

    static List<ArcSet>? Collect(List<RawField> fields, out string problem)
    {
        problem = "";
        var seals = fields.FindAll(field => field.Is("ARC-Seal"));
        var count = seals.Count;
        if (count > MostInstances || fields.Count != count * 3)
        {
            problem = "The chain has missing, double or too many fields.";
            return null;
        }

        var sets = new List<ArcSet>();
        for (var instance = 1; instance <= count; instance++)
        {
            var seal = seals.FindAll(field => InstanceOf(field) == instance);
            var signature = Of(fields, "ARC-Message-Signature", instance);
            var results = Of(fields, "ARC-Authentication-Results", instance);
            if (seal.Count != 1 || signature.Count != 1 || results.Count != 1)
            {
                problem = $"Instance {instance} of the chain is not complete.";
                return null;
            }

            var tags = TagList.Parse(seal[0].Value)!;
            // The first seal says that no chain came before it, each later one that it saw a valid chain.
            if (tags["cv"] != (instance == 1 ? "none" : "pass") || tags["h"] is not null)
            {
                problem = $"Seal {instance} does not vouch for the chain before it.";
                return null;
            }

            sets.Add(new ArcSet(results[0], signature[0], seal[0], tags));
        }

        return sets;
    }

    static List<RawField> Of(List<RawField> fields, string name, int instance) =>
        fields.FindAll(field => field.Is(name) && InstanceOf(field) == instance);

    static int InstanceOf(RawField field)
    {
        var value = field.Value;
        // The results are free text after the instance (RFC 8617 section 4.1.1).
        if (field.Is("ARC-Authentication-Results")) value = value.Split(';')[0];
        var tag = TagList.Parse(value)?["i"];
        return tag is { Length: > 0 and <= 2 } && tag.All(char.IsAsciiDigit) ? int.Parse(tag) : 0;
    }

    static async Task<(ArcResult, string)> MessageSignature(
        RawMessage raw, ArcSet set, IDnsSource dns, CancellationToken cancel)
    {
        var (signature, problem) = DkimSignature.Parse(set.Signature, TagList.Parse(set.Signature.Value),
            arc: true);
        if (signature is null) return (ArcResult.Fail, problem);
        if (signature.Headers.Contains("ARC-Seal", StringComparer.OrdinalIgnoreCase))
            return (ArcResult.Fail, "The message signature must not cover a seal.");
        var (body, outside) = DkimVerifier.SignedBody(raw, signature);
        if (outside < 0
            || !DkimVerifier.Hash(signature, body.Span).AsSpan().SequenceEqual(signature.BodyHash))
            return (ArcResult.Fail, "The body was changed after the last seal.");
        var key = new KeyOf(signature.Algorithm, signature.Selector, signature.Domain, signature.Signature);
        return await Verify(key, signature.SignedData(raw.Fields),
            "The header was changed after the last seal.",
            dns, cancel);
    }

    static async Task<(ArcResult, string)> Seal(List<ArcSet> sets, IDnsSource dns, CancellationToken cancel)
    {
        var tags = sets[^1].SealTags;
        if (tags["a"] is not ("rsa-sha256" or "ed25519-sha256")
            || DkimSignature.Decode(tags.Packed("b")) is not { } b
            || tags.Packed("d") is not { } domain || !DkimSignature.IsDomain(domain)
            || tags.Packed("s") is not { } selector || !DkimSignature.IsDomain(selector)
            || !tags.TryGetNumber("t", out _))
            return (ArcResult.Fail, $"Seal {sets.Count} is malformed.");
        var data = new StringBuilder();
        foreach (var set in sets)
        {
            data.Append(Canon.Header(CanonKind.Relaxed, set.Results.Text)).Append("\r\n");
            data.Append(Canon.Header(CanonKind.Relaxed, set.Signature.Text)).Append("\r\n");
            if (set == sets[^1])
                data.Append(Canon.Header(CanonKind.Relaxed, TagList.WithoutSignature(set.Seal.Text)));
            else
                data.Append(Canon.Header(CanonKind.Relaxed, set.Seal.Text)).Append("\r\n");
        }

        return await Verify(new KeyOf(tags["a"]!, selector, domain, b),
            Encoding.Latin1.GetBytes(data.ToString()),
            $"Seal {sets.Count} does not verify.", dns, cancel);
    }

    static async Task<(ArcResult, string)> Verify(
        KeyOf of, byte[] data, string otherwise, IDnsSource dns, CancellationToken cancel)
    {
        var (key, result, reason) = await DkimKey.Find(of.Selector, of.Domain, dns, cancel);
        if (key is null)
            return (result == DkimResult.TempError ? ArcResult.TempError : ArcResult.Fail, reason);
        if (!of.Algorithm.StartsWith(key.Type, StringComparison.Ordinal) || !key.Allows("sha256")
            || (key.Type == "rsa" && key.Bits < DkimVerifier.SmallestRsaBits))
            return (ArcResult.Fail, "The key is not fit for the seal.");
        return key.Verify(data, of.Signature, sha1: false)
            ? (ArcResult.Pass, "")
            : (ArcResult.Fail, otherwise);
    }

    sealed record ArcSet(RawField Results, RawField Signature, RawField Seal, TagList SealTags);

    sealed record KeyOf(string Algorithm, string Selector, string Domain, byte[] Signature);
}
