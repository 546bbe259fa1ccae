using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// The one door to PostgreSQL. Every unit of work names the workspace whose rows it may see.
/// </summary>
public sealed class Database(NpgsqlDataSource source) : IAsyncDisposable
{
    /// <summary>The oldest major version that statements and settings are written for.</summary>
    public const int OldestPostgres = 15;

    const string Visible = "select set_config('overture.workspace', @scope, true)";

    const string VisibleByKeys = $"{Visible}, {Session.ByKeys}";

    readonly OneConnection? only;
    bool isKept = true;

    /// <summary>
    /// Statements each connection keeps planned: those of the send transaction cost more to plan than to run.
    /// </summary>
    const int PreparedStatements = 100;

    /// <summary>Connections that wait for the next unit of work outside the pool.</summary>
    const int MostAtHand = 4;

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

    /// <summary>
    /// The last one is taken first: the server has planned its statements, while a pool that takes turns has
    /// them planned on each of its connections. Whatever a unit of work sets ends with its transaction, so
    /// nothing has to be reset between two of them.
    /// </summary>
    readonly ConcurrentStack<NpgsqlConnection> atHand = new();

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

    /// <summary>
    /// The same database for a dry run: every unit of work is rolled back where it would commit. It shares
    /// the connections of this one and is not disposed of.
    /// </summary>
    public Database Rehearsing() => new(Source) { isKept = false, PersonKey = PersonKey };

    /// <summary>Says by which key erased people are known again; the first word counts.</summary>
    public void KnowErasedBy(Lazy<byte[]> key) => PersonKey ??= key;

    /// <summary>
    /// Opens a transaction that sees one workspace only (row-level security holds it there).
    /// </summary>
    public Task<Session> Open(long workspaceId, CancellationToken cancel) =>
        Begin(Visible, Scope(workspaceId), workspaceId, cancel);

    /// <summary>
    /// The same for statements that find every row by a key they are given. The best plan for those does not
    /// depend on how many keys there are or how large the tables, so the server makes it once, and does not
    /// take a table for small because nobody has counted it yet.
    /// </summary>
    public Task<Session> OpenByKeys(long workspaceId, CancellationToken cancel) =>
        Begin(VisibleByKeys, Scope(workspaceId), workspaceId, cancel);

    /// <summary>
    /// Opens a transaction that sees every workspace: for claims, clock work and sign-in, which choose the
    /// workspace themselves.
    /// </summary>
    public Task<Session> OpenInstance(CancellationToken cancel) => Begin(Visible, "all", 0, cancel);

    /// <summary>
    /// The same, once nobody else anywhere has a session open that is alone with this text.
    /// </summary>
    public async Task<Session> OpenAlone(long workspaceId, string with, CancellationToken cancel)
    {
        var session = await Open(workspaceId, cancel);
        try
        {
            await session.Run(
                "select pg_advisory_xact_lock(hashtextextended(@with, @workspaceId))",
                new { with, workspaceId }, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

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

    public async ValueTask DisposeAsync()
    {
        while (atHand.TryPop(out var connection)) await connection.DisposeAsync();
        await Source.DisposeAsync();
    }

    static string Scope(long workspaceId) => workspaceId.ToString(CultureInfo.InvariantCulture);

    async Task<Session> Begin(string settings, string scope, long workspaceId, CancellationToken cancel)
    {
        if (only is not null) return await only.Begin(scope, workspaceId, cancel);
        if (atHand.TryPop(out var kept))
        {
            try
            {
                return await Begin(kept, settings, scope, workspaceId, cancel);
            }
            catch (NpgsqlException)
            {
                // It broke while it waited, and nothing has begun on it.
            }
        }

        return await Begin(
            await Source.OpenConnectionAsync(cancel), settings, scope, workspaceId, cancel);
    }

    async Task<Session> Begin(
        NpgsqlConnection connection, string settings, string scope, long workspaceId,
        CancellationToken cancel)
    {
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancel);
            await using var scoped = new NpgsqlCommand(settings, connection, transaction);
            scoped.Parameters.AddWithValue("scope", scope);
            await scoped.ExecuteNonQueryAsync(cancel);
            return new Session(
                connection, transaction, workspaceId, PersonKey, giveBack: GiveBack, isKept: isKept);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Only after a commit: what ended in another way goes through the pool, which resets it.
    /// </summary>
    ValueTask GiveBack(NpgsqlConnection connection, bool isCommitted)
    {
        if (!isCommitted || atHand.Count >= MostAtHand) return connection.DisposeAsync();
        atHand.Push(connection);
        return ValueTask.CompletedTask;
    }
}
