using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>The schema cannot be brought up to date; the message says why and what to do next.</summary>
public sealed class MigrationRefused(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One numbered SQL file. Its checksum does not depend on line endings.</summary>
public sealed record MigrationScript(int Version, string Name, string Sql)
{
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    public string File => $"{Version:0000}_{Name}.sql";

    public bool InTransaction => !Sql.Contains("-- migrate:no-transaction", StringComparison.Ordinal);
}

/// <summary>
/// Brings the schema up to date from numbered SQL files, each in a transaction of its own. A file marked
/// <c>-- migrate:no-transaction</c> runs statement by statement instead (each ends with ";" at the end of a
/// line); when it breaks off it runs again from its first statement, so its statements must be repeatable.
/// </summary>
public static partial class Migrator
{
    const long LockKey = 0x4F76_6572_7475_7265;
    const int ScriptTimeoutSeconds = 3600;
    static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LockTimeout = TimeSpan.FromHours(1);

    /// <summary>Applies the files embedded in this assembly; returns how many were applied.</summary>
    public static Task<int> Apply(
        NpgsqlDataSource database, TimeProvider time, ILogger? log, CancellationToken cancel) =>
        Apply(database, Embedded(), time, log, cancel);

    public static async Task<int> Apply(
        NpgsqlDataSource database,
        IReadOnlyList<MigrationScript> scripts,
        TimeProvider time,
        ILogger? log,
        CancellationToken cancel)
    {
        RefuseDoubledVersions(scripts);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Lock(connection, time, log, cancel);
        try
        {
            // A migration that moves data moves it for every workspace.
            await connection.ExecuteAsync("select set_config('overture.workspace', 'all', false)");
            var missing = await Missing(connection, scripts);
            foreach (var script in missing) await Run(connection, script, time, log, cancel);
            return missing.Count;
        }
        finally
        {
            // A pooled connection would keep the lock until its next use.
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
        }
    }

    /// <summary>The files embedded in this assembly, in order.</summary>
    public static IReadOnlyList<MigrationScript> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => Parse(name, Read(assembly, name)))
            .OrderBy(script => script.Version)];
    }

    public static MigrationScript Parse(string fileName, string sql)
    {
        var match = FileName().Match(fileName);
        return match.Success
            ? new(int.Parse(match.Groups["version"].ValueSpan), match.Groups["name"].Value, sql)
            : throw new MigrationRefused($"{fileName} is not named like 0001_name.sql; rename it.");
    }

    static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    static void RefuseDoubledVersions(IReadOnlyList<MigrationScript> scripts)
    {
        var doubled = scripts.GroupBy(script => script.Version).FirstOrDefault(group => group.Count() > 1);
        if (doubled is null) return;
        var files = string.Join(" and ", doubled.Select(script => script.File));
        throw new MigrationRefused($"{files} carry the same number; give one of them the next free number.");
    }

    // Waiting inside pg_advisory_lock would deadlock with another node's CREATE INDEX CONCURRENTLY, which
    // waits for every running statement to end. Asking again and again holds no statement open.
    static async Task Lock(
        NpgsqlConnection connection, TimeProvider time, ILogger? log, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var taken = await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition("select pg_try_advisory_lock(@LockKey)", new { LockKey },
                    cancellationToken: cancel));
            if (taken) return;
            if (attempt == 0) log?.LogInformation("Another process is updating the schema; waiting for it.");
            if (time.GetElapsedTime(started) > LockTimeout)
                throw new MigrationRefused(
                    $"Another process has been updating the schema for more than {LockTimeout.TotalMinutes} "
                    + "minutes. Look for it in pg_stat_activity and start again when it has ended.");
            await Task.Delay(LockPollInterval, time, cancel);
        }
    }

    static async Task<List<MigrationScript>> Missing(
        NpgsqlConnection connection, IReadOnlyList<MigrationScript> scripts)
    {
        await connection.ExecuteAsync(
            """
            create table if not exists schema_migrations (
                version     int primary key,
                name        text not null,
                checksum    text not null,
                applied_at  timestamptz not null,
                duration_ms bigint not null)
            """);
        var applied = (await connection.QueryAsync<(int Version, string Name, string Checksum)>(
            "select version, name, checksum from schema_migrations order by version")).ToList();
        var known = scripts.ToDictionary(script => script.Version);
        foreach (var (version, name, checksum) in applied)
        {
            if (!known.TryGetValue(version, out var script))
                throw new MigrationRefused(
                    $"The database holds migration {version:0000}_{name}.sql, which this version of Overture "
                    + "does not know: a newer version has been here. Start that one, or restore a backup.");
            if (script.Checksum != checksum)
                throw new MigrationRefused(
                    $"{script.File} was edited after it had been applied to this database. "
                    + "Restore the file as it was and put the change into a new migration.");
        }

        var newest = applied.Count == 0 ? 0 : applied[^1].Version;
        var missing = scripts.ExceptBy(applied.Select(row => row.Version), script => script.Version)
            .OrderBy(script => script.Version).ToList();
        if (missing.Count > 0 && missing[0].Version < newest)
            throw new MigrationRefused(
                $"{missing[0].File} has a lower number than migration {newest:0000}, which is already "
                + "applied. Give it the next free number.");
        return missing;
    }

    static async Task Run(
        NpgsqlConnection connection,
        MigrationScript script,
        TimeProvider time,
        ILogger? log,
        CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        try
        {
            await using var transaction =
                script.InTransaction ? await connection.BeginTransactionAsync(cancel) : null;
            foreach (var sql in script.InTransaction ? [script.Sql] : Statements(script.Sql))
            {
                await using var command =
                    new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = ScriptTimeoutSeconds };
                await command.ExecuteNonQueryAsync(cancel);
            }

            var duration = time.GetElapsedTime(started);
            await Record(connection, script, time.GetUtcNow(), duration, transaction, cancel);
            if (transaction is not null) await transaction.CommitAsync(cancel);
            log?.LogInformation(
                "Applied {File} in {Milliseconds} ms.", script.File, (long)duration.TotalMilliseconds);
        }
        catch (PostgresException error)
        {
            var kept = script.InTransaction ? "Nothing of it was kept." : "Its earlier statements were kept.";
            throw new MigrationRefused(
                $"{script.File}: {error.MessageText} ({error.SqlState}). {kept}", error);
        }
    }

    static Task Record(
        NpgsqlConnection connection,
        MigrationScript script,
        DateTimeOffset appliedAt,
        TimeSpan duration,
        NpgsqlTransaction? transaction,
        CancellationToken cancel) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into schema_migrations (version, name, checksum, applied_at, duration_ms)
            values (@Version, @Name, @Checksum, @appliedAt, @milliseconds)
            """,
            new
            {
                script.Version,
                script.Name,
                script.Checksum,
                appliedAt,
                milliseconds = (long)duration.TotalMilliseconds,
            },
            transaction,
            cancellationToken: cancel));

    static IEnumerable<string> Statements(string sql) =>
        sql.ReplaceLineEndings("\n").Split(";\n").Select(part => part.Trim()).Where(HasCode);

    static bool HasCode(string part) => part.Split('\n').Any(
        line => line.Trim() is { Length: > 0 } text && !text.StartsWith("--", StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<version>\d{4})_(?<name>[a-z0-9_]+)\.sql$", RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
