using System.Globalization;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Everything the rules look at, read in the transaction that is about to record the attempt.
/// </summary>
public sealed record SendingSituation
{
    public required Workspace Workspace { get; init; }
    public required Mailbox Mailbox { get; init; }
    public required SenderUse Use { get; init; }
    public required DateTime Now { get; init; }

    /// <summary>As "DE 2026-12-25"; a holiday everywhere begins with the blank.</summary>
    public IReadOnlyList<string> Holidays { get; init; } = [];

    /// <summary>Since when the sending domain fails what receivers demand; null when it does not.</summary>
    public DateTime? DomainFailingSince { get; init; }

    /// <summary>Null when the question is about the mailbox as a whole, as is all that follows.</summary>
    public Campaign? Campaign { get; init; }

    public Enrollment? Enrollment { get; init; }
    public string? Suppression { get; init; }
    public string? RecipientDomain { get; init; }
    public long StepId { get; init; }
    public bool IsFirstTouch { get; init; }
    public RecipientPlace? Place { get; init; }

    /// <summary>Whether anything depends on who is written to; if not, nobody needs to look.</summary>
    public bool AsksForRecipient =>
        Mailbox.WindowZone == WindowZone.Recipient || Mailbox.FirstTouchLimit is not null
        || DomainFailingSince is not null || Holidays.Count > 0;

    /// <summary>
    /// The working hours that count: in the recipient's zone where the mailbox says so and it is known, on
    /// the days that are no holiday there.
    /// </summary>
    public SendingWindow Window => Mailbox.Window with
    {
        TimeZone = Mailbox.WindowZone == WindowZone.Recipient && Place?.TimeZone is { } zone
            ? zone : Mailbox.TimeZone,
        Holidays = HolidaysOf(Place?.Country),
    };

    /// <summary>How many messages may be taken up at once.</summary>
    public int PlacesLeft => Mailbox.MinGapSeconds > 0
        ? Math.Min(1, Pace.AllowanceLeft(Mailbox, Use, Now))
        : Math.Min(Mailbox.PerMinuteLimit - Use.ThisMinute, Pace.AllowanceLeft(Mailbox, Use, Now));

    /// <summary>The same after this message was taken.</summary>
    internal SenderUse UseAfter() => Use.After(
        RecipientDomain ?? "", IsFirstTouch, new LastSend(Now, Enrollment?.ContactId ?? 0, StepId));

    HashSet<DateOnly> HolidaysOf(string? country) =>
    [
        .. Holidays.Where(line => line[0] == ' ' || line.AsSpan(0, 2).SequenceEqual(country))
            .Select(line => DateOnly.ParseExact(
                line.AsSpan().Trim()[^10..], "yyyy-MM-dd", CultureInfo.InvariantCulture)),
    ];
}
