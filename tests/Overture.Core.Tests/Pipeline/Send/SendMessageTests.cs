using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class SendMessageTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_message_arrives_once_with_its_marks()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 12);
        Assert.Equal(12, await test.Send());
        Assert.Equal(0, await test.Send());
        Assert.Equal("accepted 12", await test.States("send_intents"));
        Assert.Equal(12, sink.Messages.Select(message => message.Recipients.Single()).Distinct().Count());
        var headers = MimeReader.Read(sink.Messages[0].Bytes).Headers
            .ToDictionary(header => header.Name, header => header.Value.Trim());
        Assert.StartsWith(
            "<https://overture.example/u/", headers["List-Unsubscribe"], StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", headers["List-Unsubscribe-Post"]);
        var token = await test.Ask<string>(
            "select reference_token from messages where to_address = @to",
            new { to = sink.Messages[0].Recipients[0] });
        Assert.Equal(token, headers[EmailBuilder.ReferenceHeader]);
        Assert.Equal(
            "250 2.0.0 queued as 0",
            await test.Ask<string>("select min(reply_code || ' ' || response) from send_attempts"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task The_dot_leaves_only_after_the_attempt_is_committed()
    {
        var atTheDot = new List<string>();
        await using var test = await TestWorkspace.Create();
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = moment =>
            {
                if (moment is { Stage: SmtpStage.Dot, Line: "." } && atTheDot.Count == 0)
                    atTheDot.Add(test.States("send_attempts").GetAwaiter().GetResult());
                return null;
            },
        });
        await test.Ready(sink, 1);
        await test.Send();
        Assert.Equal(["submitting 1"], atTheDot);
        await test.HoldsInvariants();
    }

    public static TheoryData<string> ChangesInTheWindow =>
        ["stopped", "suppressed", "domain suppressed", "unsubscribed", "campaign paused", "mailbox paused"];

    [Theory]
    [MemberData(nameof(ChangesInTheWindow))]
    public async Task What_changes_between_claim_and_dot_holds_the_dot_back(string change)
    {
        await using var test = await TestWorkspace.Create();
        var window = new WhileTheBodyWaits();
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Fault = window.Fault });
        var (mailbox, campaign) = await test.Ready(sink, 1);
        window.Then(() => change switch
        {
            "stopped" => test.Get<Workspaces>().Stop(test.Id, "a test", "enough", Cancel),
            "suppressed" =>
                test.Get<Suppressions>().Add(test.Id, "ANN1@client.example", "manual", null, "test", Cancel),
            "domain suppressed" =>
                test.Get<Suppressions>().Add(test.Id, "client.example", "manual", null, "test", Cancel),
            "unsubscribed" => PressTheLink(test),
            "campaign paused" => test.Get<Campaigns>().Pause(test.Id, campaign, "by a test", Cancel),
            _ => test.Get<Mailboxes>().Pause(test.Id, mailbox, "by hand", Cancel),
        });
        Assert.Equal(1, await test.Send());
        Assert.True(window.WasReached);
        Assert.Empty(sink.Messages);
        var isOver = change.Contains("suppressed", StringComparison.Ordinal) || change == "unsubscribed";
        Assert.Equal(isOver ? "cancelled 1" : "planned 1", await test.States("send_intents"));
        Assert.Equal("", await test.States("send_attempts"));
        await test.HoldsInvariants();
        // Without the change the same message goes, so it is the change that held it back.
        if (isOver) return;
        await test.Do("update workspaces set stopped_at = null, stopped_by = null, stop_reason = null");
        await test.Do("update campaigns set state = 'running', paused_reason = null");
        await test.Do("update mailboxes set state = 'connected'");
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await test.Send());
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task A_dry_run_switched_on_meanwhile_captures_instead()
    {
        await using var test = await TestWorkspace.Create();
        var window = new WhileTheBodyWaits();
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Fault = window.Fault });
        await test.Ready(sink, 1);
        window.Then(() => test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel));
        await test.Send();
        Assert.Empty(sink.Messages);
        Assert.Equal("planned 1", await test.States("send_intents"));
        await test.Send();
        Assert.Empty(sink.Messages);
        Assert.Equal("captured 1", await test.States("send_intents"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_claim_taken_over_meanwhile_sends_nothing_from_its_first_owner()
    {
        await using var test = await TestWorkspace.Create();
        var window = new WhileTheBodyWaits();
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Fault = window.Fault });
        await test.Ready(sink, 1);
        await using var other = await test.Again();
        window.Then(async () =>
        {
            // The lease ends (as if this computer had slept), and another node takes the message and sends
            // it.
            await test.Do("update send_intents set lease_until = '2020-01-01'");
            await other.Get<SendRecovery>().Run(Cancel);
            Assert.Equal(1, await other.Send());
        });
        await test.Send();
        Assert.Single(sink.Messages);
        Assert.Equal("accepted 1", await test.States("send_intents"));
        Assert.Equal(3, await test.Ask<long>("select fence from send_intents"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_process_that_slept_before_the_dot_takes_the_message_back()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        var time = (ManualTime)test.Time;
        Task<int> sending;
        await using (var holder = await test.Database.OpenInstance(Cancel))
        {
            await holder.Run("select id from mailboxes for update", null, Cancel);
            sending = test.Send();
            await Waiting.Until(() => test.Ask<bool>(
                """
                select exists (select from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock')
                """));
            time.Advance(TimeSpan.FromSeconds(3));
        }

        await sending;
        Assert.Empty(sink.Messages);
        Assert.Equal("planned 1", await test.States("send_intents"));
        Assert.Equal("deferred 1", await test.States("send_attempts"));
        Assert.Equal(0, await CountRetries(test));
        await test.HoldsInvariants();
        await test.Send();
        Assert.Single(sink.Messages);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task An_unknown_commit_holds_the_dot_and_the_message_goes_later()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        await test.Do(
            """
            create function lose() returns trigger language plpgsql as
                $$ begin raise exception 'the connection is lost'; end $$;
            create constraint trigger lost after insert on send_attempts deferrable initially deferred
                for each row execute function lose();
            """);
        await test.Send();
        Assert.Empty(sink.Messages);
        Assert.Equal("planned 1", await test.States("send_intents"));
        await test.HoldsInvariants();
        await test.Do("drop trigger lost on send_attempts");
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(2));
        await test.Send();
        Assert.Single(sink.Messages);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task The_dry_run_stores_exactly_the_bytes_that_would_have_left()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        await test.Send();
        Assert.Empty(sink.Messages);
        var captured = await test.Ask<byte[]>("select content from captured_mail");
        await test.HoldsInvariants();
        // The same message once more, for real: same clock, same marks, so the same bytes.
        await test.Get<Workspaces>().SetDryRun(test.Id, false, Cancel);
        await test.Do("delete from captured_mail");
        await test.Do("update send_intents set state = 'planned'");
        await test.Do("update enrollments set state = 'active', finish_reason = null, finished_at = null");
        await test.Do("delete from send_attempts");
        await test.Send();
        Assert.Equal(captured, Assert.Single(sink.Messages).Bytes);
    }

    // The far side put nothing off, so none of the message's retries is used up.
    static async Task<int> CountRetries(TestWorkspace test)
    {
        var intent = await test.Ask<long>("select id from send_intents");
        return await test.Database.InWorkspace(
            test.Id, session => AttemptStore.CountDeferred(session, intent, Cancel), Cancel);
    }

    static async Task PressTheLink(TestWorkspace test)
    {
        var ids = (
            await test.List<(long Enrollment, long Step)>(
                "select enrollment_id, step_id from messages")).Single();
        var marks = MessageIdentity.For(
            test.Get<SendingIdentity>().InstanceKey, test.Id, ids.Enrollment, ids.Step, "overture.example");
        Assert.True(await test.Get<Unsubscribe>().Run(marks.UnsubscribeToken, Cancel));
    }
}
