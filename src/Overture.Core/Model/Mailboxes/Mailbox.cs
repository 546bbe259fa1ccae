namespace Overture.Core.Model;

/// <summary>The life of a mailbox; docs/states/mailbox.md draws it.</summary>
public enum MailboxState
{
    Connected,
    Paused,
    Broken,
}

/// <summary>An address we send from: its server, its limits and its working hours.</summary>
public sealed record Mailbox
{
    public long WorkspaceId { get; init; }
    public long Id { get; init; }
    public required string Address { get; init; }
    public required string FromName { get; init; }
    public MailboxState State { get; init; }
    public string? BrokenReason { get; init; }
    public string? SmtpHost { get; init; }
    public int? SmtpPort { get; init; }
    public string SmtpSecurity { get; init; } = "starttls";
    public string? SmtpUsername { get; init; }

    /// <summary>Encrypted; opened only by the transport, for the row it was sealed for.</summary>
    public byte[]? SmtpPassword { get; init; }

    /// <summary>
    /// A certificate authority in PEM that this server's certificate may come from, besides the system's.
    /// </summary>
    public string? SmtpCa { get; init; }

    public int PerMinuteLimit { get; init; }
    public int DailyLimit { get; init; }
    public int WeeklyLimit { get; init; }
    public required string TimeZone { get; init; }
    public TimeOnly WindowOpens { get; init; }
    public TimeOnly WindowCloses { get; init; }
    public int[] WorkingDays { get; init; } = [];
    public string? BookingLink { get; init; }
    public string PostalAddress { get; init; } = "";
    public DateTime? ExhaustedUntil { get; init; }
    public string? ExhaustedReason { get; init; }

    /// <summary>
    /// True when the mailbox has a server to send through; without one only a dry run is possible.
    /// </summary>
    public bool CanReachAServer => SmtpHost is not null;

    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    public SendingWindow Window => new(TimeZone, WindowOpens, WindowCloses, WorkingDays);
}
