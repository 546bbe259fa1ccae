using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Jobs;

/// <summary>
/// One run of a job by one node. Work and checkpoint are written in the same transaction, so a killed run is
/// resumed exactly where its last commit left it.
/// </summary>
public sealed class JobRun(Job job, int node, Database database, TimeProvider time)
{
    /// <summary>Progress alone is written at most this often; a checkpoint is always written.</summary>
    static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    long lastReport;

    public Job Job { get; } = job;

    /// <summary>The number of the node that runs this job.</summary>
    public int Node { get; } = node;

    public long WorkspaceId => Job.WorkspaceId;

    public T Parameters<T>() => Job.ParametersAs<T>();

    /// <summary>
    /// The same run with other parameters, for a job that begins with the work of another kind.
    /// </summary>
    public JobRun With(object parameters) =>
        new(
            Job with { Parameters = JsonSerializer.Serialize(parameters, JobJson.Options) }, Node, database,
            time);

    /// <summary>What the last committed batch left behind; null on the first run.</summary>
    public T? Checkpoint<T>() =>
        Job.Checkpoint is null ? default : JsonSerializer.Deserialize<T>(Job.Checkpoint, JobJson.Options);

    /// <summary>
    /// Keeps the checkpoint together with the work done in the session.
    /// Throws <see cref="JobLost"/> when another node has taken the job over.
    /// </summary>
    public async Task SaveCheckpoint(
        Session session, object checkpoint, long done, long? total, string? note, CancellationToken cancel)
    {
        var text = JsonSerializer.Serialize(checkpoint, JobJson.Options);
        if (await JobStore.SaveProgress(session, Job, done, total, note, text, cancel) != 1)
            throw new JobLost(Job.Id);
        await session.In(WorkspaceId).Announce("jobs", Job.Id, cancel);
    }

    /// <summary>Shows how far the job is, without keeping a checkpoint.</summary>
    public async Task Report(long done, long? total, string? note, CancellationToken cancel)
    {
        if (lastReport != 0 && time.GetElapsedTime(lastReport) < ProgressInterval) return;
        lastReport = time.GetTimestamp();
        await database.InWorkspace(
            WorkspaceId,
            async session =>
            {
                if (await JobStore.SaveProgress(session, Job, done, total, note, null, cancel) != 1)
                    throw new JobLost(Job.Id);
                await session.In(WorkspaceId).Announce("jobs", Job.Id, cancel);
            },
            cancel);
    }
}

/// <summary>Another node owns the job now: this run must stop and touch nothing more.</summary>
public sealed class JobLost(long id) : Exception($"Job {id} was taken over by another node.");
