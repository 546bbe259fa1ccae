using System.Security.Cryptography;
using System.Text;

namespace Overture.Providers.Outbound;

/// <summary>One call to make.</summary>
/// <param name="Operation">The call's name in logs and cost lists ("domain_search").</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Address">The full address; keys belong into <see cref="Credential"/>, never here.</param>
public sealed record ProviderRequest(string Operation, HttpMethod Method, Uri Address)
{
    /// <summary>A path below a base address; a path of the base address itself is kept.</summary>
    public static Uri At(Uri baseUrl, string path)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        return new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + path);
    }

    /// <summary>Further headers; no secrets.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The body; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The body's media type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The key; null for services that need none.</summary>
    public Credential? Credential { get; init; }

    /// <summary>What the call is expected to cost, in the provider's unit (credits or dollars).</summary>
    public decimal Cost { get; init; }

    /// <summary>Reads the real cost from a successful answer; null = <see cref="Cost"/>.</summary>
    public Func<Answer, decimal?>? CostOf { get; init; }

    /// <summary>Overrides the profile's largest body, in bytes (index files are large).</summary>
    public int? MaxBodyBytes { get; init; }

    /// <summary>
    /// Whether a call whose fate is unknown may be made again. Reading may; a write or a billed live search
    /// may not, because it could have landed.
    /// </summary>
    public bool IsRepeatable { get; init; } = Method == HttpMethod.Get || Method == HttpMethod.Head
        || Method == HttpMethod.Put || Method == HttpMethod.Delete;

    /// <summary>
    /// Whether redirects to any other host may be followed; without it only between a host and its "www."
    /// twin. A credential never leaves its host.
    /// </summary>
    public bool MayChangeHost { get; init; }
}

/// <summary>A key and the header that carries it. Printing it shows nothing of the key.</summary>
/// <param name="Header">"Authorization", "X-API-KEY" and the like.</param>
/// <param name="Value">The header's value.</param>
public sealed record Credential(string Header, string Value)
{
    /// <summary>A short fingerprint that tells two keys apart without revealing them.</summary>
    public string Fingerprint =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Value)))[..12];

    /// <summary>Bearer authorisation.</summary>
    public static Credential Bearer(string token) => new("Authorization", "Bearer " + token);

    /// <summary>Basic authorisation (RFC 7617).</summary>
    public static Credential Basic(string user, string password) =>
        new("Authorization", "Basic " + Convert.ToBase64String(
            Encoding.UTF8.GetBytes(user + ":" + password)));

    /// <inheritdoc/>
    public override string ToString() => $"{Header}: *** ({Fingerprint})";
}
