using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// One open transaction and the workspace it belongs to. Stores take it as their first argument; nothing is
/// kept unless <see cref="Commit"/> was reached, and nothing at all in a dry run.
/// </summary>
public sealed class Session(
    NpgsqlConnection connection, NpgsqlTransaction transaction, long workspaceId,
    Lazy<byte[]>? personKey = null, IDisposable? rehearsal = null,
    Func<NpgsqlConnection, bool, ValueTask>? giveBack = null, bool isKept = true)
    : IAsyncDisposable
{
    /// <summary>Settings of a transaction, as columns of a select.</summary>
    internal const string ByKeys =
        "set_config('plan_cache_mode', 'force_generic_plan', true), "
        + "set_config('enable_seqscan', 'off', true)";

    bool isCommitted;

    public NpgsqlConnection Connection { get; } = connection;

    public NpgsqlTransaction Transaction { get; } = transaction;

    /// <summary>The workspace of this session; 0 in a session over the whole instance.</summary>
    public long WorkspaceId { get; } = workspaceId;

    /// <summary>
    /// The same open transaction, looked at for one workspace; only the outer session commits.
    /// </summary>
    public Session In(long workspaceId) => new(Connection, Transaction, workspaceId, personKey, rehearsal);

    /// <summary>
    /// By what an erased person is known again: a keyed hash of the workspace and the address. Null where no
    /// key was given, as in a look at the schema alone.
    /// </summary>
    public string? PersonHash(string emailKey) => personKey is null ? null : Convert.ToHexStringLower(
        HMACSHA256.HashData(personKey.Value, Encoding.UTF8.GetBytes($"{WorkspaceId}|{emailKey}")));

    /// <summary>
    /// From here on every statement finds its rows by keys that it is given, as in
    /// <see cref="Database.OpenByKeys"/>.
    /// </summary>
    public Task FindByKeys(CancellationToken cancel) => Run($"select {ByKeys}", null, cancel);

    /// <summary>For statements that go to the server together.</summary>
    public Batch Together() => new(this);

    public async Task Commit(CancellationToken cancel)
    {
        if (!isKept)
        {
            // What a commit would have refused is refused here too.
            await Run("set constraints all immediate", null, cancel);
            return;
        }

        await Transaction.CommitAsync(cancel);
        isCommitted = true;
    }

    public async Task<IReadOnlyList<T>> List<T>(string sql, object? parameters, CancellationToken cancel) =>
        (await Connection.QueryAsync<T>(Command(sql, parameters, cancel))).AsList();

    public Task<T> One<T>(string sql, object? parameters, CancellationToken cancel) =>
        Connection.QuerySingleAsync<T>(Command(sql, parameters, cancel));

    public Task<T?> Maybe<T>(string sql, object? parameters, CancellationToken cancel) =>
        Connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters, cancel));

    /// <summary>Runs a statement and returns the number of rows it touched.</summary>
    public Task<int> Run(string sql, object? parameters, CancellationToken cancel) =>
        Connection.ExecuteAsync(Command(sql, parameters, cancel));

    /// <summary>
    /// Wakes listeners of a channel once this transaction commits; carries an id, never data.
    /// </summary>
    public Task Notify(string channel, string payload, CancellationToken cancel) =>
        rehearsal is not null
            ? Task.CompletedTask // Nobody else must hear of what did not happen.
            : Run("select pg_notify(@channel, @payload)", new { channel, payload }, cancel);

    /// <summary>The same as part of a batch.</summary>
    public void Notify(Batch batch, string channel, string payload)
    {
        if (rehearsal is null)
            batch.Call("select pg_notify(@channel, @payload)", new { channel, payload });
    }

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        if (rehearsal is not null) rehearsal.Dispose();
        else if (giveBack is not null) await giveBack(Connection, isCommitted);
        else await Connection.DisposeAsync();
    }

    CommandDefinition Command(string sql, object? parameters, CancellationToken cancel) =>
        new(sql, parameters, Transaction, cancellationToken: cancel);
}
