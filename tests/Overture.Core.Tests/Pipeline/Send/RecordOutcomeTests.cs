using System.Runtime.Versioning;
using Npgsql;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class RecordOutcomeTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SmtpStage.Rcpt)]
    [InlineData(SmtpStage.Data)]
    [InlineData(SmtpStage.Dot)]
    public async Task A_temporary_refusal_is_retried_twice_with_growing_delay_and_then_given_up(
        SmtpStage stage)
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = SmtpSinkFault.At(stage, SmtpSinkBehaviour.Answer4xx),
        });
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        var time = (ManualTime)test.Time;
        var delays = new List<double>();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            Assert.Equal(1, await test.Send());
            var due = await test.Ask<DateTime>("select due_at from send_intents");
            delays.Add((due - time.GetUtcNow().UtcDateTime).TotalMinutes);
            Assert.Equal("planned 1", await test.States("send_intents"));
            await test.HoldsInvariants();
            time.Advance(TimeSpan.FromMinutes(delays[^1]) - TimeSpan.FromSeconds(1));
            Assert.Equal(0, await test.Send());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([5, 10], delays);
        Assert.Equal(1, await test.Send());
        Assert.Equal("rejected 1", await test.States("send_intents"));
        Assert.Equal("failed", await test.Ask<string>("select finish_reason from enrollments"));
        Assert.Contains(
            "Given up after 3 tries", await test.Ask<string>("select error from messages"),
                StringComparison.Ordinal);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await test.Send());
        Assert.Empty(sink.Messages);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_temporary_refusal_that_passes_loses_nothing()
    {
        var refusals = 2;
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = moment => moment is { Stage: SmtpStage.Dot, Line: "." } && refusals > 0
                ? SmtpSinkBehaviour.Answer4xx : null,
        });
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        for (; refusals > 0; refusals--)
        {
            await test.Send();
            ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(10));
        }

        await test.Send();
        Assert.Single(sink.Messages);
        Assert.Equal("accepted 1, deferred 2", await test.States("send_attempts"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_permanent_refusal_is_never_retried()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = SmtpSinkFault.At(SmtpStage.Dot, SmtpSinkBehaviour.Answer5xx),
        });
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        await test.Send();
        ((ManualTime)test.Time).Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await test.Send());
        Assert.Equal("rejected 1", await test.States("send_intents"));
        Assert.Contains("554", await test.Ask<string>("select reply_code || response from send_attempts"),
            StringComparison.Ordinal);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_suppressed_and_everything_for_it_ends()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        await using var servers = await MailServers.Start(Cancel);
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox(null, draft => draft with
        {
            SmtpHost = "127.0.0.1", SmtpPort = servers.SmtpPort,
                SmtpCa = servers.CaCertificate.ExportCertificatePem(),
        });
        await test.Get<AddLead>().Run(
            test.Id, new Contact { FullName = "No Body", Email = $"nobody@{MailServers.Domain}" }, null,
                Cancel);
        await test.Start(mailbox, TestWorkspace.Email("Hi", "Hello"), TestWorkspace.Email("Again", "Hello"));
        await test.Write();
        await test.Send();
        Assert.Equal("rejected 1", await test.States("send_intents"));
        Assert.Equal("bounced", await test.Ask<string>("select finish_reason from enrollments"));
        Assert.Equal(
            "hard_bounce",
                await test.Ask<string>("select reason from suppressions where value like 'nobody@%'"));
        Assert.Equal(1, await test.Ask<long>("select count(*) from events where kind = 'bounced'"));
        Assert.Equal("rejected 1", await test.States("send_attempts"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_wrong_password_breaks_the_mailbox_with_a_sentence_and_keeps_the_message()
    {
        await using var sink = SmtpSink.Start(
            new SmtpSinkOptions { StartTls = true, User = "ada", Password = "right" });
        await using var test = await TestWorkspace.Create();
        var (mailbox, campaign) = await test.Ready(sink, 1, draft => draft with { SmtpPassword = "wrong" });
        await test.Send();
        Assert.Equal("broken 1", await test.States("mailboxes"));
        Assert.Equal("planned 1", await test.States("send_intents"));
        var why = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        Assert.Contains("mailbox_broken", why.Select(obstacle => obstacle.Code));
        Assert.Contains("password", why[0].Sentence, StringComparison.OrdinalIgnoreCase);
        await test.HoldsInvariants();
        // Mended, it goes; the failed login was no attempt of the message.
        await test.Get<Mailboxes>().Update(
            test.Id, mailbox,
            MailboxDraft.Of(
                await test.Get<Mailboxes>()
                    .Get(test.Id, mailbox, Cancel)) with { SmtpPassword = "right" }, Cancel);
        Assert.True((await test.Get<TestMailbox>().Run(test.Id, mailbox, Cancel)).Works);
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(10));
        await test.Send();
        Assert.Equal("ada", Assert.Single(sink.Messages).User);
        await test.HoldsInvariants();
    }

    [Theory]
    [InlineData(SmtpSinkCertificate.Expired)]
    [InlineData(SmtpSinkCertificate.OtherName)]
    [InlineData(SmtpSinkCertificate.SelfSigned)]
    public async Task A_wrong_certificate_breaks_the_mailbox_with_a_sentence(SmtpSinkCertificate certificate)
    {
        await using var sink = SmtpSink.Start(
            new SmtpSinkOptions { StartTls = true, Certificate = certificate });
        await using var test = await TestWorkspace.Create();
        var (mailbox, _) = await test.Ready(sink, 1);
        await test.Send();
        Assert.Equal("broken 1", await test.States("mailboxes"));
        var reason = await test.Ask<string>("select broken_reason from mailboxes");
        Assert.Contains("certificate", reason, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(".", reason, StringComparison.Ordinal);
        Assert.Equal(0, await test.Send());
        Assert.False((await test.Get<TestMailbox>().Run(test.Id, mailbox, Cancel)).Works);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_server_that_is_away_costs_no_retries()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = SmtpSinkFault.At(SmtpStage.Connect, SmtpSinkBehaviour.Reset),
        });
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        for (var hour = 0; hour < 6; hour++)
        {
            Assert.Equal(1, await test.Send());
            Assert.Equal(0, await test.Send());
            ((ManualTime)test.Time).Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal("planned 1", await test.States("send_intents"));
        await test.HoldsInvariants();
    }

    [Theory]
    [InlineData(SmtpSinkBehaviour.Timeout)]
    [InlineData(SmtpSinkBehaviour.Close)]
    [InlineData(SmtpSinkBehaviour.Reset)]
    [InlineData(SmtpSinkBehaviour.Garbage)]
    [InlineData(SmtpSinkBehaviour.CutMultiLine)]
    public async Task Silence_after_the_dot_is_uncertain_counts_as_sent_and_is_never_sent_again(
        SmtpSinkBehaviour how)
    {
        await using var sink = SmtpSink.Start(
            new SmtpSinkOptions { Fault = SmtpSinkFault.At(SmtpStage.Dot, how) });
        await using var test = await TestWorkspace.Create();
        var (_, campaign) = await test.Ready(sink, 1, draft => draft with { DailyLimit = 1 });
        var time = (ManualTime)test.Time;
        var sending = test.Send();
        while (!sending.IsCompleted)
        {
            if (sink.Messages.Count > 0) time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }

        await sending;
        Assert.Equal("uncertain 1", await test.States("send_intents"));
        Assert.Equal("completed", await test.Ask<string>("select finish_reason from enrollments"));
        Assert.Equal("open 1", await test.States("tasks"));
        Assert.Contains("ann1@client.example", await test.Ask<string>("select title from tasks"),
            StringComparison.Ordinal);
        Assert.Equal(1, await test.Ask<long>("select count(*) from events where kind = 'uncertain'"));
        // It counts against the day's limit.
        var why = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        Assert.Contains("daily_limit", why.Select(obstacle => obstacle.Code));
        time.Advance(TimeSpan.FromDays(30));
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal(0, await test.Send());
        Assert.True(sink.Messages.Count <= 1);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_refused_dot_after_an_unsubscribe_cancels_instead_of_waiting_for_ever()
    {
        await using var test = await TestWorkspace.Create();
        var hasActed = 0;
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = moment =>
            {
                if (moment is not { Stage: SmtpStage.Dot, Line: "." }) return null;
                if (Interlocked.Exchange(ref hasActed, 1) == 0)
                    test.Get<Suppressions>().Add(test.Id, "ann1@client.example", "manual", null, "test",
                        Cancel)
                        .GetAwaiter().GetResult();
                return SmtpSinkBehaviour.Answer4xx;
            },
        });
        await test.Ready(sink, 1);
        await test.Send();
        Assert.Equal("cancelled 1", await test.States("send_intents"));
        Assert.Equal("cancelled 1", await test.States("messages"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_written_is_never_taken_for_unsent()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        await BreakAnswers(test);
        await Assert.ThrowsAsync<PostgresException>(() => WhileTimePasses(test, sink, test.Send()));
        Assert.Single(sink.Messages);
        Assert.Equal("submitting 1", await test.States("send_intents"));
        await test.Do("drop trigger broken on send_attempts");
        Assert.Equal(0, await test.Send());
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(20));
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("uncertain 1", await test.States("send_intents"));
        Assert.Equal(0, await test.Send());
        Assert.Single(sink.Messages);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task What_a_broken_batch_left_is_settled_once_the_database_writes_again()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        await BreakAnswers(test);
        var loop = test.Get<SendLoop>();
        await WhileTimePasses(test, sink, loop.Drain(test.Node.Id, Cancel));
        await test.Get<SendRecovery>().Run(Cancel);
        // Its node lives and its lease runs, so nobody else may touch it.
        Assert.Equal("submitting 1", await test.States("send_intents"));
        await test.Do("drop trigger broken on send_attempts");
        await loop.Drain(test.Node.Id, Cancel);
        ((ManualTime)test.Time).Advance(TimeSpan.FromSeconds(1));
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("uncertain 1", await test.States("send_intents"));
        Assert.Single(sink.Messages);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_sender_that_was_given_up_still_says_what_the_server_answered()
    {
        await using var test = await TestWorkspace.Create();
        await using var other = await test.Again();
        var hasActed = 0;
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = moment =>
            {
                if (moment is { Stage: SmtpStage.Dot, Line: "." }
                    && Interlocked.Exchange(ref hasActed, 1) == 0)
                {
                    // As if this node's connection to the database had broken: the others believe it dead.
                    test.Do("update send_intents set lease_until = '2020-01-01'").GetAwaiter().GetResult();
                    other.Get<SendRecovery>().Run(Cancel).GetAwaiter().GetResult();
                }

                return null;
            },
        });
        await test.Ready(sink, 1);
        await test.Send();
        Assert.Single(sink.Messages);
        Assert.Equal("accepted 1", await test.States("send_intents"));
        Assert.Equal("accepted 1", await test.States("send_attempts"));
        await test.HoldsInvariants();
    }

    static Task BreakAnswers(TestWorkspace test) => test.Do(
        """
        create function full_disk() returns trigger language plpgsql as
            $$ begin raise exception 'no space left'; end $$;
        create trigger broken before update on send_attempts for each row execute function full_disk();
        """);

    static async Task WhileTimePasses(TestWorkspace test, SmtpSink sink, Task sending)
    {
        while (!sending.IsCompleted)
        {
            if (sink.Messages.Count > 0) ((ManualTime)test.Time).Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }

        await sending;
    }
}
