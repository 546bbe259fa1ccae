using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// What a family says in the end, and the questions asked of the tables after each of them.
/// </summary>
static class PromiseReport
{
    /// <summary>The program that scripts/promise wants to be asked as well.</summary>
    const string Program = "OVERTURE_PROMISE_PROGRAM";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>How large a family runs: small in every test run, full by scripts/promise.</summary>
    public static int Size(string family, int small) =>
        int.TryParse(
            Environment.GetEnvironmentVariable($"OVERTURE_PROMISE_{family}"), CultureInfo.InvariantCulture,
            out var full) ? full : small;

    /// <summary>One line for scripts/promise and for the test's output.</summary>
    public static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("OVERTURE_PROMISE_REPORT") is { Length: > 0 } report)
            File.AppendAllText(report, line + "\n");
    }

    /// <summary>
    /// Nothing was sent twice, lost, left open or sent without a record; and every invariant holds, asked
    /// here and, at full size, by `overture doctor --invariants`.
    /// </summary>
    [SupportedOSPlatform("linux")]
    public static async Task Holds(PromiseRun run, string family, string words, int expected)
    {
        var (count, open) = (await run.Count(), await run.Uncertain());
        Say($"{family} {words} {count} unresolved {open}");
        if (count.Arrived < expected) Say($"{family} did not arrive: {await run.Missing()}");
        Assert.Equal(new PromiseCount(0, 0, 0, expected), count);
        Assert.Equal(0, open);
        await run.Test.HoldsInvariants();
        if (Environment.GetEnvironmentVariable(Program) is { Length: > 0 } program)
            Say($"{family} {await Doctor(program, run.Test.ConnectionString)}");
    }

    static async Task<string> Doctor(string program, string connectionString)
    {
        using var doctor = Process.Start(new ProcessStartInfo(program, ["doctor", "--invariants"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["Overture__Database"] = connectionString },
        })!;
        var errors = doctor.StandardError.ReadToEndAsync(Cancel);
        var said = (await doctor.StandardOutput.ReadToEndAsync(Cancel)).Trim();
        await doctor.WaitForExitAsync(Cancel);
        Assert.True(doctor.ExitCode == 0, $"{said}\n{await errors}");
        return $"overture doctor --invariants: {said}";
    }
}
