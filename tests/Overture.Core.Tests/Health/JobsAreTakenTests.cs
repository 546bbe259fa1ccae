using System.Runtime.Versioning;
using Overture.Core.Health;
using Overture.Core.Tests.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Health;

[SupportedOSPlatform("linux")]
public sealed class JobsAreTakenTests
{
    [Theory]
    [InlineData("select 0", HealthState.Passed, "0 jobs wait, 0 run.")]
    [InlineData("update jobs set run_at = @now - interval '5 minutes'", HealthState.Passed,
        "1 jobs wait, the first since 5 minutes, 0 run.")]
    [InlineData("update jobs set run_at = @now + interval '1 day', state = 'scheduled'", HealthState.Passed,
        "0 jobs wait, 0 run.")]
    [InlineData("update jobs set run_at = @now - interval '3 hours', state = 'retryable'", HealthState.Warn,
        "1 jobs wait, the first since 3 hours, 0 run.")]
    [InlineData("update jobs set state = 'discarded', finished_at = @now - interval '6 days'",
        HealthState.Warn, "0 jobs wait, 0 run. 1 were given up within 7 days.")]
    [InlineData("update jobs set state = 'discarded', finished_at = @now - interval '8 days'",
        HealthState.Passed, "0 jobs wait, 0 run.")]
    public async Task What_waits_too_long_or_was_given_up_is_a_warning(
        string sql, HealthState state, string detail)
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        await test.Do(
            """
            insert into jobs (workspace_id, kind, priority, state, parameters, created_by, created_at, run_at,
                              max_attempts)
            select @Id, 'x', 2, 'available', '{}', 'test', @now, @now, 5 where @sql <> 'select 0'
            """,
            new { test.Id, now = time.GetUtcNow().UtcDateTime, sql });
        await test.Do(sql, new { now = time.GetUtcNow().UtcDateTime });

        var found = await new JobsAreTaken(test.Database, time).Look(TestContext.Current.CancellationToken);

        Assert.Equal((state, detail), (found.State, found.Detail));
        Assert.Equal(state == HealthState.Passed, found.Remedy is null);
    }
}
