using System.Runtime.Versioning;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// A sender that stands still past its lease, is replaced, and goes on without knowing it. What it had
/// recorded and not let go must not leave any more, for its heir has sent it since.
/// </summary>
[Trait("Promise", "R4")]
[SupportedOSPlatform("linux")]
public sealed class ZombieSenderTests
{
    const int MessagesPerPause = 40;
    const int SentBefore = 9;

    /// <summary>Whoever holds this advisory lock keeps every attempt from being committed.</summary>
    const int CommitGate = 7_202;

    /// <summary>Longer than the deadline before the dot.</summary>
    static readonly TimeSpan Sleep = TimeSpan.FromSeconds(2.5);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_that_slept_past_its_lease_repeats_nothing()
    {
        var pauses = PromiseReport.Size("R4", 3);
        await using var run = await Start(pauses);
        for (var pause = 0; pause < pauses; pause++)
            await SleepAndWake(run, PromiseWorker.Overture, isCommitting: pause % 2 == 0);
        var replaced = await Replaced(run);
        await run.Verify();
        await PromiseReport.Holds(
            run, "R4", $"pauses {pauses} replaced at the dot {replaced}", pauses * MessagesPerPause);
        Assert.True(replaced > 0, "no pause fell between a commit and its dot");
    }

    [Fact]
    public async Task Without_the_deadline_before_the_dot_the_same_harness_finds_repetitions()
    {
        var pauses = PromiseReport.Size("R4_CONTROL", 1);
        await using var run = await Start(pauses);
        for (var pause = 0; pause < pauses; pause++)
            await SleepAndWake(run, PromiseWorker.NoDeadline, isCommitting: true);
        var count = await run.Count();
        PromiseReport.Say($"R4 control \"{PromiseWorker.NoDeadline}\" pauses {pauses} {count}");
        Assert.True(count.Duplicates > 0);
    }

    [Fact]
    public async Task A_node_whose_clock_is_ahead_takes_everything_over_and_repeats_nothing()
    {
        var messages = PromiseReport.Size("R4_CLOCK", 60);
        await using var run = await Start(messages / MessagesPerPause + 1);
        await run.Release(messages);
        await using var ahead = await TestWorkspace.Join(
            run.Test.ConnectionString, run.Test.Id, new ClockAhead());
        using var worker = PromiseWorker.Start(run.Test);
        await worker.Ready();
        worker.Go();
        var taken = 0;
        await Waiting.Until(async () =>
        {
            // To this node every lease has ended, however young.
            var settled = await ahead.Get<SendRecovery>().Run(Cancel);
            taken += settled;
            if (settled > 0) await ahead.Get<SendDue>().RunBatch(ahead.Node.Id, ahead.Id, Cancel);
            return await run.IsQuiet();
        });
        await worker.Stop();
        await run.Verify();
        await PromiseReport.Holds(run, "R4", $"clock ahead by an hour, taken over {taken}", messages);
        Assert.True(taken > 0);
    }

    static async Task<PromiseRun> Start(int pauses)
    {
        var run = await PromiseRun.Start(pauses * MessagesPerPause, keepsCopies: true);
        await run.Postpone();
        // Commits take a while here, and wait at the gate, so that a pause finds letters between their commit
        // and their dot.
        await run.Test.Do(
            $"""
            create function linger() returns trigger language plpgsql as $$ begin
                perform pg_advisory_xact_lock_shared({CommitGate}), pg_sleep(0.02); return null; end $$;
            create constraint trigger lingers after insert on send_attempts initially deferred
                for each row execute function linger();
            """);
        return run;
    }

    static async Task SleepAndWake(PromiseRun run, string design, bool isCommitting)
    {
        using var sleeper = PromiseWorker.Start(run.Test, design);
        using var heir = PromiseWorker.Start(run.Test);
        await Task.WhenAll(sleeper.Ready(), heir.Ready());
        await run.Release(MessagesPerPause);
        var goal = run.Sink.Messages.Count + SentBefore;
        await using (var gate = await run.Test.Database.Open(run.Test.Id, Cancel))
        {
            if (isCommitting)
                await gate.Run("select pg_advisory_xact_lock(@CommitGate)", new { CommitGate }, Cancel);
            sleeper.Go();
            await Waiting.Until(async () =>
                isCommitting ? await IsCommitting(run) : run.Sink.Messages.Count >= goal);
            sleeper.Freeze();
        }

        var since = TimeProvider.System.GetTimestamp();
        await run.Test.Do("update send_intents set lease_until = now() where owner is not null");
        heir.Go();
        await Waiting.Until(run.IsQuiet);
        // Looked for in Sent on a clock that runs ahead; what is not there the heir's side sends once more.
        await run.Verify();
        await Waiting.Until(() => Task.FromResult(TimeProvider.System.GetElapsedTime(since) > Sleep));
        sleeper.Thaw();
        await sleeper.Stop();
        await heir.Stop();
        await run.Test.Get<SendRecovery>().Run(Cancel);
    }

    static Task<bool> IsCommitting(PromiseRun run) => run.Test.Ask<bool>(
        """
        select exists (select from pg_locks
                       where locktype = 'advisory' and objid = @CommitGate and not granted)
        """,
        new { CommitGate });

    /// <summary>Attempts that were on record when their sender fell asleep, and were sent again.</summary>
    static Task<long> Replaced(PromiseRun run) =>
        run.Test.Ask<long>("select count(*) from send_attempts where state = 'absent'");

    sealed class ClockAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(1);
    }
}
