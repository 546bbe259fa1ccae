using System.Runtime.Versioning;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Overture.Core.Data;

namespace Overture.Testing;

/// <summary>
/// The PostgreSQL of the tests: a private cluster that all test programs of this user share, or the server
/// that OVERTURE_TEST_DATABASE names. Holds one migrated template database per state of the migrations.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class TestServer
{
    const int TemplatesKept = 8;
    const int ConnectionsPerDatabase = 20;
    const long TemplateLockKey = 0x7465_6D70_6C61_7465;
    static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(2);

    // Nothing here needs to survive a power cut.
    static readonly string[] FastSettings =
    [
        "fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 400",
        // A database in which the vacuum works cannot be dropped by force: its process is not ours to end.
        "autovacuum = off",
    ];

    static readonly Lazy<Task<TestServer>> Shared = new(Start);

    readonly string connectionString;
    readonly string template;
    int created;

    TestServer(string connectionString)
    {
        this.connectionString = connectionString;
        var checksums = string.Concat(Migrator.Embedded().Select(script => script.Checksum));
        template = "template_" + new MigrationScript(0, "all", checksums).Checksum[..16];
    }

    public static Task<TestServer> Get() => Shared.Value;

    /// <summary>A fresh copy of the migrated template; returns how to connect to it.</summary>
    public async Task<string> CreateDatabase()
    {
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref created)}";
        await Execute($"create database {name} template {template}");
        return ConnectionTo(name);
    }

    public Task DropDatabase(string name) => Execute($"drop database if exists {name} with (force)");

    static async Task<TestServer> Start()
    {
        if (Environment.GetEnvironmentVariable("OVERTURE_TEST_DATABASE") is { Length: > 0 } given)
        {
            var server = new TestServer(given);
            await server.MakeTemplate(isPrivate: false);
            return server;
        }

        var folder = Path.Combine(Path.GetTempPath(), $"overture-tests-{Environment.UserName}");
        var postgres = await LocalPostgres.Start(
            folder, FastSettings, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        // The runner has no hook after the last fixture of a program; the end of the process is one.
        AppDomain.CurrentDomain.ProcessExit +=
            (_, _) => postgres.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var own = new TestServer(postgres.ConnectionString);
        await own.MakeTemplate(isPrivate: true);
        return own;
    }

    // Made under another name and renamed when complete; one program makes it, the others wait.
    async Task MakeTemplate(bool isPrivate)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await Lock(connection);
        if (isPrivate) await DropLeftovers(connection);
        if (await Exists(connection, template)) return;
        await connection.ExecuteAsync($"drop database if exists {template}_new with (force)");
        await connection.ExecuteAsync($"create database {template}_new template template0");
        await using (var source = NpgsqlDataSource.Create(ConnectionTo(template + "_new") + ";Pooling=false"))
            await Migrator.Apply(source, TimeProvider.System, null, CancellationToken.None);
        await connection.ExecuteAsync($"alter database {template}_new rename to {template}");
    }

    static async Task Lock(NpgsqlConnection connection)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await connection.ExecuteScalarAsync<bool>(
            "select pg_try_advisory_lock(@TemplateLockKey)", new { TemplateLockKey }))
        {
            if (TimeProvider.System.GetElapsedTime(started) > LockTimeout)
                throw new TimeoutException("Another test program holds the template database; end it.");
            await Task.Delay(LockPollInterval, TimeProvider.System);
        }
    }

    // Databases of killed test programs, and templates of migrations long gone.
    static async Task DropLeftovers(NpgsqlConnection connection)
    {
        var names = (await connection.QueryAsync<string>(
            "select datname from pg_database where datname ~ '^(test|template)_' order by oid")).ToList();
        var orphans = names.Where(
            name => name.Split('_') is ["test", var process, _] && !Directory.Exists($"/proc/{process}"));
        var templates = names.Where(name => name.StartsWith("template_", StringComparison.Ordinal)).ToList();
        foreach (var name in orphans.Concat(templates.SkipLast(TemplatesKept)))
            await connection.ExecuteAsync($"drop database if exists {name} with (force)");
    }

    static Task<bool> Exists(NpgsqlConnection connection, string name) =>
        connection.ExecuteScalarAsync<bool>(
            "select exists (select from pg_database where datname = @name)", new { name });

    async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.ExecuteAsync(sql);
    }

    string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Database = database, MaxPoolSize = ConnectionsPerDatabase, IncludeErrorDetail = true,
    }.ConnectionString;
}
