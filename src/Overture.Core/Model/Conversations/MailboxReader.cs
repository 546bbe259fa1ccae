namespace Overture.Core.Model;

/// <summary>The life of the reading of a mailbox; docs/states/mailbox-reader.md draws it.</summary>
public enum ReaderState
{
    Listening,
    Paused,
    Broken,
}

/// <summary>By which way a mailbox is read.</summary>
public enum ReaderKind
{
    Imap,
    Gmail,
}

/// <summary>Where a mailbox's mail is read, as whom, and how the last look ended.</summary>
public sealed record MailboxReader
{
    public long WorkspaceId { get; init; }
    public long MailboxId { get; init; }
    public ReaderState State { get; init; }
    public string? BrokenReason { get; init; }
    public ReaderKind Kind { get; init; }

    /// <summary>Null where Gmail is read without IMAP.</summary>
    public string? ImapHost { get; init; }

    public int ImapPort { get; init; } = 993;
    public string ImapSecurity { get; init; } = "tls";

    /// <summary>Null: the user name and the password of sending serve for reading too.</summary>
    public string? ImapUsername { get; init; }

    /// <summary>Encrypted; opened only to log in, for the row it was sealed for.</summary>
    public byte[]? ImapSecret { get; init; }

    /// <summary>The word password or oauth.</summary>
    public string ImapLogin { get; init; } = "password";

    public string? ImapCa { get; init; }
    public string[] Aliases { get; init; } = [];
    public DateTime ReadsFrom { get; init; }
    public DateTime? LastSyncAt { get; init; }
    public DateTime? LastMailAt { get; init; }
    public string? LastError { get; init; }
    public DateTime? LastErrorAt { get; init; }
    public int FailureCount { get; init; }
    public DateTime NextLookAt { get; init; }

    /// <summary>Grows with every lease; whoever reads with an older one keeps nothing.</summary>
    public long Fence { get; init; }

    /// <summary>How far Gmail's history has been read; null before the first look.</summary>
    public string? HistoryId { get; init; }
}

/// <summary>
/// How a mailbox is read, as a person enters it. The secret is sealed before it is kept; null leaves it.
/// </summary>
public sealed record MailboxReaderDraft
{
    public required string ImapHost { get; init; }
    public int ImapPort { get; init; } = 993;
    public string ImapSecurity { get; init; } = "tls";
    public string? ImapUsername { get; init; }
    public string? ImapSecret { get; init; }
    public string ImapLogin { get; init; } = "password";
    public string? ImapCa { get; init; }
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>How far one folder has been read.</summary>
public sealed record FolderCursor(
    string Folder, string SpecialUse, long UidValidity, long LastUid, DateTime? NewestAt,
    DateTime? LastSyncAt);
