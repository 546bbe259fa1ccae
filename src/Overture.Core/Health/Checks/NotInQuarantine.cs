using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Health;

/// <summary>A restored backup or a copy sends nothing until a person has looked.</summary>
public sealed class NotInQuarantine(Database database) : IHealthCheck
{
    public string Name => "quarantine";

    public async Task<Finding> Look(CancellationToken cancel)
    {
        try
        {
            var row = await database.InInstance(session => InstanceStore.Find(session, cancel), cancel);
            if (row is null) return Finding.Passed("No worker has run yet.");
            return row.QuarantineReason is { } reason
                ? Finding.Failed(
                    $"Nothing is sent: {reason}",
                    "When no other copy of it sends, run: overture sending release")
                : Finding.Passed("This is the instance that sends.");
        }
        catch (PostgresException older) when (
            older.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return Finding.Passed("The migrations are to run first.");
        }
    }
}
