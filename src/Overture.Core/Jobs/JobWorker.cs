using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Jobs;

/// <summary>
/// Runs jobs on this node. It claims one job at a time for each free slot, keeps the leases alive, passes on
/// cancellations, and ends every run with a state. A job whose run throws is retried with growing delays and
/// discarded when its attempts are used up; a run that gets further than those before it begins the count
/// anew.
/// </summary>
public sealed class JobWorker(
    Database database, IEnumerable<IJobKind> kinds, TimeProvider time, ILogger<JobWorker> log) : IDisposable
{
    public const string WakeChannel = "overture_jobs";
    public const string CancelChannel = "overture_job_cancel";

    const int ConcurrentJobs = 4;
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(2);
    static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMinutes(30);

    readonly Dictionary<string, IJobKind> kinds = kinds.ToDictionary(kind => kind.Kind);
    readonly ConcurrentDictionary<long, RunningJob> running = new();
    readonly SemaphoreSlim wake = new(0);

    /// <summary>
    /// Works until cancelled, then lets running jobs reach a safe point and hands them back. Returns early
    /// when the node's lock is lost: the caller joins anew, under another number.
    /// </summary>
    public async Task Work(Node node, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beating = Beat(node, ended);
        var slots = Enumerable.Range(0, ConcurrentJobs).Select(_ => Slot(node, ended.Token));
        await Task.WhenAll([.. slots, Listen(ended.Token), beating]);
    }

    /// <summary>
    /// Sees one named job to its end, for the command line: runs it here when it is free, waits while another
    /// node runs it, and takes over when that node dies. Null when there is no such job.
    /// </summary>
    public async Task<Job?> RunOnly(Node node, long workspaceId, long id, CancellationToken stop)
    {
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beating = Beat(node, finished);
        try
        {
            while (true)
            {
                await database.InInstance(session => JobStore.ReviveOrphans(session, Now(), stop), stop);
                if (await Claim(node, id, stop) is { } job) await Run(node, job, stop);
                var now = await database.InWorkspace(workspaceId, s => JobStore.Find(s, id, stop), stop);
                if (now is null or { IsFinished: true }) return now;
                var delay = now.State == JobState.Running ? HeartbeatInterval : now.RunAt - Now();
                await Task.Delay(delay > ShortestPause ? delay : ShortestPause, time, stop);
            }
        }
        finally
        {
            await finished.CancelAsync();
            await beating;
        }
    }

    async Task Slot(Node node, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await Claim(node, null, stop) is { } job) await Run(node, job, stop);
                else await wake.WaitAsync(PollInterval, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException unreachable)
            {
                log.LogWarning("Jobs wait: the database does not answer ({Reason}).", unreachable.Message);
                await Pause(PollInterval, stop);
            }
        }
    }

    Task<Job?> Claim(Node node, long? onlyId, CancellationToken stop)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return database.InInstance(s => JobStore.ClaimDue(s, node.Id, onlyId, now, now + Lease, stop), stop);
    }

    async Task Run(Node node, Job job, CancellationToken stop)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var self = new RunningJob(cancel);
        running[job.Id] = self;
        try
        {
            var outcome = kinds.TryGetValue(job.Kind, out var kind)
                ? await kind.Run(new JobRun(job, node.Id, database, time), cancel.Token)
                : new JobOutcome.GiveUp($"This version knows no job of kind '{job.Kind}'.");
            await End(job, outcome);
        }
        catch (JobLost lost)
        {
            log.LogWarning("{Reason}", lost.Message);
        }
        catch (OperationCanceledException) when (self.IsUnwanted)
        {
            await InJobsWorkspace(job, s => JobStore.Finish(
                s, job, JobState.Cancelled, null, null, Now(), CancellationToken.None));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await InJobsWorkspace(job, s => JobStore.Release(s, job, Now(), CancellationToken.None));
        }
        catch (RuleBroken rule)
        {
            await End(job, new JobOutcome.GiveUp(rule.Sentence));
        }
        catch (Exception failure)
        {
            log.LogError(
                failure, "Job {Id} ({Kind}) failed on attempt {Attempt}.", job.Id, job.Kind, job.Attempt);
            await End(job, new JobOutcome.Retry(failure.Message, RetryDelay(job.Attempt)));
        }
        finally
        {
            running.TryRemove(job.Id, out _);
        }
    }

    Task End(Job job, JobOutcome outcome) => outcome switch
    {
        JobOutcome.Completed done => InJobsWorkspace(job, s => JobStore.Finish(
            s, job, JobState.Completed, JsonSerializer.Serialize(done.Result, JobJson.Options), null, Now(),
            CancellationToken.None)),
        JobOutcome.Retry retry => InJobsWorkspace(job, s => JobStore.Retry(
            s, job, retry.Reason, Now(), Now() + retry.After, CancellationToken.None)),
        JobOutcome.GiveUp end => InJobsWorkspace(job, s => JobStore.Finish(
            s, job, JobState.Discarded, null, end.Reason, Now(), CancellationToken.None)),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    /// <summary>
    /// The end of a run is written even while the node stops; a database that is away leaves the job to the
    /// rescuer.
    /// </summary>
    async Task InJobsWorkspace(Job job, Func<Session, Task<int>> write)
    {
        try
        {
            await database.InWorkspace(
                job.WorkspaceId,
                async session =>
                {
                    if (await write(session) == 1)
                        await session.Announce("jobs", job.Id, CancellationToken.None);
                },
                CancellationToken.None);
        }
        catch (NpgsqlException unreachable)
        {
            log.LogWarning(
                "Job {Id} ended, but the database does not answer ({Reason}).", job.Id, unreachable.Message);
        }
    }

    async Task Beat(Node node, CancellationTokenSource ended)
    {
        while (await Pause(HeartbeatInterval, ended.Token))
        {
            try
            {
                var now = Now();
                var cancelled = await database.InInstance(
                    async session =>
                    {
                        // First its own, so that a machine that slept does not take its own jobs for dead.
                        var unwanted = await JobStore.Heartbeat(session, node.Id, now + Lease, ended.Token);
                        await JobStore.ReviveOrphans(session, now, ended.Token);
                        return unwanted;
                    },
                    ended.Token);
                foreach (var id in cancelled) CancelRun(id);
            }
            catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
            {
                log.LogDebug("No heartbeat: {Reason}", away.Message);
            }

            try
            {
                if (ended.IsCancellationRequested || await node.IsHeld(ended.Token)) continue;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }

            log.LogWarning("Node {Node} lost its lock: its jobs stop here and are taken over.", node.Id);
            await ended.CancelAsync();
        }
    }

    async Task Listen(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stop);
                connection.Notification += (_, note) =>
                {
                    if (note.Channel == WakeChannel) wake.Release();
                    else if (long.TryParse(note.Payload, out var id)) CancelRun(id);
                };
                await using var listen =
                    new NpgsqlCommand($"listen {WakeChannel}; listen {CancelChannel}", connection);
                await listen.ExecuteNonQueryAsync(stop);
                while (true) await connection.WaitAsync(stop);
            }
            catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
            {
                await Pause(PollInterval, stop);
            }
        }
    }

    void CancelRun(long id)
    {
        if (!running.TryGetValue(id, out var run)) return;
        run.IsUnwanted = true;
        run.Cancel.Cancel();
    }

    async Task<bool> Pause(TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    DateTime Now() => time.GetUtcNow().UtcDateTime;

    static TimeSpan RetryDelay(int attempt) =>
        TimeSpan.FromTicks(Math.Min(
            LongestRetryDelay.Ticks, FirstRetryDelay.Ticks * (1L << Math.Min(attempt - 1, 20))));

    public void Dispose() => wake.Dispose();

    sealed record RunningJob(CancellationTokenSource Cancel)
    {
        /// <summary>
        /// Somebody asked for the cancellation, so the job ends; otherwise it is handed on.
        /// </summary>
        public bool IsUnwanted { get; set; }
    }
}
