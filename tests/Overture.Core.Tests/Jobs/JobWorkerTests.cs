using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Tests.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Jobs;

[SupportedOSPlatform("linux")]
public sealed class JobWorkerTests
{
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_are_claimed_by_priority_then_age_and_never_before_their_time()
    {
        await using var test = await TestWorkspace.Create();
        var queue = test.Get<JobQueue>();
        var ids = new List<long>();
        foreach (var (priority, minutes) in new (short, int)[] { (5, 0), (1, 0), (5, 0), (1, 10) })
            ids.Add(await test.Database.InWorkspace(
                test.Id,
                session => queue.Enqueue(
                    session, "any", new { }, "test", Cancel, null, priority,
                        test.Time.GetUtcNow().AddMinutes(minutes)),
                Cancel));
        Assert.Equal([ids[1], ids[0], ids[2], null],
            [await Claim(test), await Claim(test), await Claim(test), await Claim(test)]);
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(ids[3], await Claim(test));
    }

    [Fact]
    public async Task A_job_that_keeps_failing_is_retried_ever_later_and_discarded_after_its_attempts()
    {
        await using var test = await TestWorkspace.Create();
        var runs = new List<DateTimeOffset>();
        var kind = new Kind((_, _) =>
        {
            runs.Add(test.Time.GetUtcNow());
            throw new InvalidOperationException("it broke");
        });
        var job = await RunWhileTimePasses(test, kind);
        Assert.Equal((JobState.Discarded, 5, "it broke"), (job.State, job.Attempt, job.Error));
        // The clock moves on while the end of a run is written, so each pause is a little longer.
        var pauses = runs.Zip(runs.Skip(1), (one, next) => (next - one).TotalSeconds).ToList();
        int[] delays = [10, 20, 40, 80];
        Assert.Equal(delays.Length, pauses.Count);
        Assert.All(delays.Zip(pauses), pair => Assert.InRange(pair.Second, pair.First, (2 * pair.First) - 1));
    }

    [Fact]
    public async Task A_broken_rule_ends_a_job_at_once_with_its_sentence()
    {
        await using var test = await TestWorkspace.Create();
        var job = await RunWhileTimePasses(test,
            new Kind((_, _) => throw new RuleBroken("bad", "Choose another file.")));
        Assert.Equal((JobState.Discarded, 1, "Choose another file."), (job.State, job.Attempt, job.Error));
        var unknown = await RunWhileTimePasses(test, new Kind((_, _) => throw new RuleBroken("x", "y")),
            "who_knows");
        Assert.Contains("'who_knows'", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retried_job_goes_on_from_its_checkpoint()
    {
        await using var test = await TestWorkspace.Create();
        var steps = new List<int>();
        var kind = new Kind(async (run, cancel) =>
        {
            for (var step = run.Checkpoint<int?>() ?? 0; step < 5; step++)
            {
                steps.Add(step);
                await using var session = await test.Database.Open(test.Id, cancel);
                await run.SaveCheckpoint(session, step + 1, step + 1, 5, null, cancel);
                if (step == 3 && steps.Count == 4) throw new IOException("cut off before the commit");
                await session.Commit(cancel);
            }

            return new JobOutcome.Completed(new { done = 5 });
        });
        var job = await RunWhileTimePasses(test, kind);
        Assert.Equal((JobState.Completed, 5L), (job.State, job.ProgressDone));
        Assert.Equal([0, 1, 2, 3, 3, 4], steps);
    }

    [Fact]
    public async Task A_run_that_got_further_does_not_use_up_the_attempts()
    {
        await using var test = await TestWorkspace.Create();
        var reached = 0;
        var kind = new Kind(async (run, cancel) =>
        {
            await using var session = await test.Database.Open(test.Id, cancel);
            // Six runs that get further each time, then runs that only write the same once more.
            reached = Math.Min((run.Checkpoint<int?>() ?? 0) + 1, 6);
            await run.SaveCheckpoint(session, reached, reached, 20, null, cancel);
            await session.Commit(cancel);
            throw new IOException("the line dropped");
        });
        var job = await RunWhileTimePasses(test, kind);
        Assert.Equal((JobState.Discarded, 6L, 5), (job.State, job.ProgressDone, job.Attempt));
        Assert.NotNull(job.FinishedAt);
        Assert.Equal(10, job.Fence);
    }

    [Fact]
    public async Task A_waiting_job_is_cancelled_at_once_and_can_be_retried()
    {
        await using var test = await TestWorkspace.Create();
        var queue = test.Get<JobQueue>();
        var id = await queue.Enqueue(test.Id, "any", new { }, "test", Cancel);
        await queue.Cancel(test.Id, id, Cancel);
        Assert.Equal(JobState.Cancelled, (await queue.Get(test.Id, id, Cancel)).State);
        Assert.Equal("job_finished",
            (await Assert.ThrowsAsync<RuleBroken>(() => queue.Cancel(test.Id, id, Cancel))).Code);
        await queue.Retry(test.Id, id, Cancel);
        Assert.Equal(id, await Claim(test));
    }

    [Fact]
    public async Task A_running_job_is_cancelled_and_one_that_must_stop_is_handed_back()
    {
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        var queue = test.Get<JobQueue>();
        var started = new SemaphoreSlim(0);
        using var worker = Worker(test, new Kind(async (_, cancel) =>
        {
            started.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return new JobOutcome.Completed(new { });
        }));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var working = worker.Work(test.Node, stop.Token);
        var unwanted = await queue.Enqueue(test.Id, Kind.Name, new { }, "test", Cancel);
        await started.WaitAsync(Cancel);
        await queue.Cancel(test.Id, unwanted, Cancel);
        await Waiting.Until(async () =>
            (await queue.Get(test.Id, unwanted, Cancel)).State == JobState.Cancelled);
        var kept = await queue.Enqueue(test.Id, Kind.Name, new { }, "test", Cancel);
        await started.WaitAsync(Cancel);
        await stop.CancelAsync();
        await working;
        var back = await queue.Get(test.Id, kept, Cancel);
        Assert.Equal((JobState.Available, 0), (back.State, back.Attempt));
    }

    [Fact]
    public async Task A_job_of_a_dead_node_is_revived_at_once_but_not_for_ever()
    {
        await using var test = await TestWorkspace.Create();
        await test.Get<JobQueue>().Enqueue(test.Id, "any", new { }, "test", Cancel);
        for (var death = 1; death <= 5; death++)
        {
            await using (var doomed = await Node.Join(test.Database, "test", test.Time, Cancel))
            {
                Assert.NotNull(await Claim(test, doomed));
                Assert.Equal(0, await Revive(test));
            }

            Assert.Equal(1, await Revive(test));
            Assert.Equal(death < 5 ? "available 1" : "discarded 1", await test.States("jobs"));
        }

        Assert.Contains("died 5 times", await test.Ask<string>("select error from jobs"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_taken_over_can_keep_nothing_more()
    {
        await using var test = await TestWorkspace.Create();
        var kind = new Kind(async (run, cancel) =>
        {
            if (run.Job.Fence > 1) return new JobOutcome.Completed(new { by = "the second" });
            await test.Do("update jobs set lease_until = '2020-01-01'");
            Assert.Equal(1, await Revive(test));
            await using var session = await test.Database.Open(test.Id, cancel);
            await run.SaveCheckpoint(session, 7, 7, 9, null, cancel);
            return new JobOutcome.Completed(new { by = "the first" });
        });
        var job = await RunWhileTimePasses(test, kind);
        Assert.Equal(JobState.Completed, job.State);
        Assert.Contains("the second", job.Result, StringComparison.Ordinal);
        Assert.Null(job.Checkpoint);
    }

    [Fact]
    public async Task A_machine_that_slept_keeps_the_jobs_it_still_runs()
    {
        await using var test = await TestWorkspace.Create();
        var job = await RunWhileTimePasses(test, new Kind(async (_, cancel) =>
        {
            ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(10));
            await Waiting.Until(async () => await test.Ask<bool>(
                $"select bool_and(lease_until > '{test.Time.GetUtcNow():O}') from jobs"));
            return new JobOutcome.Completed(new { });
        }));
        Assert.Equal((JobState.Completed, 1, 1L), (job.State, job.Attempt, job.Fence));
    }

    [Fact]
    public async Task A_unique_key_gives_one_unfinished_job()
    {
        await using var test = await TestWorkspace.Create();
        var queue = test.Get<JobQueue>();
        var first = await queue.Enqueue(test.Id, "any", new { }, "test", Cancel, "key");
        Assert.Equal(first, await queue.Enqueue(test.Id, "any", new { }, "test", Cancel, "key"));
        Assert.NotEqual(first, await queue.Enqueue(test.Id, "any", new { }, "test", Cancel, "other"));
        await queue.Cancel(test.Id, first, Cancel);
        Assert.NotEqual(first, await queue.Enqueue(test.Id, "any", new { }, "test", Cancel, "key"));
    }

    static async Task<long?> Claim(TestWorkspace test, Node? node = null)
    {
        var now = test.Time.GetUtcNow().UtcDateTime;
        var job = await test.Database.InInstance(
            session => JobStore.ClaimDue(session, (node ?? test.Node).Id, null, now, now + Lease, Cancel),
                Cancel);
        return job?.Id;
    }

    static Task<int> Revive(TestWorkspace test) => test.Database.InInstance(
        session => JobStore.ReviveOrphans(session, test.Time.GetUtcNow().UtcDateTime, Cancel), Cancel);

    static JobWorker Worker(TestWorkspace test, IJobKind kind) =>
        new(test.Database, [kind], test.Time, NullLogger<JobWorker>.Instance);

    // Sees one job to its end; the clock moves whenever everything waits for it.
    static async Task<Job> RunWhileTimePasses(TestWorkspace test, IJobKind kind, string name = Kind.Name)
    {
        var id = await test.Get<JobQueue>().Enqueue(test.Id, name, new { }, "test", Cancel);
        using var worker = Worker(test, kind);
        var running = worker.RunOnly(test.Node, test.Id, id, Cancel);
        while (!running.IsCompleted)
        {
            ((ManualTime)test.Time).Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        }

        return (await running)!;
    }

    sealed class Kind(Func<JobRun, CancellationToken, Task<JobOutcome>> work) : IJobKind
    {
        public const string Name = "a_kind";

        string IJobKind.Kind => Name;

        public Task<JobOutcome> Run(JobRun run, CancellationToken cancel) => work(run, cancel);
    }
}
