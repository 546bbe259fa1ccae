using System.Globalization;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// The one door to PostgreSQL. Every unit of work names the workspace whose rows it may see.
/// </summary>
public sealed class Database(NpgsqlDataSource source) : IAsyncDisposable
{
    readonly OneConnection? only;

    /// <summary>
    /// Statements each connection keeps planned: those of the send transaction cost more to plan than to run.
    /// </summary>
    const int PreparedStatements = 100;

    /// <summary>
    /// A process that stands still within a transaction loses it after so long: what it holds would hold up
    /// all others, above all those that take its work over.
    /// </summary>
    static readonly TimeSpan LongestStandstill = TimeSpan.FromSeconds(60);

    static Database()
    {
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        ColumnTypes.Register();
    }

    /// <summary>Every unit of work on one connection, one after the other, as a rehearsal needs it.</summary>
    internal Database(NpgsqlDataSource source, OneConnection only) : this(source) => this.only = only;

    public NpgsqlDataSource Source { get; } = source;

    internal Lazy<byte[]>? PersonKey { get; private set; }

    public static Database Connect(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString) { Name = "overture" };
        builder.ConnectionStringBuilder.ApplicationName ??= "overture";
        if (builder.ConnectionStringBuilder.MaxAutoPrepare == 0)
            builder.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
        builder.ConnectionStringBuilder.Options ??= string.Create(
            CultureInfo.InvariantCulture,
            $"-c idle_in_transaction_session_timeout={LongestStandstill.TotalMilliseconds}");
        return new Database(builder.Build());
    }

    /// <summary>Says by which key erased people are known again; the first word counts.</summary>
    public void KnowErasedBy(Lazy<byte[]> key) => PersonKey ??= key;

    /// <summary>
    /// Opens a transaction that sees one workspace only (row-level security holds it there).
    /// </summary>
    public Task<Session> Open(long workspaceId, CancellationToken cancel) =>
        Begin(workspaceId.ToString(CultureInfo.InvariantCulture), workspaceId, cancel);

    /// <summary>
    /// Opens a transaction that sees every workspace: for claims, clock work and sign-in, which choose the
    /// workspace themselves.
    /// </summary>
    public Task<Session> OpenInstance(CancellationToken cancel) => Begin("all", 0, cancel);

    /// <summary>
    /// One unit of work in one workspace: commits when the work returns, rolls back when it throws.
    /// </summary>
    public async Task<T> InWorkspace<T>(
        long workspaceId, Func<Session, Task<T>> work, CancellationToken cancel)
    {
        await using var session = await Open(workspaceId, cancel);
        var result = await work(session);
        await session.Commit(cancel);
        return result;
    }

    public async Task InWorkspace(long workspaceId, Func<Session, Task> work, CancellationToken cancel)
    {
        await using var session = await Open(workspaceId, cancel);
        await work(session);
        await session.Commit(cancel);
    }

    public async Task<T> InInstance<T>(Func<Session, Task<T>> work, CancellationToken cancel)
    {
        await using var session = await OpenInstance(cancel);
        var result = await work(session);
        await session.Commit(cancel);
        return result;
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    async Task<Session> Begin(string scope, long workspaceId, CancellationToken cancel)
    {
        if (only is not null) return await only.Begin(scope, workspaceId, cancel);
        var connection = await Source.OpenConnectionAsync(cancel);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancel);
            await using var scoped = new NpgsqlCommand(
                "select set_config('overture.workspace', @scope, true)", connection, transaction);
            scoped.Parameters.AddWithValue("scope", scope);
            await scoped.ExecuteNonQueryAsync(cancel);
            return new Session(connection, transaction, workspaceId, PersonKey);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
