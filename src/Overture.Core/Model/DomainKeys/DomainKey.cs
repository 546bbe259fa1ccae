namespace Overture.Core.Model;

/// <summary>The key that signs what leaves from a domain, and the DNS record others check it with.</summary>
public sealed record DomainKey
{
    public long Id { get; init; }
    public required string Domain { get; init; }
    public required string Selector { get; init; }

    /// <summary>The text of the TXT record at <see cref="RecordName"/>.</summary>
    public required string Record { get; init; }

    public DateTime CreatedAt { get; init; }

    public string RecordName => $"{Selector}._domainkey.{Domain}";
}
