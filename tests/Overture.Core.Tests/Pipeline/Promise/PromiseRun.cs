using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// What the sink holds against what the tables say: copies beyond the first of any message, messages recorded
/// as sent that never arrived, and messages that arrived although no attempt of them is on record.
/// </summary>
sealed record PromiseCount(int Duplicates, int Lost, int Unrecorded, int Arrived)
{
    public override string ToString() =>
        $"duplicates {Duplicates} lost {Lost} unrecorded {Unrecorded} arrived {Arrived}";
}

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

    /// <summary>Loses one answer in thirty-three at this stage.</summary>
    public static Func<SmtpSinkMoment, SmtpSinkBehaviour?> Loses(SmtpStage stage) => moment =>
        moment.Stage == stage && ((moment.Connection * 31) + moment.Message) % BreaksOneIn == 0
            ? SmtpSinkBehaviour.Close : null;

    public static async Task<PromiseRun> Start(
        int messages, Func<SmtpSinkMoment, SmtpSinkBehaviour?>? fault = null, bool keepsCopies = false,
        string? database = null)
    {
        var sink = SmtpSink.Start(new SmtpSinkOptions { Fault = fault ?? (_ => null) });
        var test = database is null
            ? await TestWorkspace.Create(TimeProvider.System)
            : await TestWorkspace.CreateOn(database, TimeProvider.System);
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
        // Without it a server that knows nothing of these tables plans changes of many rows badly.
        await test.Do("analyze send_due, send_intents, enrollments, messages");
        return new PromiseRun(test, sink, sent);
    }

    /// <summary>
    /// Kills the sender again and again, each time somewhere within its work; then nothing is left in flight.
    /// </summary>
    public async Task Kill(int kills, int messages, string design = PromiseWorker.Overture)
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

    /// <summary>Nothing is under way, and nothing that is due waits.</summary>
    public Task<bool> IsQuiet() => Test.Ask<bool>(
        "select not exists (select from send_due where owner is not null or due_at <= now())");

    /// <summary>Everything that waits becomes due only when it is released.</summary>
    public Task Postpone() => Test.Do(
        "update send_intents set due_at = now() + interval '1 year' where state = 'planned'");

    /// <summary>So many of the postponed messages become due now.</summary>
    public Task Release(int messages) => Test.Do(
        """
        update send_intents set due_at = now() where id in (
            select id from send_intents where state = 'planned' and due_at > now() + interval '1 month'
            order by id limit @messages)
        """,
        new { messages });

    public Task<int> Postponed() => Test.Ask<int>(
        """
        select count(*)::int from send_intents
        where state = 'planned' and due_at > now() + interval '1 month'
        """);

    /// <summary>What rests after a fault need not rest here.</summary>
    public async Task Hurry()
    {
        await Test.Do("update mailboxes set exhausted_until = null, exhausted_reason = null");
        await Test.Do(
            """
            update send_intents set due_at = now()
            where state = 'planned' and due_at between now() and now() + interval '1 month'
            """);
    }

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

    public async Task<PromiseCount> Count()
    {
        var copies = Sink.Messages.Select(Reference).CountBy(token => token).ToDictionary();
        var accepted = await Test.List<string>(
            """
            select m.reference_token from messages m
            join send_intents i on i.message_id = m.id where i.state = 'accepted'
            """);
        var attempted = await Test.List<string>(
            """
            select m.reference_token from messages m
            join send_intents i on i.message_id = m.id
            where exists (select from send_attempts a where a.intent_id = i.id
                and a.state in ('submitting', 'accepted', 'uncertain'))
            """);
        return new PromiseCount(
            copies.Values.Sum(count => count - 1), accepted.Count(token => !copies.ContainsKey(token)),
            copies.Keys.Except(attempted).Count(), copies.Count);
    }

    /// <summary>What the tables say of each message that never arrived.</summary>
    public async Task<string> Missing()
    {
        var arrived = Sink.Messages.Select(Reference).ToHashSet();
        var told = await Test.List<(string Token, string Words)>(
            """
            select m.reference_token, concat_ws(' ', i.state, i.reason, i.due_at, m.error, (
                select string_agg(concat_ws(' ', a.state, a.stage, a.response), ', ' order by a.id)
                from send_attempts a where a.intent_id = i.id))
            from messages m join send_intents i on i.message_id = m.id order by i.id
            """);
        return string.Join(
            "; ", told.Where(message => !arrived.Contains(message.Token)).Select(message => message.Words));
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
