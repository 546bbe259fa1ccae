using System.Globalization;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Health;

/// <summary>Nothing is sent that cannot be written down, or while no worker gives a sign of life.</summary>
public sealed class SendingIsRecorded(Database database, TimeProvider time) : IHealthCheck
{
    /// <summary>A worker gives one every minute.</summary>
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    public string Name => "recording";

    public async Task<Finding> Look(CancellationToken cancel)
    {
        InstanceRow? row;
        try
        {
            row = await database.InInstance(session => InstanceStore.Find(session, cancel), cancel);
        }
        catch (PostgresException older) when (
            older.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return Finding.Passed("The migrations are to run first.");
        }

        if (row is null) return Finding.Passed("No worker has run yet.");
        if (row.UnrecordedSince is { } since)
            return Finding.Failed(
                $"Since {Minute(since)} what is sent cannot be written down, so nothing is sent: "
                + row.UnrecordedReason,
                "Make room on the disk of the database; sending goes on by itself.");
        return time.GetUtcNow().UtcDateTime - row.AliveAt > LongestSilence
            ? Finding.Warn(
                $"No worker has written a sign of life since {Minute(row.AliveAt)}, so nothing is sent.",
                "Start overture serve; if it runs, its log says why the database cannot be written.")
            : Finding.Passed($"What is sent is written down; the last sign of life is of "
                + $"{Minute(row.AliveAt)}.");
    }

    static string Minute(DateTime at) =>
        at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
