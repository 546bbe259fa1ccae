using Npgsql;
using Overture.Core.Data;

namespace Overture.Core.Health;

public sealed class DatabaseReachable(NpgsqlDataSource database) : IHealthCheck
{
    public string Name => "database";

    public async Task<Finding> Look(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var version = connection.PostgreSqlVersion;
        var place =
            $"PostgreSQL {version} at {connection.Host}:{connection.Port}, database {connection.Database}";
        return version.Major >= Database.OldestPostgres
            ? Finding.Passed(place)
            : Finding.Failed(
                place, $"Move the database to PostgreSQL {Database.OldestPostgres} or newer.");
    }
}
