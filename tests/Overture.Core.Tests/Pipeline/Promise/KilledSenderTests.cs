using System.Runtime.Versioning;
using Overture.Mail;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// Senders that are killed, stopped and raced. Nobody gets a step twice, nothing is lost, and what is not
/// known is found out.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class KilledSenderTests
{
    const int InFlight = 8;
    const int MessagesPerKill = 30;

    [Trait("Promise", "R1")]
    [Fact]
    public async Task Kills_and_lost_answers_repeat_nothing_lose_nothing_and_leave_nothing_open()
    {
        var kills = PromiseReport.Size("R1", 20);
        var messages = kills * MessagesPerKill;
        await using var run = await PromiseRun.Start(
            messages, PromiseRun.Loses(SmtpStage.Dot), keepsCopies: true);
        await run.Kill(kills, messages);
        var uncertain = await run.Uncertain();
        await run.Verify();
        await PromiseReport.Holds(
            run, "R1", $"kills {kills} messages {messages} uncertain {uncertain}", messages);
        // At most what was in flight at each kill, and the answers that the sink itself lost.
        Assert.InRange(uncertain, 1, (kills * InFlight) + (messages / 20));
    }

    [Trait("Promise", "R1")]
    [Theory]
    [InlineData(NaiveSender.SendFirst)]
    [InlineData(NaiveSender.RecordFirst)]
    public async Task The_naive_designs_fail_in_the_same_harness(string design)
    {
        var kills = PromiseReport.Size("R1_CONTROLS", 4);
        var messages = kills * MessagesPerKill;
        await using var run = await PromiseRun.Start(
            messages, PromiseRun.Loses(design == NaiveSender.SendFirst ? SmtpStage.Dot : SmtpStage.Mail));
        await run.Kill(kills, messages, design);
        var count = await run.Count();
        PromiseReport.Say($"R1 control \"{design}\" kills {kills} messages {messages} {count}");
        Assert.True((design == NaiveSender.SendFirst ? count.Duplicates : count.Lost) > 0);
    }

    [Trait("Promise", "R13")]
    [Fact]
    public async Task Two_nodes_share_the_work_without_overlap()
    {
        var messages = PromiseReport.Size("R13", 800);
        await using var run = await PromiseRun.Start(messages);
        await Race(run, PromiseWorker.Overture);
        var shares = await run.Test.List<long>(
            "select count(*) from send_attempts group by owner order by 1 desc");
        await PromiseReport.Holds(
            run, "R13", $"messages {messages} shares {string.Join(" + ", shares)}", messages);
        Assert.Equal(messages, shares.Sum());
        Assert.Equal(2, shares.Count);
        Assert.True(shares[1] > messages / 10, "one of them did nearly everything");
    }

    [Trait("Promise", "R13")]
    [Fact]
    public async Task Two_nodes_that_look_before_they_take_overlap_in_the_same_harness()
    {
        var messages = PromiseReport.Size("R13_CONTROL", 60);
        await using var run = await PromiseRun.Start(messages);
        await Race(run, NaiveSender.NoLock);
        var count = await run.Count();
        PromiseReport.Say($"R13 control \"{NaiveSender.NoLock}\" messages {messages} {count}");
        Assert.True(count.Duplicates > 0);
    }

    [Trait("Promise", "R18")]
    [Fact]
    public async Task An_orderly_stop_leaves_nothing_uncertain()
    {
        var stops = PromiseReport.Size("R18", 4);
        var messages = stops * MessagesPerKill;
        await using var run = await PromiseRun.Start(messages);
        for (var stop = 0; stop < stops && !await run.IsIdle(); stop++)
        {
            using var worker = PromiseWorker.Start(run.Test);
            var goal = Math.Min(run.Sink.Messages.Count + 7, messages);
            worker.Go();
            await Waiting.Until(
                () => Task.FromResult(run.Sink.Messages.Count >= goal), TimeSpan.FromMinutes(5));
            await worker.Stop();
            Assert.Equal(0, await run.Test.Ask<long>(
                "select count(*) from send_intents where state in ('claimed', 'submitting', 'uncertain')"));
        }

        await PromiseReport.Holds(run, "R18", $"stops {stops} uncertain 0", (await run.Count()).Arrived);
    }

    /// <summary>Not a test: the process that the tests above kill.</summary>
    [Fact(Explicit = true)]
    public Task Worker_that_is_killed() => PromiseWorker.Work();

    static async Task Race(PromiseRun run, string design)
    {
        using var one = PromiseWorker.Start(run.Test, design);
        using var two = PromiseWorker.Start(run.Test, design);
        await Task.WhenAll(one.Ready(), two.Ready());
        one.Go();
        two.Go();
        await Waiting.Until(run.IsIdle, TimeSpan.FromMinutes(20));
        await one.Stop();
        await two.Stop();
    }
}
