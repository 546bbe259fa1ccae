using System.Diagnostics;
using System.Runtime.Versioning;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Overture.Core.Data;

namespace Overture.Core.Tests.Data;

[SupportedOSPlatform("linux")]
public sealed class LocalPostgresTests : IDisposable
{
    const string FolderVariable = "OVERTURE_TEST_OWNER_FOLDER";
    static readonly TimeSpan ChildTimeout = TimeSpan.FromMinutes(3);

    readonly string folder = Directory.CreateTempSubdirectory("overture-pg-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public LocalPostgresTests() => File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_second_start_finds_what_the_first_one_wrote()
    {
        await using (var cold = await Start()) await Write(cold, "kept");
        Assert.Empty(Servers());
        await using var warm = await Start();
        Assert.Equal("kept", await Read(warm));
    }

    [Fact]
    public async Task The_application_is_an_ordinary_role_that_owns_its_database()
    {
        await using var postgres = await Start();
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        var role = await connection.QuerySingleAsync<(string Name, bool Super, bool Bypass)>(
            "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user");
        Assert.Equal(("overture", false, false), role);
        var settings = await connection.QuerySingleAsync<(string, string, string, string)>(
            """
            select current_setting('data_checksums'), current_setting('server_encoding'),
                   datcollate, current_setting('listen_addresses')
            from pg_database where datname = current_database()
            """);
        Assert.Equal(("on", "UTF8", "C.UTF-8", ""), settings);
    }

    [Fact]
    public async Task The_password_is_for_the_owner_only_and_is_asked_for()
    {
        await using var postgres = await Start();
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(folder, "postgres-password")));
        foreach (var user in new[] { "overture", "postgres" })
        {
            var guess = new NpgsqlConnectionStringBuilder(postgres.ConnectionString)
            {
                Username = user, Password = "guess", Pooling = false,
            };
            await using var connection = new NpgsqlConnection(guess.ConnectionString);
            // An ordinary user who started the server himself is its superuser by his system account.
            if (user == "postgres" && !Environment.IsPrivilegedProcess) continue;
            await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancel));
        }
    }

    [Fact]
    public async Task The_last_one_out_stops_the_server()
    {
        var first = await Start();
        var second = await Start();
        Assert.Equal(first.ServerProcess, second.ServerProcess);
        await first.DisposeAsync();
        await Write(second, "still here");
        await second.DisposeAsync();
        Assert.Empty(Servers());
    }

    [Fact]
    public async Task A_server_that_is_left_running_is_joined_again()
    {
        var first = await Start();
        first.LeaveRunning = true;
        await first.DisposeAsync();
        await using var second = await Start();
        Assert.Equal(first.ServerProcess, second.ServerProcess);
    }

    [Fact]
    public async Task Two_that_start_together_share_one_server()
    {
        var both = await Task.WhenAll(Task.Run(Start), Task.Run(Start));
        Assert.Equal(both[0].ServerProcess, both[1].ServerProcess);
        foreach (var one in both) await one.DisposeAsync();
        Assert.Empty(Servers());
    }

    [Fact]
    public async Task The_server_outlives_a_killed_owner_and_is_adopted()
    {
        using var owner = Child(nameof(Owner_that_waits_to_be_killed), "-explicit", "only");
        var ready = Path.Combine(folder, "ready");
        var patience = Stopwatch.StartNew();
        while (!File.Exists(ready) && !owner.HasExited && patience.Elapsed < ChildTimeout)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        var server = int.Parse(await File.ReadAllTextAsync(ready, Cancel));
        owner.Kill();
        await owner.WaitForExitAsync(Cancel);
        await using var adopted = await Start();
        Assert.Equal(server, adopted.ServerProcess);
        Assert.Equal("by the owner", await Read(adopted));
    }

    /// <summary>Not a test: the process that the test above kills.</summary>
    [Fact(Explicit = true)]
    public async Task Owner_that_waits_to_be_killed()
    {
        var place = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(place is null, "run by another test only");
        await using var postgres = await Start(place);
        await Write(postgres, "by the owner");
        await File.WriteAllTextAsync(Path.Combine(place, "ready.new"), $"{postgres.ServerProcess}", Cancel);
        File.Move(Path.Combine(place, "ready.new"), Path.Combine(place, "ready"));
        await Task.Delay(ChildTimeout, TimeProvider.System, Cancel);
    }

    [Fact]
    public async Task A_crashed_server_recovers_what_was_committed()
    {
        var crashed = await Start();
        await Write(crashed, "committed");
        using (var server = Process.GetProcessById(crashed.ServerProcess)) server.Kill();
        await using var recovered = await Start();
        Assert.NotEqual(crashed.ServerProcess, recovered.ServerProcess);
        Assert.Equal("committed", await Read(recovered));
        await crashed.DisposeAsync();
    }

    [Fact]
    public async Task An_interrupted_first_start_begins_again()
    {
        Directory.CreateDirectory(Path.Combine(folder, "postgres", "data.new", "base"));
        await using var postgres = await Start();
        await Write(postgres, "fine");
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_uses_loopback()
    {
        var deep = Path.Combine(folder, new string('d', 90));
        await using var postgres = await Start(deep);
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        Assert.Equal("127.0.0.1", connection.Host);
        await Write(postgres, "over TCP");
        await using var joined = await Start(deep);
        Assert.Equal("over TCP", await Read(joined));
    }

    [Fact]
    public async Task A_lost_password_is_explained()
    {
        await using (await Start()) File.WriteAllText(Path.Combine(folder, "postgres-password"), "other");
        var error = await Assert.ThrowsAsync<LocalPostgresFailed>(Start);
        Assert.Contains("is not the one of its role overture", error.Message, StringComparison.Ordinal);
        Assert.Empty(Servers());
    }

    [Fact]
    public async Task A_missing_version_names_its_package()
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "postgres", "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "9\n", Cancel);
        var error = await Assert.ThrowsAsync<LocalPostgresFailed>(Start);
        Assert.Contains("apt-get install postgresql-9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_holds_for_an_ordinary_user_too()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "already an ordinary user");
        using var child = Child("*", "-explicit", "off");
        await child.WaitForExitAsync(Cancel);
        var output = await child.StandardOutput.ReadToEndAsync(Cancel);
        Assert.True(child.ExitCode == 0, output);
        Assert.Matches(@"Total: 1\d", output);
    }

    Task<LocalPostgres> Start() => Start(folder);

    Task<LocalPostgres> Start(string place) => LocalPostgres.Start(
        place, NullLogger.Instance, TimeProvider.System, Cancel);

    static async Task Write(LocalPostgres postgres, string text)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.ExecuteAsync("create table note as select @text as text", new { text });
    }

    static async Task<string?> Read(LocalPostgres postgres)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        return await connection.ExecuteScalarAsync<string>("select text from note");
    }

    // The servers that run on this test's folder.
    List<int> Servers() => [.. Directory.GetDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
        .Where(id => id > 0 && CommandLine(id).Contains(folder + "/postgres", StringComparison.Ordinal))];

    static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    // This test program once more, as a process of its own; as an ordinary user when every test is asked for.
    Process Child(string method, params string[] arguments)
    {
        var name = typeof(LocalPostgresTests).FullName;
        string[] user = method == "*"
            ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            : [];
        string[] filter = method == "*" ? ["-class", name!] : ["-method", $"{name}.{method}"];
        string[] command = [.. user, Environment.ProcessPath!, .. filter, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [FolderVariable] = folder, ["HOME"] = folder },
        };
        // What a killed child leaves behind goes with our own folder.
        if (user.Length == 0) start.Environment["TMPDIR"] = folder;
        return Process.Start(start)!;
    }
}
