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
    public string TimeZone { get; init; } = "UTC";
    public TimeOnly WindowOpens { get; init; } = new(9, 0);
    public TimeOnly WindowCloses { get; init; } = new(18, 0);
    public IReadOnlyList<int> WorkingDays { get; init; } = [1, 2, 3, 4, 5];
    public string? BookingLink { get; init; }
    public string PostalAddress { get; init; } = "";
}
