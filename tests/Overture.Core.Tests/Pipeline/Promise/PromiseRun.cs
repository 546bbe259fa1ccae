using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// A campaign over a sink that loses some of its answers and keeps copies in a Sent folder, as providers do.
/// The sink is the outside checker: what it holds is what was sent.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class PromiseRun : IAsyncDisposable
{
    const int BreaksOneIn = 33;

    /// <summary>Some copies are seen in Sent only after a while.</summary>
    static readonly TimeSpan LateBy = TimeSpan.FromMinutes(7);

    readonly ConcurrentDictionary<int, byte> shown = new();

    PromiseRun(TestWorkspace test, SmtpSink sink, ImapSink sent) => (Test, Sink, Sent) = (test, sink, sent);

    public TestWorkspace Test { get; }

    public SmtpSink Sink { get; }

    public ImapSink Sent { get; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>How large a family runs: small in every test run, full by scripts/promise.</summary>
    public static int Size(string family, int small) =>
        int.TryParse(
            Environment.GetEnvironmentVariable($"OVERTURE_PROMISE_{family}"), CultureInfo.InvariantCulture,
            out var full) ? full : small;

    public static async Task<PromiseRun> Start(
        int messages, SmtpStage? breaksAt = null, bool keepsCopies = false)
    {
        var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = moment => moment.Stage == breaksAt
                && ((moment.Connection * 31) + moment.Message) % BreaksOneIn == 0
                    ? SmtpSinkBehaviour.Close : null,
        });
        var test = await TestWorkspace.Create(TimeProvider.System);
        var mailbox = await test.AddMailbox(sink, draft => draft with
        {
            PerMinuteLimit = 1_000_000, DailyLimit = 1_000_000, WeeklyLimit = 1_000_000,
        });
        var sent = new ImapSink { User = "ada@overture.example" }.Start();
        if (keepsCopies)
            await test.Get<MailboxReaders>().Put(
                test.Id, mailbox,
                new MailboxReaderDraft
                {
                    ImapHost = "localhost", ImapPort = sent.Port, ImapSecurity = "none",
                    ImapUsername = sent.User, ImapSecret = sent.Secret,
                },
                Cancel);
        await test.AddLeads(messages);
        await test.Start(mailbox);
        await test.Write();
        return new PromiseRun(test, sink, sent);
    }

    /// <summary>
    /// Kills the sender again and again, each time somewhere within its work; then nothing is left in flight.
    /// </summary>
    public async Task Kill(int kills, int messages, string design = "overture")
    {
        var random = new Random(kills);
        var next = PromiseWorker.Start(Test, design);
        try
        {
            for (var kill = 0; kill < kills; kill++)
            {
                using var worker = next;
                next = PromiseWorker.Start(Test, design);
                var before = Sink.Messages.Count;
                var goal = Math.Min(before + random.Next(1, Math.Max(2, 2 * messages / kills)), messages - 1);
                worker.Go();
                await Waiting.Until(async () =>
                    worker.Process.HasExited || Sink.Messages.Count >= goal || await IsIdle());
                await worker.Kill();
            }

            next.Go();
            await Waiting.Until(async () => next.Process.HasExited || await IsIdle());
            await next.Kill();
        }
        finally
        {
            next.Dispose();
        }

        await Test.Get<SendRecovery>().Run(Cancel);
    }

    public Task<bool> IsIdle() => Test.Ask<bool>("select not exists (select from send_due)");

    /// <summary>Looks into Sent, on a clock of its own, until nothing is uncertain any more.</summary>
    public async Task Verify()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var later = await TestWorkspace.Join(Test.ConnectionString, Test.Id, time);
        for (var round = 0; round < 12 && await Uncertain() > 0; round++)
        {
            time.Advance(TimeSpan.FromMinutes(round == 0 ? 2 : 9));
            ShowCopies(round * 9 >= LateBy.TotalMinutes);
            while (await later.Get<VerifySends>().Run(Cancel) > 0) { }
            while (await later.Send() > 0) { }
        }
    }

    public Task<long> Uncertain() =>
        Test.Ask<long>("select count(*) from send_intents where state = 'uncertain'");

    /// <summary>
    /// Copies beyond the first of any message, and messages recorded as sent that never arrived.
    /// </summary>
    public async Task<(int Duplicates, int Lost, int Arrived)> Count()
    {
        var copies = Sink.Messages.Select(Reference).CountBy(token => token).ToDictionary();
        var accepted = await Test.List<string>(
            """
            select m.reference_token from messages m
            join send_intents i on i.message_id = m.id where i.state = 'accepted'
            """);
        return (
            copies.Values.Sum(count => count - 1), accepted.Count(token => !copies.ContainsKey(token)),
            copies.Count);
    }

    /// <summary>One line for scripts/promise and for the test's output.</summary>
    public static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("OVERTURE_PROMISE_REPORT") is { Length: > 0 } report)
            File.AppendAllText(report, line + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        await Test.DisposeAsync();
        await Sink.DisposeAsync();
        await Sent.DisposeAsync();
    }

    void ShowCopies(bool alsoLate)
    {
        var messages = Sink.Messages;
        for (var at = 0; at < messages.Count; at++)
            if ((at % 2 == 0 || alsoLate) && shown.TryAdd(at, 0))
                Sent.Deliver("Sent", Encoding.Latin1.GetString(messages[at].Bytes), tell: false);
    }

    static string Reference(SmtpSinkMessage message) =>
        MimeReader.Read(message.Bytes).Headers.First(header =>
            header.Name == EmailBuilder.ReferenceHeader).Value.Trim();
}
