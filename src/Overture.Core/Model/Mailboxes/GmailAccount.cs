namespace Overture.Core.Model;

/// <summary>A mailbox's registration at Google, and the grant that a person gave to it.</summary>
public sealed record GmailAccount
{
    public long WorkspaceId { get; init; }
    public long MailboxId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Encrypted; opened only to ask for tokens, for the row it was sealed for.</summary>
    public byte[]? ClientSecret { get; init; }

    /// <summary>Encrypted; null until a person has consented.</summary>
    public byte[]? RefreshToken { get; init; }

    public DateTime? ConnectedAt { get; init; }
    public string? ConnectedBy { get; init; }

    /// <summary>Encrypted, while a person is being asked.</summary>
    public byte[]? ConsentSecret { get; init; }

    public string? ConsentBy { get; init; }
    public DateTime? ConsentUntil { get; init; }

    public bool IsConnected => RefreshToken is not null;
}
