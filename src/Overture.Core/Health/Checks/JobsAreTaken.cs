using Npgsql;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Health;

/// <summary>Somebody works on what waits, and nothing was given up unseen.</summary>
public sealed class JobsAreTaken(Database database, TimeProvider time) : IHealthCheck
{
    /// <summary>Idle workers look every few seconds; busy ones need some minutes for a long job.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    public string Name => "queue";

    public async Task<Finding> Look(CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        JobBacklog backlog;
        try
        {
            backlog = await database.InInstance(
                session => JobStore.Backlog(session, now, now - Remembered, cancel), cancel);
        }
        catch (PostgresException older) when (older.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return Finding.Passed("The migrations are to run first.");
        }

        var waited = backlog.OldestAt is { } oldest ? now - oldest : TimeSpan.Zero;
        var detail = $"{backlog.Waiting:N0} jobs wait{Since(waited)}, {backlog.Running:N0} run.";
        if (waited > LongestWait)
            return Finding.Warn(detail, "Start a worker: overture serve --roles worker");
        return backlog.Discarded > 0
            ? Finding.Warn(
                $"{detail} {backlog.Discarded:N0} were given up within {Remembered.Days} days.",
                "Run: overture job list --state discarded, then: overture job retry <id>")
            : Finding.Passed(detail);
    }

    static string Since(TimeSpan waited) => waited.TotalMinutes < 1
        ? "" : $", the first since {(waited.TotalHours < 1 ? $"{waited.TotalMinutes:0} minutes"
            : $"{waited.TotalHours:0} hours")}";
}
