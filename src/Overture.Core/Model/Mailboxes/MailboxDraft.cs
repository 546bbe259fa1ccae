namespace Overture.Core.Model;

/// <summary>
/// A mailbox as a person enters it. The password is sealed before it is kept; null leaves it as it is.
/// </summary>
public sealed record MailboxDraft
{
    public required string Address { get; init; }
    public required string FromName { get; init; }
    public string? SmtpHost { get; init; }
    public int? SmtpPort { get; init; }
    public string SmtpSecurity { get; init; } = "starttls";
    public string? SmtpUsername { get; init; }
    public string? SmtpPassword { get; init; }
    public string? SmtpCa { get; init; }
    public int PerMinuteLimit { get; init; } = 10;
    public int DailyLimit { get; init; } = 30;
    public int WeeklyLimit { get; init; } = 150;

    /// <summary>
    /// Seconds between two messages, at least; up to twice as long at random. 0 does not pace.
    /// </summary>
    public int MinGapSeconds { get; init; } = 600;

    public int RampStart { get; init; } = 10;

    /// <summary>How much the daily limit grows each day; null starts with the whole limit.</summary>
    public int? RampStep { get; init; } = 2;

    /// <summary>First messages to people a day; null for no such limit.</summary>
    public int? FirstTouchLimit { get; init; } = 50;

    /// <summary>Messages a day to one recipient domain; null for no such limit.</summary>
    public int? DomainLimit { get; init; } = 20;

    public WindowZone WindowZone { get; init; } = WindowZone.Recipient;
    public string TimeZone { get; init; } = "UTC";
    public TimeOnly WindowOpens { get; init; } = new(9, 0);
    public TimeOnly WindowCloses { get; init; } = new(18, 0);
    public IReadOnlyList<int> WorkingDays { get; init; } = [1, 2, 3, 4, 5];
    public string? BookingLink { get; init; }
    public string PostalAddress { get; init; } = "";

    /// <summary>What was entered last, without the password.</summary>
    public static MailboxDraft Of(Mailbox box) => new()
    {
        Address = box.Address, FromName = box.FromName, SmtpHost = box.SmtpHost, SmtpPort = box.SmtpPort,
        SmtpSecurity = box.SmtpSecurity, SmtpUsername = box.SmtpUsername, SmtpCa = box.SmtpCa,
        PerMinuteLimit = box.PerMinuteLimit, DailyLimit = box.DailyLimit, WeeklyLimit = box.WeeklyLimit,
        MinGapSeconds = box.MinGapSeconds, RampStart = box.RampStart, RampStep = box.RampStep,
        FirstTouchLimit = box.FirstTouchLimit, DomainLimit = box.DomainLimit, WindowZone = box.WindowZone,
        TimeZone = box.TimeZone, WindowOpens = box.WindowOpens, WindowCloses = box.WindowCloses,
        WorkingDays = box.WorkingDays, BookingLink = box.BookingLink, PostalAddress = box.PostalAddress,
    };
}
