namespace Overture.Core.Model;

/// <summary>
/// What has left from a mailbox, as far as its limits ask: everything that left, may have left, or is
/// leaving.
/// </summary>
public sealed record SenderUse
{
    public static readonly SenderUse None = new();

    public int ThisMinute { get; init; }
    public int Today { get; init; }
    public int ThisWeek { get; init; }

    /// <summary>First messages to people today; counted only for a mailbox that limits them.</summary>
    public int FirstTouchesToday { get; init; }

    /// <summary>By recipient domain; counted only for a mailbox that limits them.</summary>
    public IReadOnlyDictionary<string, int> TodayByDomain { get; init; } = new Dictionary<string, int>();

    /// <summary>The quarter hour of the first message ever; read only for a mailbox that ramps.</summary>
    public DateTime? FirstSentAt { get; init; }

    /// <summary>The last message, read only for a mailbox that keeps a gap.</summary>
    public LastSend? Last { get; init; }

    /// <summary>The same after one more message.</summary>
    public SenderUse After(string recipientDomain, bool isFirstTouch, LastSend sent) => this with
    {
        ThisMinute = ThisMinute + 1, Today = Today + 1, ThisWeek = ThisWeek + 1,
        FirstTouchesToday = FirstTouchesToday + (isFirstTouch ? 1 : 0),
        TodayByDomain = new Dictionary<string, int>(TodayByDomain)
        {
            [recipientDomain] = TodayByDomain.GetValueOrDefault(recipientDomain) + 1,
        },
        FirstSentAt = FirstSentAt ?? sent.At, Last = sent,
    };
}

/// <summary>The message that left last: when, and which, so that the pause after it is its own.</summary>
public sealed record LastSend(DateTime At, long ContactId, long StepId);
