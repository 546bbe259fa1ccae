using System.Runtime.Versioning;
using Npgsql;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// Every boundary of the way of a message, one after the other: refused, cut, and with the sender killed
/// there. Beside it a sender is killed at its first, second, third write to a socket, and so on.
/// </summary>
[Trait("Promise", "R2")]
[SupportedOSPlatform("linux")]
public sealed class FailpointTests
{
    const int MessagesPerPoint = 6;
    const int MessagesPerWrite = 3;
    const int MostDrains = 20;

    readonly Lock striking = new();
    PromiseWorker? victim;
    SmtpStage? struckStage;
    FailpointAction struckBy;
    (int Connection, int Transaction)? struck;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fault_at_any_boundary_repeats_nothing_and_loses_nothing()
    {
        var kills = PromiseReport.Size("R2", 3);
        var cases = Failpoint.All.SelectMany(point => new[]
        {
            (Point: point, Action: FailpointAction.Refuse), (Point: point, Action: FailpointAction.Cut),
        }).Concat(Failpoint.All.Where(IsKilledAt)
            .Select(point => (Point: point, Action: FailpointAction.Kill))).ToList();
        await using var run = await PromiseRun.Start(
            cases.Count * MessagesPerPoint, Strike, keepsCopies: true);
        await run.Postpone();
        foreach (var (point, action) in cases)
        {
            await run.Release(MessagesPerPoint);
            if (action == FailpointAction.Kill) await KilledAt(run, point);
            else await Faulty(run, point, action);
        }

        await run.Test.Get<SendRecovery>().Run(Cancel);
        var uncertain = await run.Uncertain();
        await run.Verify();
        await PromiseReport.Holds(
            run, "R2", $"failpoints {Failpoint.All.Count} cases {cases.Count} uncertain {uncertain}",
            cases.Count * MessagesPerPoint);

        // All of them at full size; every run kills where it matters most.
        bool IsKilledAt(Failpoint point) => kills >= Failpoint.All.Count
            || point.Name is "attempt committed" or "dot" or "answer committed";
    }

    [Fact]
    public async Task A_sender_killed_at_any_write_repeats_nothing_and_loses_nothing()
    {
        Assert.SkipUnless(Strace.IsThere, "strace is not installed: apt-get install strace");
        var most = PromiseReport.Size("R2_WRITES", 4);
        await using var run = await PromiseRun.Start(most * MessagesPerWrite, keepsCopies: true);
        await run.Postpone();
        var killed = 0;
        for (var write = 1; write <= most; write++)
        {
            using var worker = PromiseWorker.Start(run.Test);
            await worker.Ready();
            using var strace = await Strace.KillAtWrite(worker.Process.Id, write);
            Assert.SkipWhen(strace is null, "this process may not trace its children");
            await run.Release(MessagesPerWrite);
            worker.Go();
            await Waiting.Until(async () => worker.Process.HasExited || await run.IsQuiet());
            if (worker.Process.HasExited) killed++;
            await worker.Kill();
        }

        await Drain(run);
        var uncertain = await run.Uncertain();
        await run.Verify();
        await PromiseReport.Holds(
            run, "R2", $"writes {most} killed {killed} uncertain {uncertain}", most * MessagesPerWrite);
        Assert.True(killed > 0);
    }

    [Fact]
    public async Task Sending_before_recording_repeats_at_the_same_boundary()
    {
        await using var run = await PromiseRun.Start(MessagesPerPoint, Strike);
        (struckStage, struckBy) = (SmtpStage.Dot, FailpointAction.Cut);
        await NaiveSender.Work(run.Test, NaiveSender.SendFirst, Cancel);
        var count = await run.Count();
        PromiseReport.Say($"R2 control \"{NaiveSender.SendFirst}\" {count}");
        Assert.Equal(1, count.Duplicates);
    }

    SmtpSinkBehaviour? Strike(SmtpSinkMoment moment)
    {
        lock (striking)
        {
            // Stages are asked about ahead as well, then without the line that brought them about, and the
            // same moment more than once.
            var here = (moment.Connection, moment.Transaction);
            if (moment.Stage != struckStage || (moment.Line.Length == 0 && moment.Stage > SmtpStage.Banner)
                || here != (struck ?? here))
                return null;
            struck = here;
        }

        if (struckBy == FailpointAction.Kill && !victim!.Process.HasExited) victim.Process.Kill();
        return struckBy switch
        {
            FailpointAction.Refuse => SmtpSinkBehaviour.Answer4xx,
            FailpointAction.Cut => SmtpSinkBehaviour.Close,
            _ => null,
        };
    }

    async Task Faulty(PromiseRun run, Failpoint point, FailpointAction action)
    {
        await Arm(run, point, action);
        // A sender of its own each time, because kept connections would pass by the first stages.
        await using var sender = await run.Test.Again();
        for (var drain = 0; drain < MostDrains && !await run.IsQuiet(); drain++)
        {
            await sender.Get<SendLoop>().Drain(sender.Node.Id, Cancel);
            await sender.Get<SendRecovery>().Run(Cancel);
            await run.Hurry();
        }

        Assert.True(await run.IsQuiet(), $"{point} {action}: something was left");
        await Disarm(run, point, action);
    }

    async Task KilledAt(PromiseRun run, Failpoint point)
    {
        using var worker = PromiseWorker.Start(run.Test);
        victim = worker;
        await worker.Ready();
        await Arm(run, point, FailpointAction.Kill);
        await using (var holder = await run.Test.Database.Source.OpenConnectionAsync(Cancel))
        {
            await Execute(holder, $"select pg_advisory_lock({Failpoint.KillLock})");
            worker.Go();
            // Others wait for locks of their own, in this database and in those beside it.
            await Waiting.Until(async () => worker.Process.HasExited || await run.Test.Ask<bool>(
                """
                select exists (select from pg_locks l join pg_database d on d.oid = l.database
                    where d.datname = current_database() and l.locktype = 'advisory' and not l.granted
                      and l.objid::bigint = @key)
                """,
                new { key = (long)Failpoint.KillLock }));
            await worker.Kill();
            await Execute(holder, $"select pg_advisory_unlock({Failpoint.KillLock})");
        }

        await Drain(run);
        await Disarm(run, point, FailpointAction.Kill);
    }

    async Task Drain(PromiseRun run)
    {
        await using var sender = await run.Test.Again();
        await Waiting.Until(async () =>
        {
            await sender.Get<SendRecovery>().Run(Cancel);
            await sender.Get<SendLoop>().Drain(sender.Node.Id, Cancel);
            await run.Hurry();
            return await run.IsQuiet();
        });
    }

    Task Arm(PromiseRun run, Failpoint point, FailpointAction action)
    {
        (struckStage, struckBy, struck) = (point.Stage, action, null);
        return point.Trigger is null ? Task.CompletedTask : run.Test.Do(point.Arm(action));
    }

    async Task Disarm(PromiseRun run, Failpoint point, FailpointAction action)
    {
        struckStage = null;
        var wasReached = point.Trigger is null
            ? struck is not null
            : await run.Test.Ask<bool>("select is_called from failpoint_strikes");
        Assert.True(wasReached, $"{point} {action}: was never reached");
        if (point.Trigger is not null) await run.Test.Do(Failpoint.Disarm);
    }

    static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
