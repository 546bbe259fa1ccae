using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>What becomes of messages whose answer was lost: evidence decides, or a person does.</summary>
[SupportedOSPlatform("linux")]
public sealed class VerifySendsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Found_in_the_Sent_folder_is_accepted_and_the_sequence_goes_on()
    {
        await using var lost = await LostAnswer.Create(isKept: true);
        lost.Show(0, 1);
        await lost.Look(2);
        Assert.Equal("accepted 2", await lost.Test.States("send_intents"));
        Assert.Equal("sent_folder found by its Message-ID", await lost.Evidence());
        Assert.Equal("finished 2", await lost.Test.States("enrollments"));
        await lost.Test.HoldsInvariants();
    }

    [Fact]
    public async Task A_rewritten_Message_ID_is_found_by_our_own_header_and_kept()
    {
        await using var lost = await LostAnswer.Create(isKept: true);
        lost.Show(0);
        lost.Sent.Deliver("Sent", "Message-ID: <new@provider.example>\r\n" + string.Join(
            "\r\n", lost.Text(1).Split("\r\n").Where(line =>
                !line.StartsWith("Message-ID", StringComparison.OrdinalIgnoreCase))), tell: false);
        await lost.Look(2);
        Assert.Equal("accepted 2", await lost.Test.States("send_intents"));
        Assert.Contains(
            "<new@provider.example>", await lost.Test.List<string>("select message_id from messages"));
    }

    [Fact]
    public async Task Absent_takes_three_looks_and_a_quarter_of_an_hour_then_one_more_attempt()
    {
        await using var lost = await LostAnswer.Create(isKept: false);
        lost.Show(0);
        await lost.Look(2);
        await lost.Look(9);
        Assert.Equal("accepted 1, uncertain 1", await lost.Test.States("send_intents"));
        await lost.Look(9);
        Assert.Equal("accepted 1, planned 1", await lost.Test.States("send_intents"));
        Assert.Equal("absent 3", await lost.Looks());
        await lost.Test.Send();
        Assert.Equal("accepted 2", await lost.Test.States("send_intents"));
        Assert.Equal("absent 1, accepted 2", await lost.Test.States("send_attempts"));
        Assert.Equal(2, lost.Sink.Messages.Select(one => one.Recipients[0]).Distinct().Count());
        await lost.Test.HoldsInvariants();
    }

    [Fact]
    public async Task A_folder_that_keeps_no_copies_proves_nothing_and_a_person_is_asked()
    {
        await using var lost = await LostAnswer.Create(isKept: false);
        for (var look = 0; look < 4; look++) await lost.Look(20);
        Assert.Equal("unreadable 4", await lost.Looks());
        Assert.Equal("", await lost.Test.States("tasks"));
        await lost.Look(60 * 24);
        Assert.Equal("accepted 1, uncertain 1", await lost.Test.States("send_intents"));
        Assert.Equal("open 1", await lost.Test.States("tasks"));
        Assert.Equal(0, await lost.Test.Send());
        await lost.Test.HoldsInvariants();
    }

    [Theory]
    [InlineData(Verdict.Arrived, "accepted 1, assumed 1", "sent 2")]
    [InlineData(Verdict.SendAgain, "accepted 1, planned 1", "scheduled 1, sent 1")]
    [InlineData(Verdict.Leave, "accepted 1, cancelled 1", "cancelled 1, sent 1")]
    public async Task A_person_settles_it_once(Verdict verdict, string intents, string messages)
    {
        await using var lost = await LostAnswer.Create(isKept: false);
        var id = await lost.Test.Ask<long>("select message_id from send_intents where state = 'uncertain'");
        await lost.Test.Get<SettleSend>().Settle(lost.Test.Id, id, verdict, "Ada", Cancel);
        Assert.Equal(intents, await lost.Test.States("send_intents"));
        Assert.Equal(messages, await lost.Test.States("messages"));
        await lost.Test.HoldsInvariants();
        var again = await Assert.ThrowsAsync<RuleBroken>(
            () => lost.Test.Get<SettleSend>().Settle(lost.Test.Id, id, verdict, "Ada", Cancel));
        Assert.Equal("message_not_uncertain", again.Code);
        while (await lost.Test.Send() > 0) { }
        Assert.Equal(
            0, await lost.Test.Ask<long>("select count(*) from send_intents where state = 'planned'"));
        await lost.Test.HoldsInvariants();
    }

    /// <summary>Two messages: the answer to the first dot came, the answer to the second was lost.</summary>
    sealed class LostAnswer(TestWorkspace test, SmtpSink sink, ImapSink sent) : IAsyncDisposable
    {
        public TestWorkspace Test => test;

        public SmtpSink Sink => sink;

        public ImapSink Sent => sent;

        /// <summary>Kept: the server took the message, and only its answer was lost.</summary>
        public static async Task<LostAnswer> Create(bool isKept)
        {
            var sink = SmtpSink.Start(new SmtpSinkOptions
            {
                Fault = moment => moment is { Stage: SmtpStage.Dot, Connection: 2, Message: 0 }
                    ? isKept ? SmtpSinkBehaviour.Close : SmtpSinkBehaviour.Reset : null,
            });
            var test = await TestWorkspace.Create();
            var sent = new ImapSink { User = "ada@overture.example" }.Start();
            var (mailbox, _) = await test.Ready(sink, 1);
            await test.Get<MailboxReaders>().Put(
                test.Id, mailbox,
                new MailboxReaderDraft
                {
                    ImapHost = "localhost", ImapPort = sent.Port, ImapSecurity = "none",
                    ImapUsername = sent.User, ImapSecret = sent.Secret,
                },
                Cancel);
            await test.Send();
            ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(5));
            await test.AddLeads(2);
            await test.Write();
            await test.Send();
            Assert.Equal("accepted 1, uncertain 1", await test.States("send_intents"));
            return new LostAnswer(test, sink, sent);
        }

        public string Text(int number) => Encoding.Latin1.GetString(sink.Messages[number].Bytes);

        public void Show(params int[] numbers)
        {
            foreach (var number in numbers) sent.Deliver("Sent", Text(number), tell: false);
        }

        public async Task Look(int minutes)
        {
            ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(minutes));
            await test.Get<VerifySends>().Run(Cancel);
        }

        public Task<string> Evidence() =>
            test.Ask<string>("select source || ' ' || result || ' ' || detail from send_evidence");

        public async Task<string> Looks() => string.Join(
            ", ",
            await test.List<string>("select result || ' ' || count(*) from send_evidence group by result"));

        public async ValueTask DisposeAsync()
        {
            await test.DisposeAsync();
            await sink.DisposeAsync();
            await sent.DisposeAsync();
        }
    }
}
