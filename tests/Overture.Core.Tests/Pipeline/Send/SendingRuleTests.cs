using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Every rule, what it says, and that it says nothing where it has nothing to say.</summary>
public sealed class SendingRuleTests
{
    static readonly DateTime Now = new(2026, 3, 2, 10, 0, 0, DateTimeKind.Utc);

    static readonly SendingSituation Fine = new()
    {
        Now = Now, Use = SenderUse.None,
        Workspace = new Workspace
        {
            Id = 1, Name = "Test", TimeZone = "UTC", DryRun = false, EnrichmentMode = EnrichmentMode.Offline,
            CreatedAt = new DateTimeOffset(Now),
        },
        Mailbox = new Mailbox
        {
            Address = "ada@overture.example", FromName = "Ada", State = MailboxState.Connected,
            SmtpHost = "mail.overture.example", TimeZone = "UTC", WindowOpens = new TimeOnly(9, 0),
            WindowCloses = new TimeOnly(17, 0), WorkingDays = [1, 2, 3, 4, 5], PerMinuteLimit = 10,
            DailyLimit = 30, WeeklyLimit = 150, FirstTouchLimit = 20, DomainLimit = 5, MinGapSeconds = 600,
        },
        Campaign = new Campaign { Name = "Hello", State = CampaignState.Running },
        Enrollment = new Enrollment { State = EnrollmentState.Active }, RecipientDomain = "client.example",
        IsFirstTouch = true,
    };

    /// <summary>
    /// The rule, the code it answers with, words its sentence must hold, and what brings it about.
    /// </summary>
    static readonly (
        Type Rule, string Code, string[] Words, Func<SendingSituation, SendingSituation> Change)[]
        Cases =
    [
        (typeof(NotStopped), "sending_stopped", ["Bo", "2026-03-01 08:00", "a wrong list"], one => one with
        {
            Workspace = one.Workspace with
            {
                StoppedAt = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), StoppedBy = "Bo",
                StopReason = "a wrong list",
            },
        }),
        (typeof(NotInQuarantine), "instance_in_quarantine", ["restored from a backup"], one => one with
        {
            Workspace = one.Workspace with { QuarantineReason = "It was restored from a backup." },
        }),
        (typeof(CampaignRuns), "campaign_draft", ["not been started"], one => one with
        {
            Campaign = one.Campaign! with { State = CampaignState.Draft },
        }),
        (typeof(CampaignRuns), "campaign_paused", ["8 of 100 bounced"], one => one with
        {
            Campaign = one.Campaign! with { State = CampaignState.Paused, PausedReason = "8 of 100 bounced" },
        }),
        (typeof(CampaignRuns), "campaign_archived", ["archived"], one => one with
        {
            Campaign = one.Campaign! with { State = CampaignState.Archived },
        }),
        (typeof(EnrollmentActive), "enrollment_paused", ["paused"], one => one with
        {
            Enrollment = one.Enrollment! with { State = EnrollmentState.Paused },
        }),
        (typeof(EnrollmentActive), "enrollment_finished", ["Replied"], one => one with
        {
            Enrollment = one.Enrollment! with
            {
                State = EnrollmentState.Finished, FinishReason = FinishReason.Replied,
            },
        }),
        (typeof(NotSuppressed), "suppressed", ["hard bounce"],
            one => one with { Suppression = "hard_bounce" }),
        (typeof(MailboxWorks), "mailbox_broken", ["ada@overture.example", "The password is wrong."],
            one => one with
            {
                Mailbox = one.Mailbox with
                {
                    State = MailboxState.Broken, BrokenReason = "The password is wrong.",
                },
            }),
        (typeof(MailboxWorks), "mailbox_paused", ["ada@overture.example", "3 of 100 bounced"], one => one with
        {
            Mailbox = one.Mailbox with { State = MailboxState.Paused, PausedReason = "3 of 100 bounced" },
        }),
        (typeof(MailboxWorks), "mailbox_untested", ["ada@overture.example", "not been tested"],
            one => one with { Mailbox = one.Mailbox with { State = MailboxState.Untested } }),
        (typeof(ServerKnown), "mailbox_without_server", ["no mail server"], one => one with
        {
            Mailbox = one.Mailbox with { SmtpHost = null },
        }),
        (typeof(NotExhausted), "mailbox_exhausted", ["Daily quota exceeded"], one => one with
        {
            Mailbox = one.Mailbox with
            {
                ExhaustedUntil = Now.AddHours(1), ExhaustedReason = "Daily quota exceeded",
            },
        }),
        (typeof(DomainKeepsTheRules), "domain_failing", ["overture.example", "2026-02-26 10:00", "72 hours"],
            one => one with { DomainFailingSince = Now.AddDays(-4) }),
        (typeof(WithinWindow), "outside_working_hours", ["09:00–17:00", "UTC"],
            one => one with { Now = Now.AddHours(8) }),
        (typeof(WithinWindow), "outside_working_hours", ["no working day"], one => one with
        {
            Mailbox = one.Mailbox with { WorkingDays = [] },
        }),
        (typeof(WithinWindow), "outside_working_hours", ["Asia/Tokyo"], one => one with
        {
            Mailbox = one.Mailbox with { WindowZone = WindowZone.Recipient },
            Place = new RecipientPlace("Asia/Tokyo", "JP"),
        }),
        (typeof(WithinWindow), "outside_working_hours", ["2026-03-02 is a holiday"], one => one with
        {
            Holidays = ["JP 2026-03-02"], Place = new RecipientPlace("Asia/Tokyo", "JP"),
        }),
        (typeof(WithinWeeklyLimit), "weekly_limit", ["150 of 150", "this week"],
            one => one with { Use = one.Use with { ThisWeek = 150 } }),
        (typeof(WithinDailyLimit), "daily_limit", ["30 of 30", "today"],
            one => one with { Use = one.Use with { Today = 30 } }),
        (typeof(WithinDailyLimit), "ramp_limit", ["12 of 12", "grows by 2 a day up to 30"], one => one with
        {
            Mailbox = one.Mailbox with { RampStep = 2 },
            Use = one.Use with { Today = 12, FirstSentAt = Now.AddDays(-1) },
        }),
        (typeof(WithinFirstTouchLimit), "first_touch_limit", ["20 of 20", "new people"],
            one => one with { Use = one.Use with { FirstTouchesToday = 20 } }),
        (typeof(WithinDomainLimit), "domain_limit", ["5 of 5", "client.example"], one => one with
        {
            Use = one.Use with { TodayByDomain = new Dictionary<string, int> { ["client.example"] = 5 } },
        }),
        (typeof(WithinMinuteLimit), "minute_limit", ["10 of 10", "last minute"],
            one => one with { Use = one.Use with { ThisMinute = 10 } }),
        (typeof(KeepsTheGap), "gap", ["09:58", "at least 10 minutes"], one => one with
        {
            Use = one.Use with { Last = new LastSend(Now.AddMinutes(-2), 1, 1) },
        }),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_the_only_one_to_speak_and_names_the_numbers_and_the_remedy(int number)
    {
        var (rule, code, words, change) = Cases[number];
        var answers = SendingRule.All
            .Select(one => (Rule: one.GetType(), Blocker: one.Check(change(Fine))))
            .Where(one => one.Blocker is not null).ToList();
        var (spoke, blocker) = Assert.Single(answers);
        Assert.Equal(rule, spoke);
        Assert.Equal(code, blocker!.Code);
        Assert.All(words, word => Assert.Contains(word, blocker.Sentence, StringComparison.Ordinal));
        Assert.EndsWith(".", blocker.Sentence, StringComparison.Ordinal);
        Assert.True(blocker.Remedy.Length > 10, blocker.Remedy);
        Assert.True(blocker.Until is null || blocker.Until > change(Fine).Now);
    }

    [Fact]
    public void Nothing_is_against_a_message_that_is_fine() => Assert.Empty(SendingRule.Against(Fine));

    [Fact]
    public void Every_rule_has_its_cases() =>
        Assert.Equal(
            SendingRule.All.Select(rule => rule.GetType().Name).Order(),
            Cases.Select(one => one.Rule.Name).Distinct().Order());

    [Fact]
    public void A_follow_up_leaves_although_the_domain_fails_and_new_people_are_enough() =>
        Assert.Empty(SendingRule.Against(Fine with
        {
            IsFirstTouch = false, DomainFailingSince = Now.AddDays(-9),
            Use = Fine.Use with { FirstTouchesToday = 99 },
        }));

    [Fact]
    public void Messages_that_leave_together_count_for_each_other()
    {
        var box = Fine.Mailbox with { MinGapSeconds = 0, DailyLimit = 3 };
        var five = Enumerable.Repeat(Fine with { Mailbox = box }, 5).ToList();
        Assert.Equal([0, 0, 0, 1, 1], SendingRule.AgainstEach(five).Select(blockers => blockers.Count));
        // One of another mailbox is not counted with them.
        five[4] = five[4] with { Mailbox = box with { Id = 2 } };
        Assert.Equal([0, 0, 0, 1, 0], SendingRule.AgainstEach(five).Select(blockers => blockers.Count));
    }
}
