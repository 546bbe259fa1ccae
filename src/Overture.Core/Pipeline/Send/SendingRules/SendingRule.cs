using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Why something is not sent: a stable code, what is so, what to do, and when it ends by itself.
/// </summary>
public sealed record Blocker(string Code, string Sentence, string Remedy, DateTime? Until = null);

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
        new NotStopped(), new NotInQuarantine(), new CampaignRuns(), new EnrollmentActive(),
        new NotSuppressed(), new MailboxWorks(),
        new ServerKnown(), new NotExhausted(), new DomainKeepsTheRules(), new WithinWindow(),
        new WithinWeeklyLimit(), new WithinDailyLimit(), new WithinFirstTouchLimit(),
        new WithinDomainLimit(), new WithinMinuteLimit(), new KeepsTheGap(),
    ];

    public static IReadOnlyList<Blocker> Against(SendingSituation situation) =>
        [.. All.Select(rule => rule.Check(situation)).OfType<Blocker>()];

    /// <summary>
    /// The same for messages that are to leave together: each that nothing is against counts for those of its
    /// mailbox that follow.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<Blocker>> AgainstEach(
        IReadOnlyList<SendingSituation> situations)
    {
        var answers = new List<IReadOnlyList<Blocker>>(situations.Count);
        var uses = new Dictionary<long, SenderUse>();
        foreach (var alone in situations)
        {
            var mailbox = alone.Mailbox.Id;
            var situation = alone with { Use = uses.GetValueOrDefault(mailbox, alone.Use) };
            answers.Add(Against(situation));
            if (answers[^1].Count == 0) uses[mailbox] = situation.UseAfter();
        }

        return answers;
    }
}
