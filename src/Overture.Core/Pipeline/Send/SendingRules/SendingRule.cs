using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Why something is not sent: a stable code, what is so, what to do, and when it ends by itself.
/// </summary>
public sealed record Blocker(string Code, string Sentence, string Remedy, DateTime? Until = null);

/// <summary>
/// Everything the rules look at, read in the transaction that is about to record the attempt.
/// </summary>
public sealed record SendingSituation
{
    public required Workspace Workspace { get; init; }
    public required Mailbox Mailbox { get; init; }
    public required int SentThisMinute { get; init; }
    public required int SentToday { get; init; }
    public required int SentThisWeek { get; init; }
    public required DateTime Now { get; init; }

    /// <summary>Null when the question is about the mailbox as a whole.</summary>
    public Campaign? Campaign { get; init; }

    public Enrollment? Enrollment { get; init; }
    public string? Suppression { get; init; }

    /// <summary>The same, after so many more have been let go from the mailbox in the same transaction.</summary>
    public SendingSituation After(int more) => this with
    {
        SentThisMinute = SentThisMinute + more, SentToday = SentToday + more,
        SentThisWeek = SentThisWeek + more,
    };
}

/// <summary>One reason why mail may have to wait or stay. Rules know nothing of each other.</summary>
public abstract record SendingRule
{
    private protected SendingRule()
    {
    }

    /// <summary>Null when this rule has nothing against sending.</summary>
    public abstract Blocker? Check(SendingSituation situation);

    /// <summary>All rules, the strongest reason first.</summary>
    public static IReadOnlyList<SendingRule> All { get; } =
    [
        new NotStopped(), new CampaignRuns(), new EnrollmentActive(), new NotSuppressed(), new MailboxWorks(),
        new ServerKnown(), new NotExhausted(), new WithinWindow(), new WithinWeeklyLimit(),
        new WithinDailyLimit(), new WithinMinuteLimit(),
    ];

    public static IReadOnlyList<Blocker> Against(SendingSituation situation) =>
        [.. All.Select(rule => rule.Check(situation)).OfType<Blocker>()];
}
