using System.Collections.Concurrent;
using System.Security.Cryptography;
using Overture.Core.Data;
using Overture.Mail;

namespace Overture.Core.Model;

/// <summary>What may be done with the keys that sign outgoing mail (DKIM).</summary>
public sealed class DomainKeys(Database database, SecretBox secrets, TimeProvider time)
{
    const int KeyBits = 2048;
    const int MaxKnown = 10_000;

    /// <summary>How long another node may go on with a key that was replaced here.</summary>
    static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<(long WorkspaceId, string Domain), Known> known = new();

    public Task<IReadOnlyList<DomainKey>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => DomainKeyStore.List(session, cancel), cancel);

    /// <summary>Makes a key, or takes the given one (PEM), and signs with it from now on.</summary>
    public async Task<DomainKey> Put(
        long workspaceId, string domain, string selector, string? privateKeyPem, CancellationToken cancel)
    {
        domain = domain.Trim().ToLowerInvariant();
        selector = selector.Trim().ToLowerInvariant();
        var pem = privateKeyPem ?? NewKey();
        var record = Checked(domain, selector, pem);
        var now = time.GetUtcNow().UtcDateTime;
        var id = await database.InWorkspace(
            workspaceId,
            session => DomainKeyStore.Put(
                session, domain, selector, secrets.Seal(pem, Place(workspaceId, domain)), record, now,
                cancel),
            cancel);
        known.TryRemove((workspaceId, domain), out _);
        return new DomainKey
        {
            Id = id, Domain = domain, Selector = selector, Record = record, CreatedAt = now,
        };
    }

    public async Task Remove(long workspaceId, string domain, CancellationToken cancel)
    {
        var removed = await database.InWorkspace(
            workspaceId, session => DomainKeyStore.Remove(session, domain.ToLowerInvariant(), cancel),
            cancel);
        if (removed == 0) throw new RuleBroken("no_such_key", $"{domain} has no key here.");
        known.TryRemove((workspaceId, domain.ToLowerInvariant()), out _);
    }

    /// <summary>What signs mail from this domain; null when it has no key.</summary>
    internal async ValueTask<DkimSigner?> SignerOf(long workspaceId, string domain, CancellationToken cancel)
    {
        var place = (workspaceId, domain.ToLowerInvariant());
        if (known.TryGetValue(place, out var found) && time.GetElapsedTime(found.Since) < KnownFor)
            return found.Signer;
        var key = await database.InWorkspace(
            workspaceId, session => DomainKeyStore.Find(session, place.Item2, cancel), cancel);
        var signer = key is null ? null : new DkimSigner(
            place.Item2, key.Value.Selector,
            secrets.OpenText(key.Value.PrivateKey, Place(workspaceId, place.Item2)));
        if (known.Count >= MaxKnown) known.Clear();
        known[place] = new Known(signer, time.GetTimestamp());
        return signer;
    }

    static SecretPlace Place(long workspaceId, string domain) =>
        new("domain_keys", "private_key", domain, workspaceId);

    static string NewKey()
    {
        using var key = RSA.Create(KeyBits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    static string Checked(string domain, string selector, string pem)
    {
        if (Uri.CheckHostName(domain) != UriHostNameType.Dns
            || !domain.Contains('.', StringComparison.Ordinal))
            throw new RuleBroken(
                "bad_domain", $"“{domain}” is no domain; give one such as example.com.", "domain");
        try
        {
            using var signer = new DkimSigner(domain, selector, pem);
            return signer.Record;
        }
        catch (Exception unusable) when (unusable is ArgumentException or CryptographicException)
        {
            throw new RuleBroken(
                "bad_domain_key", $"This key cannot sign: {unusable.Message}", "private_key");
        }
    }

    sealed record Known(DkimSigner? Signer, long Since);
}
