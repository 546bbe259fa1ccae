using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class SenderLimitsTests
{
    static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_mailbox_begins_small_and_grows_every_day()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await Begin(sink, 30, draft => draft with { RampStart = 3, RampStep = 2 });
        var sent = new List<int>();
        for (var day = 0; day < 4; day++)
        {
            var before = sink.Messages.Count;
            await SendAll(test);
            sent.Add(sink.Messages.Count - before);
            Advance(test, TimeSpan.FromDays(1));
        }

        Assert.Equal([3, 5, 7, 9], sent);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task New_people_are_limited_and_follow_ups_are_not()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(new ManualTime(Monday));
        var mailbox = await test.AddMailbox(sink, draft => draft with { FirstTouchLimit = 2 });
        await test.AddLeads(5);
        await test.Start(
            mailbox, TestWorkspace.Email(), TestWorkspace.Email("Again, {{or first_name \"you\"}}"));
        var sent = new List<int>();
        for (var day = 0; day < 3; day++)
        {
            var before = sink.Messages.Count;
            // A follow-up without delay is due at once.
            for (var round = 0; round < 3; round++)
            {
                await test.Write();
                await SendAll(test);
            }

            sent.Add(sink.Messages.Count - before);
            Advance(test, TimeSpan.FromDays(1));
        }

        Assert.Equal([4, 4, 2], sent);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task One_recipient_domain_gets_its_share_a_day_and_others_go_on()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(new ManualTime(Monday));
        var mailbox = await test.AddMailbox(sink, draft => draft with { DomainLimit = 2 });
        await test.AddLeads(5);
        await test.AddLeads(3, "other.example");
        await test.Start(mailbox);
        await test.Write();
        await SendAll(test);
        Assert.Equal(
            ["client.example 2", "other.example 2"],
            sink.Messages.GroupBy(message => message.Recipients.Single().Split('@')[1])
                .Select(group => $"{group.Key} {group.Count()}").Order());
        Advance(test, TimeSpan.FromDays(1));
        await SendAll(test);
        Assert.Equal(7, sink.Messages.Count);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task The_gap_is_kept_and_one_letter_leaves_at_a_time()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await Begin(sink, 4, draft => draft with { MinGapSeconds = 600 });
        await SendAll(test);
        Assert.Single(sink.Messages);
        for (var minute = 0; minute < 9; minute++)
        {
            Advance(test, TimeSpan.FromMinutes(1));
            await SendAll(test);
        }

        Assert.Single(sink.Messages);
        Advance(test, TimeSpan.FromMinutes(12));
        await SendAll(test);
        Assert.Equal(2, sink.Messages.Count);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Working_hours_are_the_recipients_where_the_mailbox_says_so()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(new ManualTime(Monday));
        var mailbox = await test.AddMailbox(sink, draft => draft with
        {
            WindowZone = WindowZone.Recipient, WindowOpens = new TimeOnly(9, 0),
            WindowCloses = new TimeOnly(17, 0), TimeZone = "Europe/Berlin",
        });
        await test.AddLeads(1, "client.jp");
        await test.AddLeads(1, "client.de");
        await test.AddLeads(1, "client.example");
        await test.Do("update contacts set time_zone = 'America/New_York' where email like '%.example'");
        await test.Start(mailbox);
        await test.Write();
        var left = new Dictionary<string, DateTimeOffset>();
        for (var quarter = 0; quarter < 96; quarter++)
        {
            await SendAll(test);
            foreach (var message in sink.Messages)
                left.TryAdd(message.Recipients.Single().Split('@')[1], test.Time.GetUtcNow());
            Advance(test, TimeSpan.FromMinutes(15));
        }

        Assert.Equal(Monday, left["client.jp"]);
        Assert.Equal(Monday.AddHours(8), left["client.de"]);
        Assert.Equal(Monday.AddHours(14), left["client.example"]);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task What_counts_against_the_limits_is_what_the_attempts_say()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await Begin(sink, 20, draft => draft);
        await SendAll(test);
        Advance(test, TimeSpan.FromHours(3));
        await test.AddLeads(25);
        await test.Write();
        await SendAll(test);
        Assert.Equal(
            "20, 5",
            string.Join(", ", await test.List<int>("select sent from sender_use order by quarter")));
        // What proves to have reached nobody counts no longer.
        await test.Do(
            "update send_attempts set state = 'deferred' where id = (select max(id) from send_attempts)");
        Assert.Equal(24, await test.Ask<int>("select sum(sent)::int from sender_use"));
        Assert.Equal(
            24,
            await test.Ask<int>("select count(*)::int from send_attempts where is_counted(state)"));
    }

    [Fact]
    public async Task A_password_that_cannot_be_read_breaks_the_mailbox_and_says_what_to_do()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(new ManualTime(Monday));
        var (mailbox, campaign) = await test.Ready(
            sink, 1, draft => draft with { SmtpUsername = "ada", SmtpPassword = "right" });
        await test.Do(
            "update mailboxes set smtp_password = set_byte(smtp_password, length(smtp_password) - 1, "
            + "get_byte(smtp_password, length(smtp_password) - 1) # 1)");
        await SendAll(test);
        Assert.Empty(sink.Messages);
        Assert.Equal("planned 1", await test.States("send_intents"));
        var why = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        Assert.Contains("cannot be read with this instance's key", why[0].Sentence, StringComparison.Ordinal);
        Assert.False((await test.Get<TestMailbox>().Run(test.Id, mailbox, Cancel)).Works);
        Assert.Equal("broken 1", await test.States("mailboxes"));
    }

    static async Task<TestWorkspace> Begin(
        SmtpSink sink, int leads, Func<MailboxDraft, MailboxDraft> change)
    {
        var test = await TestWorkspace.Create(new ManualTime(Monday));
        await test.Ready(sink, leads, change);
        return test;
    }

    static async Task SendAll(TestWorkspace test)
    {
        while (await test.Send() > 0) { }
    }

    static void Advance(TestWorkspace test, TimeSpan by) => ((ManualTime)test.Time).Advance(by);
}
