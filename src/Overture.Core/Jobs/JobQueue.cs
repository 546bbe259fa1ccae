using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Jobs;

/// <summary>What a person or a program may do with jobs.</summary>
public sealed class JobQueue(Database database, TimeProvider time)
{
    const int MaxAttempts = 5;
    const short NormalPriority = 5;

    /// <summary>
    /// Queues a job in the transaction that made it necessary. With a unique key, the unfinished job of that
    /// key is returned instead of a second one.
    /// </summary>
    public async Task<long> Enqueue(
        Session session, string kind, object parameters, string by, CancellationToken cancel,
        string? uniqueKey = null, short priority = NormalPriority, DateTimeOffset? runAt = null)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var text = JsonSerializer.Serialize(parameters, JobJson.Options);
        var id = await JobStore.Insert(
            session, kind, priority, text, uniqueKey, by, now, runAt?.UtcDateTime ?? now, MaxAttempts,
            cancel);
        if (id is null) return await JobStore.FindUnfinished(session, uniqueKey!, cancel);
        await session.Notify(JobWorker.WakeChannel, session.WorkspaceId.ToString(), cancel);
        await session.Announce("jobs", id.Value, cancel);
        return id.Value;
    }

    public Task<long> Enqueue(
        long workspaceId, string kind, object parameters, string by, CancellationToken cancel,
        string? uniqueKey = null) =>
        database.InWorkspace(
            workspaceId, session => Enqueue(session, kind, parameters, by, cancel, uniqueKey), cancel);

    public Task<Job> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await JobStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("job", id),
            cancel);

    public Task<IReadOnlyList<Job>> List(
        long workspaceId, string? kind, JobState? state, long? beforeId, int limit,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => JobStore.List(
                session, kind, state?.ToString().ToLowerInvariant(), beforeId,
                Math.Clamp(limit, 1, PageSize.MostRows), cancel),
            cancel);

    public Task<IReadOnlyDictionary<string, long>> CountByState(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => JobStore.CountByState(session, cancel), cancel);

    /// <summary>Cancels at once when the job waits; a running one stops at its next safe point.</summary>
    public Task Cancel(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var job = await JobStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("job", id);
                if (await JobStore.RequestCancel(session, id, time.GetUtcNow().UtcDateTime, cancel) == 0)
                    throw new RuleBroken(
                        "job_finished", $"Job {id} is already {Word(job.State)}; nothing to cancel.");
                await session.Notify(JobWorker.CancelChannel, id.ToString(), cancel);
                await session.Announce("jobs", id, cancel);
            },
            cancel);

    /// <summary>
    /// Puts a cancelled or discarded job back into the queue; it goes on from its checkpoint.
    /// </summary>
    public Task Retry(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var job = await JobStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("job", id);
                if (await JobStore.Requeue(session, id, time.GetUtcNow().UtcDateTime, cancel) == 0)
                    throw new RuleBroken(
                        "job_not_retryable",
                        $"Job {id} is {Word(job.State)}; only a cancelled, discarded or waiting-to-retry "
                        + "job can be retried.");
                await session.Notify(JobWorker.WakeChannel, workspaceId.ToString(), cancel);
                await session.Announce("jobs", id, cancel);
            },
            cancel);

    static string Word(JobState state) => state.ToString().ToLowerInvariant();
}
