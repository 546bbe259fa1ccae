using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// A sending process of its own, to be killed, stopped or raced. It is started ahead of its turn and begins
/// when told to, so that a run of many kills does not wait for many starts.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class PromiseWorker : IDisposable
{
    static readonly string Method =
        $"{typeof(KilledSenderTests).FullName}.{nameof(KilledSenderTests.Worker_that_is_killed)}";

    const string Variable = "OVERTURE_PROMISE_WORKER";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    readonly string signal;

    PromiseWorker(Process process, string signal)
    {
        Process = process;
        this.signal = signal;
    }

    public Process Process { get; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static PromiseWorker Start(TestWorkspace test, string design = "overture")
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

    public async Task Kill()
    {
        if (!Process.HasExited) Process.Kill();
        await Process.WaitForExitAsync(Cancel);
    }

    /// <summary>What a service manager sends when it stops a service.</summary>
    public async Task Stop()
    {
        if (!Process.HasExited) Process.Start("kill", ["-TERM", $"{Process.Id}"]).WaitForExit();
        await Process.WaitForExitAsync(Cancel);
    }

    /// <summary>What such a process does.</summary>
    public static async Task Work()
    {
        var place = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(place is null, "run by another test only");
        var parts = place.Split('|');
        await using var test = await TestWorkspace.Join(
            parts[3], long.Parse(parts[2], CultureInfo.InvariantCulture), TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        end.CancelAfter(LongestLife);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            end.Cancel();
        });
        await Waiting.Until(() => Task.FromResult(File.Exists(parts[1])), LongestLife);
        try
        {
            if (parts[0] != "overture") await NaiveSender.Work(test, parts[0] == "record first", end.Token);
            while (true)
            {
                await test.Get<SendRecovery>().Run(end.Token);
                await test.Get<SendLoop>().Drain(test.Node.Id, end.Token);
                await Task.Delay(Pause, TimeProvider.System, end.Token);
            }
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
    }
}
