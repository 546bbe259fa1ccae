using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Overture.Core.Data;

/// <summary>
/// PostgreSQL's own programs and the user they run as. They refuse to run as root: then they run as the
/// system user <c>postgres</c> through setpriv, which replaces itself and leaves no process between.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class LocalPostgresPrograms
{
    const string Remedy = "Install it with: apt-get install postgresql";
    const string SystemUser = "postgres";
    const string DebianFolder = "/usr/lib/postgresql";
    const string RedHatPrefix = "pgsql-";

    readonly string folder;

    LocalPostgresPrograms(string folder) => this.folder = folder;

    /// <summary>The operating system's user the server runs as.</summary>
    public static string ServerUser => Environment.IsPrivilegedProcess ? SystemUser : Environment.UserName;

    /// <summary>The programs of the version that made the data; the newest when there is none.</summary>
    public static LocalPostgresPrograms Find(LocalPostgresFolder data)
    {
        var installed = Installed().ToList();
        if (installed.Count == 0) throw new LocalPostgresFailed($"PostgreSQL is not installed. {Remedy}");
        if (Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(IsSystemUser))
            throw new LocalPostgresFailed($"The system user postgres is missing. {Remedy}");
        var newest = installed.MaxBy(found => found.Version);
        if (newest.Version < Database.OldestPostgres)
            throw new LocalPostgresFailed(
                $"PostgreSQL {newest.Version} is installed; {Database.OldestPostgres} or newer is needed. "
                + "Newer ones for this system: https://www.postgresql.org/download/linux/");
        if (data.Version() is not { } version) return new(newest.Folder);
        var match = installed.Find(found => found.Version == version).Folder;
        return match is not null ? new(match) : throw new LocalPostgresFailed(
            $"The data in {data.Data} was made by PostgreSQL {version}, which is not installed. "
            + $"Install it with: apt-get install postgresql-{version}");
    }

    /// <summary>Runs one program to its end; returns what it said, or throws it when it failed.</summary>
    public Task<string> Run(
        string program, IReadOnlyList<string> arguments, CancellationToken cancel, string input = "") =>
        Execute([.. AsServerUser(), Path.Combine(folder, program), .. arguments], input, cancel);

    /// <summary>Gives folders to the user the server runs as, and checks that he reaches them.</summary>
    public static async Task Own(string[] paths, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) return;
        await Execute(["/usr/bin/chown", $"{SystemUser}:{SystemUser}", .. paths], "", cancel);
        try
        {
            await Execute([.. AsServerUser(), "/usr/bin/test", "-w", paths[0]], "", cancel);
        }
        catch (LocalPostgresFailed error)
        {
            throw new LocalPostgresFailed(
                $"The system user postgres cannot reach {paths[0]}: a folder above it is private. "
                + "Name another with OVERTURE_DATA, such as /var/lib/overture.", error);
        }
    }

    static IEnumerable<(int Version, string Folder)> Installed()
    {
        var debian = Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder) : [];
        foreach (var path in debian.Concat(Directory.GetDirectories("/usr", RedHatPrefix + "*")))
        {
            var name = Path.GetFileName(path).Replace(RedHatPrefix, "", StringComparison.Ordinal);
            if (File.Exists(Path.Combine(path, "bin", "initdb"))
                && int.TryParse(name, CultureInfo.InvariantCulture, out var version))
                yield return (version, Path.Combine(path, "bin"));
        }
    }

    static bool IsSystemUser(string line) => line.StartsWith(SystemUser + ":", StringComparison.Ordinal);

    static string[] AsServerUser() => !Environment.IsPrivilegedProcess ? [] :
    [
        "/usr/bin/setpriv", "--reuid", SystemUser, "--regid", SystemUser, "--init-groups",
        "--no-new-privs", "--",
    ];

    static async Task<string> Execute(string[] command, string input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var name in start.Environment.Keys.Where(IsPostgresVariable).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        var said = (await output + await errors).Trim();
        return process.ExitCode == 0
            ? said
            : throw new LocalPostgresFailed($"{Path.GetFileName(command.Last(IsProgram))}: {said}");
    }

    static bool IsPostgresVariable(string name) => name.StartsWith("PG", StringComparison.Ordinal);

    static bool IsProgram(string argument) => argument.StartsWith("/usr/", StringComparison.Ordinal);
}
