using Npgsql;
using Overture.Core.Data;

namespace Overture.Core.Health;

public sealed class MigrationsCurrent(NpgsqlDataSource database) : IHealthCheck
{
    public string Name => "migrations";

    public async Task<Finding> Look(CancellationToken cancel)
    {
        var applied = await SchemaStore.AppliedVersion(database, cancel);
        var newest = Migrator.Embedded()[^1].Version;
        return applied == newest
            ? Finding.Passed($"Schema version {applied}, the newest this program knows.")
            : applied < newest
                ? Finding.Failed(
                    $"Schema version {applied}, but {newest} is needed.", "Run: overture serve (it migrates)")
                : Finding.Failed($"Schema version {applied} is newer than this program ({newest}).",
                    "Start the newer version of Overture.");
    }
}
