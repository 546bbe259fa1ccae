using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Npgsql;
using Overture.Core.Jobs;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// A sending process of its own, to be killed, stopped, frozen or raced. It is started ahead of its turn and
/// begins when told to, so that a run of many kills does not wait for many starts.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class PromiseWorker : IDisposable
{
    /// <summary>The product, and the same without the deadline before the dot.</summary>
    public const string Overture = "overture", NoDeadline = "no deadline";

    static readonly string Method =
        $"{typeof(KilledSenderTests).FullName}.{nameof(KilledSenderTests.Worker_that_is_killed)}";

    const string Variable = "OVERTURE_PROMISE_WORKER";
    /// <summary>The database ends a transaction that stands still after a minute; here sooner.</summary>
    const string EndsStandstillsSoon = ";Options=-c idle_in_transaction_session_timeout=1000";

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan LooksAfterNode = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(20);

    readonly string signal;

    PromiseWorker(Process process, string signal)
    {
        Process = process;
        this.signal = signal;
    }

    public Process Process { get; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static PromiseWorker Start(TestWorkspace test, string design = Overture)
    {
        var signal = Path.Combine(Path.GetTempPath(), $"overture-go-{Guid.NewGuid():N}");
        var process = Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                ["-method", Method, "-explicit", "only"])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment =
                {
                    [Variable] = string.Create(
                        CultureInfo.InvariantCulture, $"{design}|{signal}|{test.Id}|{test.ConnectionString}"),
                },
            })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new PromiseWorker(process, signal);
    }

    public void Go() => File.WriteAllText(signal, "");

    /// <summary>It is ready once it has written back that it waits to be told.</summary>
    public Task Ready() => Waiting.Until(() => Task.FromResult(File.Exists(signal + ".ready")));

    public async Task Kill()
    {
        if (!Process.HasExited) Process.Kill();
        await Process.WaitForExitAsync(Cancel);
    }

    /// <summary>What a service manager sends when it stops a service.</summary>
    public async Task Stop()
    {
        Signal("-TERM");
        await Process.WaitForExitAsync(Cancel);
    }

    /// <summary>The process stands still, and does not know it.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    /// <summary>What such a process does.</summary>
    public static async Task Work()
    {
        var place = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(place is null, "run by another test only");
        var parts = place.Split('|');
        await using var test = await TestWorkspace.Join(
            parts[3] + EndsStandstillsSoon, long.Parse(parts[2], CultureInfo.InvariantCulture),
            parts[0] == NoDeadline ? new StoppedWatch() : TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        end.CancelAfter(LongestLife);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            end.Cancel();
        });
        File.WriteAllText(parts[1] + ".ready", "");
        await Waiting.Until(() => Task.FromResult(File.Exists(parts[1])), LongestLife);
        try
        {
            if (parts[0] is Overture or NoDeadline) await Send(test, end.Token);
            else await NaiveSender.Work(test, parts[0], end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Asked to stop: what was in hand has been finished or given back.
        }
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.Dispose();
        File.Delete(signal);
        File.Delete(signal + ".ready");
    }

    // As a node of the product: it sends, settles what dead nodes left, and joins anew when the database was
    // away.
    static async Task Send(TestWorkspace test, CancellationToken stop)
    {
        var node = test.Node;
        var sending = test.Get<SendLoop>().Work(() => node.Id, Pause, stop);
        try
        {
            while (true)
            {
                try
                {
                    if (!await node.IsHeld(stop))
                        node = await Node.Join(test.Database, "test", TimeProvider.System, stop);
                    await test.Get<SendRecovery>().Run(stop);
                }
                catch (NpgsqlException)
                {
                    // The database is away; it is asked again.
                }

                await Task.Delay(LooksAfterNode, TimeProvider.System, stop);
            }
        }
        finally
        {
            await sending;
            if (node != test.Node) await node.DisposeAsync();
        }
    }

    void Signal(string signalName)
    {
        if (Process.HasExited) return;
        using var kill = Process.Start("kill", [signalName, $"{Process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>A watch on which no time ever passes, so that no deadline is ever missed.</summary>
    sealed class StoppedWatch : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
