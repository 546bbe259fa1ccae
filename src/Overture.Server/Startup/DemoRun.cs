using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Startup;

/// <summary>What a run of the demo came to, in the order of the phases.</summary>
public sealed record DemoSummary(
    long Collected, long Enriched, long Ranked, long Composed, long Sent, long Captured, long Failed,
    double Seconds);

/// <summary>The demo workspace and its pipeline over synthetic leads, into captured mail.</summary>
public sealed class DemoRun(Demo demo, JobQueue jobs, JobWorker worker, Database database, TimeProvider time)
{
    const int Seed = 1;

    /// <summary>Makes the demo workspace and queues its pipeline, once.</summary>
    public async Task<(long WorkspaceId, long JobId)> Queue(CancellationToken cancel)
    {
        var workspaceId = await demo.Ensure(cancel);
        var args = new RunPipeline.Args(Demo.LeadCount, Seed);
        return (workspaceId, await jobs.Enqueue(
            workspaceId, RunPipeline.Name, args, "demo", cancel, RunPipeline.UniqueKey));
    }

    /// <summary>Runs the pipeline in this process and waits for it.</summary>
    public async Task<DemoSummary> RunHere(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        await using var node = await Node.Join(database, "once", time, cancel);
        var (workspaceId, jobId) = await Queue(cancel);
        var job = await worker.RunOnly(node, workspaceId, jobId, cancel);
        if (job is not { State: JobState.Completed, Result: { } result })
            throw new RuleBroken(
                "demo_failed",
                $"The demo's pipeline did not finish: {job?.Error ?? "it was taken by another process"}.");
        var counts = JsonSerializer.Deserialize<PipelineCounts>(result, JobJson.Options)!;
        return new DemoSummary(
            counts.Collected, counts.Enriched, counts.Ranked, counts.Composed, counts.Sent, counts.Captured,
            counts.Failed, Math.Round(time.GetElapsedTime(started).TotalSeconds, 1));
    }
}
