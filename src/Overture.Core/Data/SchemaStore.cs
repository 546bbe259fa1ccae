using Dapper;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>Facts about the database itself, for the doctor.</summary>
static class SchemaStore
{
    /// <summary>The highest migration applied; 0 in an empty database.</summary>
    public static async Task<int> AppliedVersion(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        var known = await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "select to_regclass('schema_migrations') is not null", cancellationToken: cancel));
        return !known ? 0 : await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(
                "select coalesce(max(version), 0) from schema_migrations", cancellationToken: cancel));
    }

    public static async Task<DateTimeOffset> ServerTime(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        return await connection.QuerySingleAsync<DateTimeOffset>(
            new CommandDefinition("select clock_timestamp()", cancellationToken: cancel));
    }
}
