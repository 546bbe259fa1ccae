using System.Runtime.Versioning;
using Npgsql;
using Overture.Core.Data;
using Xunit;

namespace Overture.Testing;

/// <summary>
/// An own, migrated and empty database: for a class as <c>IClassFixture&lt;TestDatabase&gt;</c>, or for
/// one test with <c>await TestDatabase.Create()</c>. A copy of a template, dropped at the end.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class TestDatabase : IAsyncLifetime
{
    TestServer? server;
    Database? database;

    /// <summary>The database through the application's own door.</summary>
    public Database Database =>
        database ?? throw new InvalidOperationException("The fixture is not started.");

    public NpgsqlDataSource Source => Database.Source;

    /// <summary>For a second process or a second data source; holds the password.</summary>
    public string ConnectionString { get; private set; } = "";

    public static async Task<TestDatabase> Create()
    {
        var created = new TestDatabase();
        await created.InitializeAsync();
        return created;
    }

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.Get();
        ConnectionString = await server.CreateDatabase();
        database = Database.Connect(ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null || database is null) return;
        await database.DisposeAsync();
        await server.DropDatabase(new NpgsqlConnectionStringBuilder(ConnectionString).Database!);
        database = null;
    }
}
