using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Lets the kernel kill a process where it enters one of its writes to a socket.</summary>
[SupportedOSPlatform("linux")]
sealed class Strace : IDisposable
{
    const string Program = "/usr/bin/strace";

    readonly Process process;

    Strace(Process process) => this.process = process;

    public static bool IsThere => File.Exists(Program);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Kills the process at the n-th write of any of its threads; null where tracing is not allowed. Returns
    /// once every thread is watched.
    /// </summary>
    public static async Task<Strace?> KillAtWrite(int processId, int write)
    {
        var number = write.ToString(CultureInfo.InvariantCulture);
        var started = Process.Start(
            new ProcessStartInfo(
                Program,
                [
                    "-f", "-e", "trace=sendto,sendmsg",
                    "-e", $"inject=sendto,sendmsg:signal=SIGKILL:when={number}",
                    "-o", "/dev/null", "-p", processId.ToString(CultureInfo.InvariantCulture),
                ])
            {
                UseShellExecute = false, RedirectStandardError = true,
            })!;
        while (await started.StandardError.ReadLineAsync(Cancel) is { } line)
        {
            if (!line.Contains(" attached", StringComparison.Ordinal)) continue;
            _ = started.StandardError.ReadToEndAsync(CancellationToken.None);
            return new Strace(started);
        }

        started.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
