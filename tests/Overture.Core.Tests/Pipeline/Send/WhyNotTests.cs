using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// What else than a rule keeps a campaign from sending; each code the class knows is brought about.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class WhyNotTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, long> Cases => new()
    {
        { "cannot_record", "cannot write down what is sent: could not extend file.", 3 },
        { "no_mailbox", "no mailbox to send from", 0 },
        { "put_off", "2 messages wait for their time: Greylisted", 2 },
        { "cannot_be_written", "3 messages cannot be written", 3 },
        { "awaiting_approval", "1 messages wait for somebody's approval", 1 },
        { "awaiting_a_person", "3 messages are to be sent by hand", 3 },
        { "contacts_paused", "2 contacts are paused", 2 },
        { "waiting_for_next_step", "3 contacts wait for their next step", 3 },
        { "no_audience", "No lead matches", 0 },
        { "nobody_left", "All 3 leads", 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_is_named_with_its_number_and_a_remedy(string code, string words, long count)
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var campaign = await Bring(test, sink, code);
        var obstacles = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        var obstacle = Assert.Single(obstacles, one => one.Code == code);
        Assert.Contains(words, obstacle.Sentence, StringComparison.Ordinal);
        Assert.Equal(count, obstacle.Count);
        Assert.True(obstacle.Remedy.Length > 10, obstacle.Remedy);
    }

    [Fact]
    public void Every_code_has_its_case() =>
        Assert.Equal(WhyNot.OwnCodes.Order(), Cases.Select(row => row.Data.Item1).Order());

    [Fact]
    public async Task Each_sender_answers_for_its_own_messages_and_the_stop_for_all()
    {
        await using var test = await TestWorkspace.Create();
        var ada = await test.AddMailbox();
        var bo = await test.AddMailbox(null, draft => draft with { Address = "bo@overture.example" });
        await test.AddLeads(6);
        var campaign = await test.Start(ada);
        await test.Get<CampaignSenders>().Share(test.Id, campaign, [bo], Cancel);
        await test.Write();
        await test.Get<Mailboxes>().Pause(test.Id, bo, "by Cleo", Cancel);
        var paused = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        Assert.Equal(3, Assert.Single(paused, one => one.Code == "mailbox_paused").Count);
        await test.Get<Workspaces>().Stop(test.Id, "Cleo", "a wrong list", Cancel);
        var stopped = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        Assert.Equal("sending_stopped", stopped[0].Code);
        Assert.Equal(6, stopped[0].Count);
    }

    [Fact]
    public async Task What_can_be_written_down_again_is_sent_and_no_longer_in_the_way()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var campaign = await Bring(test, sink, "cannot_record");
        Assert.Empty(sink.Messages);
        Assert.Contains(
            await test.List<string>("select reason from send_intents"),
            reason => reason.EndsWith("could not extend file", StringComparison.Ordinal));
        await test.Do("drop trigger full_disk on send_attempts");
        while (await test.Send() > 0) { }
        Assert.Equal(3, sink.Messages.Count);
        Assert.DoesNotContain(
            await test.Get<WhyNot>().Of(test.Id, campaign, Cancel), one => one.Code == "cannot_record");
        await test.HoldsInvariants();
    }

    /// <summary>As a server says it; its row of the instance is there already, as after a minute.</summary>
    static async Task FillTheDisk(TestWorkspace test)
    {
        await test.Do("insert into instance (system_identifier, alive_at) values ('here', now())");
        await test.Do(
            """
            create function is_full() returns trigger language plpgsql as $$ begin
                raise exception 'could not extend file' using errcode = '53100'; end $$;
            create trigger full_disk before insert on send_attempts for each row execute function is_full();
            """);
        await test.Send();
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(1));
    }

    static async Task<long> Bring(TestWorkspace test, SmtpSink sink, string code)
    {
        var mailbox = await test.AddMailbox(sink);
        if (code != "no_audience") await test.AddLeads(3);
        if (code == "no_mailbox")
            return await test.Get<Campaigns>().Create(
                test.Id, new CampaignDraft { Name = "Hello", Steps = [TestWorkspace.Email()] }, Cancel);
        StepDraft[] steps = code switch
        {
            "cannot_be_written" => [TestWorkspace.Email("Dear {{title}}")],
            "awaiting_a_person" => [TestWorkspace.Email() with { Kind = StepKind.LinkedIn }],
            "waiting_for_next_step" => [TestWorkspace.Email(), TestWorkspace.Email("Again?", delayDays: 2)],
            _ => [TestWorkspace.Email()],
        };
        var campaign = await test.Start(mailbox, steps);
        await test.Write();
        if (code is "waiting_for_next_step" or "nobody_left") while (await test.Send() > 0) { }
        if (code == "cannot_record") await FillTheDisk(test);
        if (code == "put_off")
            await test.Do(
                """
                update send_intents set due_at = due_at + interval '5 minutes', reason = 'Greylisted'
                where id in (select id from send_intents order by id limit 2)
                """);
        if (code == "contacts_paused")
            await test.Do(
                "update enrollments set state = 'paused' where id in (select id from enrollments limit 2)");
        if (code == "awaiting_approval")
            await test.Do(
                "update messages set state = 'draft' where id in (select id from messages limit 1)");
        return campaign;
    }
}
