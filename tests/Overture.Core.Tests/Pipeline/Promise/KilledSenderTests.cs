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

    [Fact]
    public async Task Kills_and_lost_answers_repeat_nothing_lose_nothing_and_leave_nothing_open()
    {
        var kills = PromiseRun.Size("R1", 8);
        var messages = kills * MessagesPerKill;
        await using var run = await PromiseRun.Start(messages, SmtpStage.Dot, keepsCopies: true);
        await run.Kill(kills, messages);
        var uncertain = await run.Uncertain();
        await run.Verify();
        var (duplicates, lost, arrived) = await run.Count();
        var open = await run.Uncertain();
        PromiseRun.Say(
            $"R1 kills {kills} messages {messages} duplicates {duplicates} lost {lost} uncertain {uncertain} "
            + $"unresolved {open} arrived {arrived}");
        Assert.Equal((0, 0, messages), (duplicates, lost, arrived));
        // At most what was in flight at each kill, and the answers that the sink itself lost.
        Assert.InRange(uncertain, 1, (kills * InFlight) + (messages / 20));
        Assert.Equal(0, open);
        await run.Test.HoldsInvariants();
    }

    [Theory]
    [InlineData("send first")]
    [InlineData("record first")]
    public async Task The_naive_designs_fail_in_the_same_harness(string design)
    {
        var kills = PromiseRun.Size("R1_CONTROLS", 4);
        var messages = kills * MessagesPerKill;
        await using var run = await PromiseRun.Start(
            messages, design == "send first" ? SmtpStage.Dot : SmtpStage.Mail);
        await run.Kill(kills, messages, design);
        var (duplicates, lost, _) = await run.Count();
        PromiseRun.Say(
            $"R1 control \"{design}\" kills {kills} messages {messages} duplicates {duplicates} lost {lost}");
        if (design == "send first") Assert.True(duplicates > 0);
        else Assert.True(lost > 0);
    }

    [Fact]
    public async Task Two_nodes_share_the_work_without_overlap()
    {
        var messages = PromiseRun.Size("R13", 400);
        await using var run = await PromiseRun.Start(messages);
        using var one = PromiseWorker.Start(run.Test);
        using var two = PromiseWorker.Start(run.Test);
        one.Go();
        two.Go();
        await Waiting.Until(run.IsIdle, TimeSpan.FromMinutes(10));
        await one.Stop();
        await two.Stop();
        var (duplicates, lost, arrived) = await run.Count();
        var nodes = await run.Test.Ask<long>("select count(distinct owner) from send_attempts");
        PromiseRun.Say($"R13 nodes {nodes} messages {messages} duplicates {duplicates} lost {lost}");
        Assert.Equal((0, 0, messages, 0L), (duplicates, lost, arrived, await run.Uncertain()));
        await run.Test.HoldsInvariants();
    }

    [Fact]
    public async Task An_orderly_stop_leaves_nothing_uncertain()
    {
        var stops = PromiseRun.Size("R18", 4);
        var messages = stops * MessagesPerKill;
        await using var run = await PromiseRun.Start(messages);
        for (var stop = 0; stop < stops && !await run.IsIdle(); stop++)
        {
            using var worker = PromiseWorker.Start(run.Test);
            var goal = Math.Min(run.Sink.Messages.Count + 7, messages);
            worker.Go();
            await Waiting.Until(() => Task.FromResult(run.Sink.Messages.Count >= goal));
            await worker.Stop();
            Assert.Equal(0, await run.Test.Ask<long>(
                "select count(*) from send_intents where state in ('claimed', 'submitting', 'uncertain')"));
        }

        var (duplicates, lost, arrived) = await run.Count();
        PromiseRun.Say($"R18 stops {stops} sent {arrived} duplicates {duplicates} lost {lost} uncertain 0");
        Assert.Equal((0, 0), (duplicates, lost));
        await run.Test.HoldsInvariants();
    }

    /// <summary>Not a test: the process that the tests above kill.</summary>
    [Fact(Explicit = true)]
    public Task Worker_that_is_killed() => PromiseWorker.Work();
}
