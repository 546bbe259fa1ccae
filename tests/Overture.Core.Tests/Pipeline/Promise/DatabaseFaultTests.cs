using System.Runtime.Versioning;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// The database crashes, is restarted, loses sessions, stands still, and runs out of disk while a sender is
/// at work. What cannot be recorded is not sent, and sending goes on by itself.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class DatabaseFaultTests
{
    const int MessagesPerFault = 30;

    /// <summary>Many more than the pages at hand have room for.</summary>
    const int MessagesPerDisk = 600;

    static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(30);

    /// <summary>Everything that had to wait, also on a busy computer.</summary>
    static readonly TimeSpan SentWithin = TimeSpan.FromMinutes(5);

    /// <summary>Longer than the deadline before the dot.</summary>
    static readonly TimeSpan Standstill = TimeSpan.FromSeconds(2.5);

    /// <summary>Nothing arrived for so long: nothing is being sent.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Trait("Promise", "R3")]
    [Fact]
    public async Task Restarts_lost_sessions_and_standstills_repeat_nothing_and_lose_nothing()
    {
        var (restarts, ends, freezes) = (
            PromiseReport.Size("R3", 2), PromiseReport.Size("R3_SESSIONS", 10),
            PromiseReport.Size("R3_FREEZES", 1));
        var faults = restarts + ends + freezes;
        await using var server = await PrivateServer.Start();
        await using var run = await PromiseRun.Start(
            faults * MessagesPerFault, keepsCopies: true, database: server.ConnectionString);
        await run.Postpone();
        using var worker = PromiseWorker.Start(run.Test);
        worker.Go();
        var longest = TimeSpan.Zero;
        for (var fault = 0; fault < faults; fault++)
        {
            var goal = run.Sink.Messages.Count + 5;
            await run.Release(MessagesPerFault);
            await Waiting.Until(async () => run.Sink.Messages.Count >= goal || await run.IsQuiet());
            if (fault < restarts) await server.Restart(fault % 2 == 0 ? "immediate" : "fast");
            else if (fault < restarts + ends) Assert.True(await server.EndOneSession());
            else await server.Freeze(Standstill);
            var healed = TimeProvider.System.GetTimestamp();
            await Waiting.Until(() => Again(run), RecoversWithin);
            var took = TimeProvider.System.GetElapsedTime(healed);
            if (took > longest) longest = took;
        }

        await worker.Stop();
        var uncertain = await run.Uncertain();
        await run.Verify();
        await PromiseReport.Holds(
            run, "R3",
            $"restarts {restarts} ended sessions {ends} standstills {freezes} uncertain {uncertain} "
            + $"longest recovery {longest.TotalSeconds:0.0} s",
            faults * MessagesPerFault);
        Assert.InRange(uncertain, 0, faults * 8);
    }

    [Trait("Promise", "R6")]
    [Fact]
    public async Task With_a_full_disk_nothing_is_sent_and_with_room_everything_is()
    {
        var rounds = PromiseReport.Size("R6", 1);
        await using var server = await PrivateServer.Start();
        Assert.SkipUnless(await server.MoveToSmallDisk(), "only root may mount a small disk");
        await using var run = await PromiseRun.Start(
            rounds * MessagesPerDisk, keepsCopies: true, database: server.ConnectionString);
        await run.Postpone();
        using var worker = PromiseWorker.Start(run.Test);
        worker.Go();
        var meanwhile = 0;
        for (var round = 0; round < rounds; round++)
        {
            await run.Release(MessagesPerFault);
            await Waiting.Until(run.IsQuiet);
            server.Fill();
            var full = run.Sink.Messages.Count;
            await ReleaseAlthoughFull(run, MessagesPerDisk - MessagesPerFault);
            await Silent(run);
            meanwhile += run.Sink.Messages.Count - full;
            Assert.False(await run.IsQuiet(), "the disk was not full");
            Assert.Equal(0, (await run.Count()).Unrecorded);
            var stopped = run.Sink.Messages.Count;
            server.MakeRoom();
            await run.Release(await run.Postponed() - ((rounds - round - 1) * MessagesPerDisk));
            await Waiting.Until(
                async () => await Again(run) || run.Sink.Messages.Count > stopped, RecoversWithin);
            await Waiting.Until(() => Again(run), SentWithin);
        }

        await worker.Stop();
        await run.Verify();
        await PromiseReport.Holds(
            run, "R6", $"full {rounds} sent on the last pages {meanwhile}", rounds * MessagesPerDisk);
    }

    [Trait("Promise", "R6")]
    [Fact]
    public async Task What_the_database_refuses_to_record_is_not_sent()
    {
        const int Messages = 40;
        await using var run = await PromiseRun.Start(Messages);
        await Refuse(run, "send_attempts");
        using var worker = PromiseWorker.Start(run.Test);
        worker.Go();
        await Waiting.Until(() => Task.FromResult(run.Sink.ConnectionCount > 0));
        await Silent(run);
        Assert.Empty(run.Sink.Messages);
        await Allow(run, "send_attempts");
        await Waiting.Until(() => Again(run), RecoversWithin);
        await worker.Stop();
        await PromiseReport.Holds(run, "R6", "refused to record", Messages);
    }

    [Trait("Promise", "R6")]
    [Fact]
    public async Task Sending_before_recording_repeats_under_the_same_refusal()
    {
        const int Messages = 40;
        await using var run = await PromiseRun.Start(Messages);
        await Refuse(run, "send_intents");
        await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(
            () => NaiveSender.Work(run.Test, NaiveSender.SendFirst, Cancel));
        await Allow(run, "send_intents");
        await NaiveSender.Work(run.Test, NaiveSender.SendFirst, Cancel);
        var count = await run.Count();
        PromiseReport.Say($"R6 control \"{NaiveSender.SendFirst}\" messages {Messages} {count}");
        Assert.True(count.Duplicates > 0);
    }

    /// <summary>Everything released has been sent; what rests after the fault is not waited for.</summary>
    static async Task<bool> Again(PromiseRun run)
    {
        try
        {
            await run.Hurry();
            return await run.IsQuiet();
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }

    static async Task ReleaseAlthoughFull(PromiseRun run, int messages)
    {
        for (var released = 0; released < messages; released += 5)
        {
            try
            {
                await run.Release(5);
            }
            catch (Npgsql.PostgresException full) when (full.SqlState == "53100")
            {
                return;
            }
        }
    }

    static async Task Silent(PromiseRun run)
    {
        var (seen, since) = (-1, TimeProvider.System.GetTimestamp());
        await Waiting.Until(() =>
        {
            if (run.Sink.Messages.Count != seen)
                (seen, since) = (run.Sink.Messages.Count, TimeProvider.System.GetTimestamp());
            return Task.FromResult(TimeProvider.System.GetElapsedTime(since) > Silence);
        });
    }

    // As a server says it whose disk is full.
    static Task Refuse(PromiseRun run, string table) => run.Test.Do(
        $"""
        create function is_full() returns trigger language plpgsql as $$ begin
            raise exception 'could not extend file' using errcode = '53100'; end $$;
        create trigger full_disk before insert or update of state on {table} for each row
            when (new.state in ('submitting', 'accepted')) execute function is_full();
        """);

    static Task Allow(PromiseRun run, string table) =>
        run.Test.Do($"drop trigger full_disk on {table}; drop function is_full()");
}
