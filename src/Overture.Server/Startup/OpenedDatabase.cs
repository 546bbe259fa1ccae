using Overture.Core.Data;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>
/// The database in use: the configured server, or a private one that is started when needed.
/// </summary>
public sealed class OpenedDatabase : IAsyncDisposable
{
    readonly IAsyncDisposable? server;

    OpenedDatabase(Database database, IAsyncDisposable? server) =>
        (Database, this.server) = (database, server);

    public Database Database { get; }

    /// <summary>Opens without touching the schema.</summary>
    public static async Task<OpenedDatabase> Open(
        OvertureOptions options, ILogger log, TimeProvider time, CancellationToken cancel)
    {
        if (options.Database is { } configured) return new(Database.Connect(configured), server: null);
        if (!OperatingSystem.IsLinux())
            throw new LocalPostgresFailed(
                "A private PostgreSQL is started on Linux only. Set Overture__Database.");
        var local = await LocalPostgres.Start(options.DataFolder, log, time, cancel);
        return new(Database.Connect(local.ConnectionString), local);
    }

    /// <summary>Opens and brings the schema up to date.</summary>
    public static async Task<OpenedDatabase> OpenCurrent(
        OvertureOptions options, ILogger log, TimeProvider time, CancellationToken cancel)
    {
        var opened = await Open(options, log, time, cancel);
        try
        {
            await Migrator.Apply(opened.Database.Source, time, log, cancel);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }
}
