using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Overture.Core.Data;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// A migrated PostgreSQL that belongs to one test alone, with the settings of the product: it may be
/// restarted, frozen, and kept on a disk of its own that runs full.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class PrivateServer : IAsyncDisposable
{
    const int DiskBytes = 96 * 1024 * 1024;
    const int FillBytes = 64 * 1024;

    readonly LocalPostgresFolder folder;
    readonly LocalPostgresPrograms programs;
    readonly string root;
    LocalPostgres server;
    bool isMounted;

    PrivateServer(string root, LocalPostgres server)
    {
        (this.root, this.server) = (root, server);
        folder = LocalPostgresFolder.Open(root);
        programs = LocalPostgresPrograms.Find(folder);
    }

    public string ConnectionString => server.ConnectionString + ";Maximum Pool Size=30";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string Tables => Path.Combine(folder.Data, "base");

    string Filler => Path.Combine(Tables, "filler");

    public static async Task<PrivateServer> Start()
    {
        var root = Directory.CreateTempSubdirectory("overture-faults-").FullName;
        File.SetUnixFileMode(
            root, File.GetUnixFileMode(root) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        var started = new PrivateServer(root, await Open(root));
        await using var source = NpgsqlDataSource.Create(started.ConnectionString + ";Pooling=false");
        await Migrator.Apply(source, TimeProvider.System, null, Cancel);
        return started;
    }

    /// <summary>Immediate is a crash; fast cuts every session and ends in good order.</summary>
    public async Task Restart(string mode)
    {
        await programs.Run("pg_ctl", ["stop", "-D", folder.Data, "-m", mode, "-w"], Cancel);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await programs.Run(
                    "pg_ctl", ["start", "-D", folder.Server, "-l", folder.Log, "-w"], Cancel);
                return;
            }
            catch (LocalPostgresFailed) when (attempt < 10)
            {
                // Children of a crashed server hold its memory for a moment.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancel);
            }
        }
    }

    /// <summary>Ends the session of one of the application's connections; false when there is none.</summary>
    public async Task<bool> EndOneSession()
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var end = new NpgsqlCommand(
            """
            select count(pg_terminate_backend(pid)) > 0 from (
                select pid from pg_stat_activity
                where pid <> pg_backend_pid() and usename = current_user
                order by random() limit 1) one
            """,
            connection);
        return (bool)(await end.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>Every process of the server stands still for so long.</summary>
    public async Task Freeze(TimeSpan duration)
    {
        var processes = Processes();
        Signal("-STOP", processes);
        await Task.Delay(duration, TimeProvider.System, Cancel);
        Signal("-CONT", processes);
    }

    /// <summary>
    /// Moves the tables to a small disk of their own; false where nobody may mount one. The log of the
    /// database stays where it was, so that it goes on and answers, but can add nothing.
    /// </summary>
    public async Task<bool> MoveToSmallDisk()
    {
        if (!Environment.IsPrivilegedProcess) return false;
        await server.DisposeAsync();
        var kept = Tables + ".kept";
        Directory.Move(Tables, kept);
        var size = DiskBytes.ToString(CultureInfo.InvariantCulture);
        isMounted = await Run("install", "-d", "-m", "700", Tables)
            && await Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=700", "tmpfs", Tables);
        await Run("cp", "-a", kept + "/.", Tables);
        await Run("chown", "--reference=" + kept, Tables);
        server = await Open(root);
        return isMounted;
    }

    public void Fill()
    {
        var block = new byte[FillBytes];
        using var file = File.Create(Filler, bufferSize: 1);
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        if (isMounted) await Run("umount", Tables);
        Directory.Delete(root, recursive: true);
    }

    // What vacuum frees within the tables would be room on a full disk.
    static Task<LocalPostgres> Open(string root) => LocalPostgres.Start(
        root, ["shared_buffers = 64MB", "autovacuum = off"], NullLogger.Instance, TimeProvider.System,
        Cancel);

    // All that stands in the data folder: PostgreSQL's processes do, and nothing else does.
    List<string> Processes() => [.. Directory.GetDirectories("/proc")
        .Where(path => new FileInfo(Path.Combine(path, "cwd")).LinkTarget == folder.Data)
        .Select(path => Path.GetFileName(path)!)];

    static void Signal(string signal, IReadOnlyList<string> processes)
    {
        using var kill = Process.Start("kill", [signal, .. processes]);
        kill.WaitForExit();
    }

    static async Task<bool> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false, RedirectStandardError = true,
            })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}
