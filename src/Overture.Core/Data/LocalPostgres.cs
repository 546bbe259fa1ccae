using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>The private PostgreSQL cannot be started; the message says why and what to do next.</summary>
public sealed class LocalPostgresFailed(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A private PostgreSQL cluster in a folder of ours, for machines where nobody has set up a database.
/// Several processes may share one: the first starts it, the others join it, the last one out stops it. When
/// all of them were killed the server lives on, and the next process joins it.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class LocalPostgres : IAsyncDisposable
{
    /// <summary>Owner of the database and an ordinary role: row level security binds it.</summary>
    public const string Role = "overture";

    static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(30);
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(60);
    static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(6);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    const int MaximumStartAttempts = 4;

    readonly LocalPostgresFolder folder;
    readonly LocalPostgresPrograms programs;
    readonly TimeProvider time;
    readonly ILogger log;
    FileStream? presence;

    LocalPostgres(LocalPostgresFolder folder, TimeProvider time, ILogger log)
    {
        (this.folder, this.time, this.log) = (folder, time, log);
        programs = LocalPostgresPrograms.Find(folder);
    }

    /// <summary>How the application connects; holds the generated password.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The process id of the server.</summary>
    public int ServerProcess { get; private set; }

    /// <summary>Set to leave the server running when this object is disposed.</summary>
    public bool LeaveRunning { get; set; }

    /// <summary>$OVERTURE_DATA; or /var/lib/overture for root, $XDG_DATA_HOME/overture for others.</summary>
    public static string DefaultFolder()
    {
        if (Environment.GetEnvironmentVariable("OVERTURE_DATA") is { Length: > 0 } named) return named;
        if (Environment.IsPrivilegedProcess) return "/var/lib/overture";
        return Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "overture");
    }

    public static Task<LocalPostgres> Start(
        string folder, ILogger log, TimeProvider time, CancellationToken cancel) =>
        Start(folder, [], log, time, cancel);

    /// <summary>Adds lines to postgresql.conf, which take effect when the server starts.</summary>
    public static async Task<LocalPostgres> Start(
        string folder,
        IReadOnlyList<string> settings,
        ILogger log,
        TimeProvider time,
        CancellationToken cancel)
    {
        var postgres = new LocalPostgres(LocalPostgresFolder.Open(folder), time, log);
        await postgres.Join(settings, cancel);
        return postgres;
    }

    public async ValueTask DisposeAsync()
    {
        if (presence is null) return;
        await using var turn = await Turn(CancellationToken.None);
        await presence.DisposeAsync();
        presence = null;
        if (!LeaveRunning) await StopUnlessUsed();
    }

    async Task Join(IReadOnlyList<string> settings, CancellationToken cancel)
    {
        await using var turn = await Turn(cancel);
        var started = time.GetTimestamp();
        if (folder.Version() is null) await Create(settings, cancel);
        var found = folder.RunningServer() is not null;
        for (var attempt = 1; ; attempt++)
        {
            if (folder.RunningServer() is null) await StartServer(settings, cancel);
            if (await IsReady(found, cancel)) break;
            // What we joined was just ending.
            found = false;
            if (attempt == MaximumStartAttempts) throw Failed("it ended at once, again and again");
        }

        presence = folder.Arrive();
        var verb = found ? "Joined" : "Started";
        log.LogInformation(
            "{Verb} the private PostgreSQL in {Folder} in {Milliseconds} ms.",
            verb, folder.Server, (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    async Task StopUnlessUsed()
    {
        if (!folder.IsLastOneOut() || folder.RunningServer() is null) return;
        var wait = StopTimeout.TotalSeconds.ToString("0");
        await programs.Run(
            "pg_ctl", ["stop", "-D", folder.Data, "-m", "fast", "-w", "-t", wait], CancellationToken.None);
        log.LogInformation("Stopped the private PostgreSQL in {Folder}.", folder.Server);
    }

    // One process at a time starts or stops the server. The kernel lets go of the file when a process dies.
    async Task<FileStream> Turn(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (folder.TryTakeTurn() is { } turn) return turn;
            if (time.GetElapsedTime(started) > LockTimeout)
                throw new LocalPostgresFailed(
                    $"Another process has been starting or stopping the database in {folder.Server} for more "
                    + $"than {LockTimeout.TotalMinutes} minutes. End it, then start again.");
            await Task.Delay(PollInterval, time, cancel);
        }
    }

    // The cluster is made beside its final place and moved there when complete: an interrupted first start
    // leaves nothing half made. Roles are made in single-user mode, so the superuser needs no password and
    // nothing listens yet.
    async Task Create(IReadOnlyList<string> settings, CancellationToken cancel)
    {
        log.LogInformation("Creating a private PostgreSQL cluster in {Folder}.", folder.Server);
        var made = await folder.Prepare(cancel);
        var arguments = new List<string>
        {
            "-D", made, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
            "--auth-local=peer", "--auth-host=reject", "--no-instructions",
        };
        if (settings.Contains("fsync = off")) arguments.Add("--no-sync");
        await programs.Run("initdb", arguments, cancel);
        var output = await programs.Run(
            "postgres",
            ["--single", "-D", made, "template1"],
            cancel,
            $"""
            create role {Role} login createdb password '{folder.Password}'
            create database {Role} owner {Role}

            """);
        if (output.Contains("ERROR:", StringComparison.Ordinal))
            throw new LocalPostgresFailed($"The cluster in {folder.Server} could not be set up: {output}");
        Directory.Move(made, folder.Data);
    }

    async Task StartServer(IReadOnlyList<string> settings, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            folder.WriteSettings(settings);
            folder.ForgetDeadServer();
            try
            {
                var wait = StartTimeout.TotalSeconds.ToString("0");
                await programs.Run(
                    "pg_ctl", ["start", "-D", folder.Server, "-l", folder.Log, "-w", "-t", wait], cancel);
                return;
            }
            catch (LocalPostgresFailed) when (attempt < MaximumStartAttempts)
            {
                // After a crash the old server's children need a moment to let go of its shared memory, and
                // a port that was free may have been taken by another program.
                await Task.Delay(RetryInterval, time, cancel);
            }
            catch (LocalPostgresFailed error)
            {
                throw Failed(error.Message, error);
            }
        }
    }

    // False when the server is gone. One that we started is stopped again when it does not let us in.
    async Task<bool> IsReady(bool found, CancellationToken cancel)
    {
        try
        {
            var started = time.GetTimestamp();
            while (folder.RunningServer() is var (process, port))
            {
                (ServerProcess, ConnectionString) = (process, folder.ConnectionString(port));
                if (await LetsUsIn(time.GetElapsedTime(started) > ReadyTimeout, cancel)) return true;
                await Task.Delay(PollInterval, time, cancel);
            }

            return false;
        }
        catch when (!found)
        {
            await StopUnlessUsed();
            throw;
        }
    }

    async Task<bool> LetsUsIn(bool late, CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw Failed(
                $"the password in {folder.PasswordFile} is not the one of its role {Role}. Put the right "
                + "file back, or as the server's user set the role's password with psql", error);
        }
        catch (NpgsqlException error)
        {
            return late ? throw Failed(error.Message, error) : false;
        }
    }

    LocalPostgresFailed Failed(string reason, Exception? inner = null) =>
        new($"The database in {folder.Server} did not start: {reason}. Its log {folder.Log} ends:\n"
            + folder.EndOfLog(), inner);
}
