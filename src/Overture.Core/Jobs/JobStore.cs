using Overture.Core.Data;

namespace Overture.Core.Jobs;

/// <summary>All SQL over jobs and nodes.</summary>
static class JobStore
{
    const string Columns =
        """
        workspace_id, id, kind, priority, state, parameters::text as parameters,
        checkpoint::text as checkpoint, progress_done, progress_total, progress_note, result::text as result,
        error, attempt, max_attempts, created_by, created_at, run_at, started_at, finished_at,
        cancel_requested_at, fence
        """;

    static readonly string ColumnsOfJobs =
        Columns.Replace("workspace_id, id,", "jobs.workspace_id, jobs.id,", StringComparison.Ordinal);

    public static Task<long?> Insert(
        Session session, string kind, short priority, string parameters, string? uniqueKey, string by,
        DateTime now,
        DateTime runAt, int maxAttempts, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            insert into jobs (workspace_id, kind, priority, state, parameters, unique_key, created_by,
                created_at,
                              run_at, max_attempts)
            values (@WorkspaceId, @kind, @priority,
                    case when @runAt > @now then 'scheduled' else 'available' end,
                    @parameters::jsonb, @uniqueKey, @by, @now, @runAt, @maxAttempts)
            on conflict (workspace_id, unique_key)
                where unique_key is not null and state not in ('completed', 'cancelled', 'discarded')
            do nothing
            returning id
            """,
            new { session.WorkspaceId, kind, priority, parameters, uniqueKey, by, now, runAt, maxAttempts },
            cancel);

    public static Task<long> FindUnfinished(Session session, string uniqueKey, CancellationToken cancel) =>
        session.One<long>(
            """
            select id from jobs where workspace_id = @WorkspaceId and unique_key = @uniqueKey
              and state not in ('completed', 'cancelled', 'discarded')
            """,
            new { session.WorkspaceId, uniqueKey }, cancel);

    public static Task<Job?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Job>(
            $"select {Columns} from jobs where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>
    /// The next job that is due, any workspace; the one named job only when an id is given.
    /// </summary>
    public static Task<Job?> ClaimDue(
        Session session, int node, long? onlyId, DateTime now, DateTime leaseUntil,
        CancellationToken cancel) =>
        session.Maybe<Job>(
            $"""
            with due as (
                select workspace_id, id from jobs
                where state in ('available', 'scheduled', 'retryable') and run_at <= @now
                  and (@onlyId::bigint is null or id = @onlyId)
                order by priority, run_at, id
                limit 1
                for update skip locked)
            update jobs set state = 'running', owner = @node, lease_until = @leaseUntil, fence = fence + 1,
                            attempt = attempt + 1, started_at = coalesce(started_at, @now), error = null
            from due where jobs.workspace_id = due.workspace_id and jobs.id = due.id
            returning {ColumnsOfJobs}
            """,
            new { node, onlyId, now, leaseUntil }, cancel);

    public static Task<int> SaveProgress(
        Session session, Job job, long done, long? total, string? note, string? checkpoint,
        CancellationToken cancel) =>
        session.Run(
            """
            update jobs set progress_done = @done, progress_total = @total, progress_note = @note,
                            checkpoint = coalesce(@checkpoint::jsonb, checkpoint),
                            -- A run that gets further is no poison, however often it broke off before.
                            attempt = case when @checkpoint::jsonb is distinct from checkpoint
                                and @checkpoint is not null then 1 else attempt end
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence and state = 'running'
            """,
            new { job.WorkspaceId, job.Id, job.Fence, done, total, note, checkpoint }, cancel);

    /// <summary>
    /// Extends the leases of a node's running jobs and returns those that somebody wants cancelled.
    /// </summary>
    public static Task<IReadOnlyList<long>> Heartbeat(
        Session session, int node, DateTime leaseUntil, CancellationToken cancel) =>
        session.List<long>(
            """
            with alive as (
                update jobs set lease_until = @leaseUntil where owner = @node and state = 'running'
                returning id, cancel_requested_at)
            select id from alive where cancel_requested_at is not null
            """,
            new { node, leaseUntil }, cancel);

    public static Task<int> Finish(
        Session session, Job job, JobState state, string? result, string? error, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update jobs set state = @state, result = @result::jsonb, error = @error, finished_at = @now,
                            owner = null, lease_until = null
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence and state = 'running'
            """,
            new
            {
                job.WorkspaceId, job.Id, job.Fence, state = state.ToString().ToLowerInvariant(), result,
                error, now,
            },
            cancel);

    /// <summary>
    /// Again later, or the end when the attempts are used up; those before the last new checkpoint do not
    /// count.
    /// </summary>
    public static Task<int> Retry(
        Session session, Job job, string error, DateTime now, DateTime runAt, CancellationToken cancel) =>
        session.Run(
            """
            update jobs set
                state = case when attempt < max_attempts then 'retryable' else 'discarded' end,
                run_at = case when attempt < max_attempts then @runAt else run_at end,
                finished_at = case when attempt < max_attempts then null else @now end,
                error = @error, owner = null, lease_until = null
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence and state = 'running'
            """,
            new { job.WorkspaceId, job.Id, job.Fence, error, now, runAt }, cancel);

    /// <summary>Hands a job back untouched, when its node stops in an orderly way.</summary>
    public static Task<int> Release(Session session, Job job, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update jobs set state = 'available', run_at = @now, attempt = attempt - 1, owner = null,
                            lease_until = null
            where workspace_id = @WorkspaceId and id = @Id and fence = @Fence and state = 'running'
            """,
            new { job.WorkspaceId, job.Id, job.Fence, now }, cancel);

    /// <summary>
    /// Jobs whose node died (its lock is free) or fell silent go back to the queue, or end if they keep
    /// dying.
    /// </summary>
    public static Task<int> ReviveOrphans(Session session, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update jobs set
                state = case when cancel_requested_at is not null then 'cancelled'
                             when attempt >= max_attempts then 'discarded' else 'available' end,
                error = case when attempt >= max_attempts
                             then 'The process running this job died ' || attempt || ' times in a row.'
                                 else error end,
                finished_at = case when cancel_requested_at is not null
                or attempt >= max_attempts then @now end, run_at = @now, owner = null, lease_until = null
            where state = 'running' and (lease_until < @now or not node_is_alive(owner))
            """,
            new { now }, cancel);

    public static Task<int> RequestCancel(Session session, long id, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update jobs set
                cancel_requested_at = @now,
                state = case when state = 'running' then state else 'cancelled' end,
                finished_at = case when state = 'running' then null else @now end
            where workspace_id = @WorkspaceId and id = @id
                and state not in ('completed', 'cancelled', 'discarded')
            """,
            new { session.WorkspaceId, id, now }, cancel);

    public static Task<int> Requeue(Session session, long id, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update jobs set state = 'available', run_at = @now, attempt = 0, error = null, finished_at = null,
                            cancel_requested_at = null
            where workspace_id = @WorkspaceId and id = @id
                and state in ('cancelled', 'discarded', 'retryable')
            """,
            new { session.WorkspaceId, id, now }, cancel);

    public static Task<IReadOnlyList<Job>> List(
        Session session, string? kind, string? state, long? beforeId, int limit, CancellationToken cancel) =>
        session.List<Job>(
            $"""
            select {Columns} from jobs
            where workspace_id = @WorkspaceId
              and (@kind::text is null or kind = @kind)
              and (@state::text is null or state = @state)
              and (@beforeId::bigint is null or id < @beforeId)
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, kind, state, beforeId, limit }, cancel);

    public static async Task<IReadOnlyDictionary<string, long>> CountByState(
        Session session, CancellationToken cancel) =>
        (await session.List<(string State, long Count)>(
            "select state, count(*) from jobs where workspace_id = @WorkspaceId group by state",
            new { session.WorkspaceId }, cancel)).ToDictionary(row => row.State, row => row.Count);

    /// <summary>What waits and runs in all workspaces, and what was given up since then.</summary>
    public static Task<JobBacklog> Backlog(
        Session session, DateTime now, DateTime since, CancellationToken cancel) =>
        session.One<JobBacklog>(
            """
            select count(*) filter (where state <> 'running' and run_at <= @now) as waiting,
                min(run_at) filter (where state <> 'running' and run_at <= @now) as oldest_at,
                count(*) filter (where state = 'running') as running,
                (select count(*) from jobs where state = 'discarded' and finished_at >= @since) as discarded
            from jobs where state in ('available', 'scheduled', 'retryable', 'running')
            """,
            new { now, since }, cancel);

    public static Task<int> InsertNode(
        Session session, string host, int processId, string roles, DateTime now, CancellationToken cancel) =>
        session.One<int>(
            """
            insert into nodes (host, process_id, roles, started_at) values (@host, @processId, @roles, @now)
            returning id
            """,
            new { host, processId, roles, now }, cancel);
}
