using Npgsql;

namespace Overture.Core.Health;

public sealed class DatabaseReachable(NpgsqlDataSource database) : IHealthCheck
{
    const int OldestMajorVersion = 15;

    public string Name => "database";

    public async Task<Finding> Look(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var version = connection.PostgreSqlVersion;
        var place =
            $"PostgreSQL {version} at {connection.Host}:{connection.Port}, database {connection.Database}";
        return version.Major >= OldestMajorVersion
            ? Finding.Passed(place)
            : Finding.Failed(place, $"Move the database to PostgreSQL {OldestMajorVersion} or newer.");
    }
}
