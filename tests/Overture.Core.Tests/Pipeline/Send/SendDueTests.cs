using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class SendDueTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Limits => new()
    {
        { "minute", 60 }, { "day", 24 * 3600 }, { "week", 7 * 24 * 3600 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Two_senders_racing_for_the_last_places_never_take_more_than_there_are(string limit,
        int seconds)
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 9, draft => limit switch
        {
            "minute" => draft with { PerMinuteLimit = 3 },
            "day" => draft with { DailyLimit = 3 },
            _ => draft with { WeeklyLimit = 3 },
        });
        await using var other = await test.Again();
        await Race(test, other);
        Assert.Equal(3, sink.Messages.Count);
        await Race(test, other);
        Assert.Equal(3, sink.Messages.Count);
        ((ManualTime)test.Time).Advance(TimeSpan.FromSeconds(seconds));
        await Race(test, other);
        Assert.Equal(6, sink.Messages.Count);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Many_senders_together_send_everything_exactly_once()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 60);
        await using var second = await test.Again();
        await using var third = await test.Again();
        while ((await Task.WhenAll(test.Send(), second.Send(), third.Send())).Sum() > 0) { }
        Assert.Equal(60, sink.Messages.Count);
        Assert.Equal(60, sink.Messages.Select(message => message.Recipients.Single()).Distinct().Count());
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Mail_leaves_in_working_hours_only_also_across_a_clock_change()
    {
        // Friday before the clocks go forward in Berlin (29 March 2026), two minutes before the working day
        // ends.
        var time = new ManualTime(new DateTimeOffset(2026, 3, 27, 16, 58, 0, TimeSpan.Zero));
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(time);
        var (_, campaign) = await test.Ready(sink, 3, draft => draft with
        {
            TimeZone = "Europe/Berlin", WindowOpens = new TimeOnly(9, 0), WindowCloses = new TimeOnly(18, 0),
            WorkingDays = [1, 2, 3, 4, 5], PerMinuteLimit = 1,
        });
        await test.Send();
        Assert.Single(sink.Messages);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await test.Send());
        var why = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        var hours = Assert.Single(why, obstacle => obstacle.Code == "outside_working_hours");
        // Nine in the morning on Monday is 7:00 UTC after the change; it was 8:00 before.
        Assert.Equal(new DateTime(2026, 3, 30, 7, 0, 0, DateTimeKind.Utc), hours.Until);
        time.Advance(hours.Until!.Value.AddSeconds(-1) - time.GetUtcNow().UtcDateTime);
        Assert.Equal(0, await test.Send());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await test.Send());
        Assert.Equal(2, sink.Messages.Count);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Work_that_is_cut_short_gives_its_claims_back()
    {
        using var cut = new CancellationTokenSource();
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = moment =>
            {
                if (moment is { Stage: SmtpStage.Rcpt, Connection: 3 }) cut.Cancel();
                return null;
            },
        });
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 40);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => test.Get<SendDue>().RunBatch(test.Node.Id, test.Id, cut.Token));
        await test.HoldsInvariants();
        while (await test.Send() > 0) { }
        Assert.Equal(40, sink.Messages.Select(message => message.Recipients.Single()).Distinct().Count());
        Assert.Equal(40, sink.Messages.Count);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_server_with_a_private_authority_is_not_connected_to_anew_for_every_message()
    {
        await using var sink = SmtpSink.Start(
            new SmtpSinkOptions { StartTls = true, User = "ada", Password = "right" });
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 40);
        await test.Send();
        Assert.Equal(40, sink.Messages.Count);
        Assert.InRange(sink.ConnectionCount, 1, 8);
    }

    [Fact]
    public async Task A_message_that_cannot_be_built_rests_and_holds_up_nobody()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 3);
        await test.Do(
            "update messages set message_id = 'no id at all' where to_address = 'ann2@client.example'");
        await test.Do(
            "update messages set to_address = 'not an address' where to_address = 'ann2@client.example'");
        Assert.Equal(3, await test.Send());
        Assert.Equal(2, sink.Messages.Count);
        Assert.Equal("accepted 2, planned 1", await test.States("send_intents"));
        Assert.Equal(0, await test.Send());
        Assert.NotEmpty(await test.Ask<string>("select reason from send_intents where state = 'planned'"));
    }

    [Fact]
    public async Task A_follow_up_is_written_after_its_delay_and_stays_in_the_thread()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox(sink);
        await test.AddLeads(1);
        await test.Start(mailbox, TestWorkspace.Email(),
            TestWorkspace.Email("Still there?", "Re: For {{company}}", 3));
        await test.Write();
        await test.Send();
        await test.Write();
        Assert.Equal(1, await test.Ask<long>("select count(*) from messages"));
        ((ManualTime)test.Time).Advance(TimeSpan.FromDays(3));
        await test.Write();
        await test.Send();
        Assert.Equal(2, sink.Messages.Count);
        var first = MimeReader.Read(sink.Messages[0].Bytes);
        var second = MimeReader.Read(sink.Messages[1].Bytes);
        Assert.Equal(first.MessageId, second.InReplyTo.Single());
        Assert.Equal("completed", await test.Ask<string>("select finish_reason from enrollments"));
        await test.HoldsInvariants();
    }

    static async Task Race(TestWorkspace first, TestWorkspace second)
    {
        for (var round = 0; round < 4; round++)
            await Task.WhenAll(Task.Run(first.Send), Task.Run(second.Send));
    }
}
