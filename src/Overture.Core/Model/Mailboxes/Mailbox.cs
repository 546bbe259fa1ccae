namespace Overture.Core.Model;

/// <summary>The life of a mailbox; docs/states/mailbox.md draws it.</summary>
public enum MailboxState
{
    Untested,
    Connected,
    Paused,
    Broken,
}

/// <summary>In whose time zone the working hours of a mailbox are meant.</summary>
public enum WindowZone
{
    Mailbox,
    Recipient,
}

/// <summary>An address we send from: its server, its limits and its working hours.</summary>
public sealed record Mailbox
{
    /// <summary>The ways out, as kept in <see cref="Transport"/>.</summary>
    public const string Smtp = "smtp";

    public const string Gmail = "gmail";

    public long WorkspaceId { get; init; }
    public long Id { get; init; }
    public required string Address { get; init; }
    public required string FromName { get; init; }
    public MailboxState State { get; init; }
    public string? BrokenReason { get; init; }
    public string? PausedReason { get; init; }
    public DateTime? TestedAt { get; init; }

    /// <summary>The word smtp, or gmail once a person consented to it.</summary>
    public string Transport { get; init; } = Smtp;

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

    /// <summary>Two messages are at least this far apart; 0 does not pace at all.</summary>
    public int MinGapSeconds { get; init; }

    public int RampStart { get; init; } = 10;

    /// <summary>How much the daily limit grows each day until it is reached; null does not ramp.</summary>
    public int? RampStep { get; init; }

    public int? FirstTouchLimit { get; init; }
    public int? DomainLimit { get; init; }
    public WindowZone WindowZone { get; init; }
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
    public bool CanReachAServer => IsGmail || SmtpHost is not null;

    public bool IsGmail => Transport == Gmail;

    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    public SendingWindow Window => new(TimeZone, WindowOpens, WindowCloses, WorkingDays);

    /// <summary>What a day allows when the first message ever left so many days before it.</summary>
    public int AllowanceOn(int daysSinceFirst) =>
        RampStep is { } step
            ? (int)Math.Min(DailyLimit, RampStart + ((long)step * daysSinceFirst)) : DailyLimit;
}
