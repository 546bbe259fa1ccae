using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// The files of a private cluster. The application owns the generated password, two lock files and the
/// settings in <c>postgres/</c>; the user the server runs as owns the data, the socket and the log below it.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class LocalPostgresFolder
{
    const int MaximumSocketPathBytes = 107;
    const int SocketNumber = 5432;
    const int PasswordBytes = 24;
    const int LogTailLines = 8;
    const long MaximumLogBytes = 10_000_000;
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode Passable = Private | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    readonly string root;

    LocalPostgresFolder(string root) => this.root = root;

    public string Server => Path.Combine(root, "postgres");

    public string Data => Path.Combine(Server, "data");

    public string Log => Path.Combine(Server, "log", "server.log");

    public string PasswordFile => Path.Combine(root, "postgres-password");

    public string Password => File.ReadAllText(PasswordFile).Trim();

    string Socket => Path.Combine(Server, "run");

    bool UsesSocket =>
        Encoding.UTF8.GetByteCount($"{Socket}/.s.PGSQL.{SocketNumber}") <= MaximumSocketPathBytes;

    public static LocalPostgresFolder Open(string root)
    {
        var folder = new LocalPostgresFolder(Path.GetFullPath(root));
        try
        {
            Directory.CreateDirectory(folder.root, Passable);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new LocalPostgresFailed(
                $"The data folder {folder.root} cannot be made: {error.Message} "
                + "Name another with OVERTURE_DATA.", error);
        }

        return folder;
    }

    /// <summary>The major version that made the data; null when there is none yet.</summary>
    public int? Version()
    {
        var file = Path.Combine(Data, "PG_VERSION");
        if (!File.Exists(file)) return null;
        return int.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Makes the folders and the password; returns the empty folder to make the data in.</summary>
    public async Task<string> Prepare(CancellationToken cancel)
    {
        var made = Data + ".new";
        if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        Directory.CreateDirectory(Server, Passable);
        Directory.CreateDirectory(made, Private | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Socket, Passable);
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!, Private | UnixFileMode.UserExecute);
        await LocalPostgresPrograms.Own([made, Socket, Path.GetDirectoryName(Log)!], cancel);
        if (!File.Exists(PasswordFile))
        {
            var bytes = RandomNumberGenerator.GetBytes(PasswordBytes);
            Write(PasswordFile, Convert.ToHexStringLower(bytes), Private);
        }

        return made;
    }

    /// <summary>Null while another process starts or stops the server.</summary>
    public FileStream? TryTakeTurn() => TryOpen("turn.lock", FileAccess.ReadWrite, FileShare.None);

    /// <summary>Says that we use the server, until the stream closes or the process dies.</summary>
    public FileStream Arrive() => TryOpen("users.lock", FileAccess.Read, FileShare.Read)
        ?? throw new LocalPostgresFailed($"{root}/users.lock is locked by a foreign program; end it.");

    /// <summary>True when no process uses the server. Ask only while holding the turn.</summary>
    public bool IsLastOneOut()
    {
        using var alone = TryOpen("users.lock", FileAccess.ReadWrite, FileShare.None);
        return alone is not null;
    }

    /// <summary>The server that runs on this folder, whoever started it.</summary>
    public (int Process, int Port)? RunningServer()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file)) return null;
        var lines = File.ReadAllLines(file);
        if (lines.Length < 4 || !int.TryParse(lines[0], out var process)) return null;
        if (!int.TryParse(lines[3], out var port)) return null;
        return IsOurs(process) ? (process, port) : null;
    }

    /// <summary>
    /// Removes the traces of a killed server whose process number is still taken, by another process or by
    /// its own remains that nobody collects: PostgreSQL would believe that it still runs. While a child of
    /// the dead server is at work they stay, because PostgreSQL finds that child by them.
    /// </summary>
    public void ForgetDeadServer()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        var number = File.Exists(file) ? File.ReadLines(file).FirstOrDefault() : null;
        if (!int.TryParse(number, out var process)) return;
        var takenOver = Directory.Exists($"/proc/{process}") && !IsOurs(process);
        var atWork = Directory.GetDirectories("/proc").Any(
            path => new FileInfo(Path.Combine(path, "cwd")).LinkTarget == Data);
        if (!takenOver || atWork) return;
        File.Delete(file);
        File.Delete($"{Socket}/.s.PGSQL.{SocketNumber}.lock");
    }

    public void WriteSettings(IReadOnlyList<string> more)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var buffers = Math.Clamp(memory / 8 / (1 << 20), 64, 1024);
        var listen = UsesSocket
            ? $"listen_addresses = ''\nport = {SocketNumber}\nunix_socket_directories = '{Quote(Socket)}'"
            : $"listen_addresses = '127.0.0.1'\nport = {FreePort()}\nunix_socket_directories = ''";
        Write(
            Path.Combine(Server, "postgresql.conf"),
            $"""
            # Written by Overture at each start.
            data_directory = '{Quote(Data)}'
            {listen}
            max_connections = 100
            password_encryption = scram-sha-256
            shared_buffers = {buffers}MB
            max_wal_size = 2GB
            wal_compression = lz4
            random_page_cost = 1.1
            jit = off
            autovacuum_naptime = 10s
            timezone = 'UTC'
            log_timezone = 'UTC'
            log_checkpoints = off
            log_line_prefix = '%m [%p] '
            {string.Join('\n', more)}
            """,
            Readable);
        Write(
            Path.Combine(Server, "pg_hba.conf"),
            $"""
            local all postgres peer map=server
            local all {LocalPostgres.Role} scram-sha-256
            host all {LocalPostgres.Role} 127.0.0.1/32 scram-sha-256
            """,
            Readable);
        Write(
            Path.Combine(Server, "pg_ident.conf"),
            $"server \"{LocalPostgresPrograms.ServerUser}\" postgres",
            Readable);
        if (File.Exists(Log) && new FileInfo(Log).Length > MaximumLogBytes)
            File.Move(Log, Log + ".1", overwrite: true);
    }

    public string ConnectionString(int port) => new NpgsqlConnectionStringBuilder
    {
        Host = UsesSocket ? Socket : "127.0.0.1",
        Port = port,
        Username = LocalPostgres.Role,
        Password = Password,
        Database = LocalPostgres.Role,
    }.ConnectionString;

    public string EndOfLog() =>
        File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(LogTailLines)) : "(no log)";

    FileStream? TryOpen(string name, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(Path.Combine(root, name), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = access, Share = share, UnixCreateMode = Private,
            });
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    // The server was started with the folder as its argument; a process that inherited the number was not.
    bool IsOurs(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0').Contains(Server);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Written beside and moved, so that a crash never leaves half a file.
    static void Write(string path, string text, UnixFileMode mode)
    {
        File.Delete(path + ".new");
        using (var file = new FileStream(path + ".new", new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode,
        }))
        {
            file.Write(Encoding.UTF8.GetBytes(text + "\n"));
        }

        File.SetUnixFileMode(path + ".new", mode);
        File.Move(path + ".new", path, overwrite: true);
    }

    static string Quote(string path) => path.Replace("'", "''", StringComparison.Ordinal);

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
