using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Reports;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job behind "Run": collects synthetic leads if asked to, then takes everything due through all phases.
/// Workers do the same meanwhile: what they hold is waited for, and told as under way when it takes too long.
/// </summary>
public sealed class RunPipeline(
    Database database, CollectSynthetic collect, Phases phases, PipelineReport report, TimeProvider time)
    : IJobKind
{
    public const string Name = "run_pipeline";

    /// <summary>Only one run at a time in a workspace.</summary>
    public const string UniqueKey = "run_pipeline";

    const int MaxRounds = 100;

    /// <summary>All waits of a run together; a paced mailbox may hold a message for longer.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public string Kind => Name;

    /// <summary>How many synthetic leads to collect first; 0 takes what is there.</summary>
    public sealed record Args(int Count, int Seed = 1);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var args = run.Parameters<Args>();
        if (args.Count > 0) await collect.Run(Narrowed(run, args), cancel);
        var patience = LongestWait;
        for (var round = 0; round < MaxRounds; round++)
        {
            var moved =
                await phases.RunOnce(run.WorkspaceId, run.Node, phase => Show(run, phase, cancel), cancel);
            if (moved > 0) continue;
            var left = await WaitForSenders(run, patience, cancel);
            if (left == patience || left <= TimeSpan.Zero) break;
            patience = left;
        }

        return new JobOutcome.Completed(await report.Counts(run.WorkspaceId, cancel));
    }

    /// <summary>
    /// The same row, read as a collecting job: both keep their place in the same checkpoint.
    /// </summary>
    static JobRun Narrowed(JobRun run, Args args) =>
        run.With(new CollectSynthetic.Args(args.Count, args.Seed));

    /// <summary>
    /// Until no sender holds anything: by then it has left, or is given back and due once more. Returns what
    /// is left of the patience; all of it when nothing was held.
    /// </summary>
    async Task<TimeSpan> WaitForSenders(JobRun run, TimeSpan patience, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var left = patience;
        while (left > TimeSpan.Zero && await report.UnderWay(run.WorkspaceId, cancel) > 0)
        {
            await Task.Delay(LookAgain, time, cancel);
            left = patience - time.GetElapsedTime(started);
        }

        return left;
    }

    async Task Show(JobRun run, string phase, CancellationToken cancel)
    {
        var counts = await report.Counts(run.WorkspaceId, cancel);
        await run.Report(counts.Composed, counts.Collected, $"Phase {phase}", cancel);
        await database.InWorkspace(run.WorkspaceId, s => s.Announce("pipeline", run.Job.Id, cancel), cancel);
    }
}
