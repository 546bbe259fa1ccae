using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// Units of work that share one connection and take turns on it. They may write temporary tables only: the
/// server itself refuses everything else, so that nothing real can be touched by mistake.
/// </summary>
sealed class OneConnection(NpgsqlConnection connection, Lazy<byte[]>? personKey = null) : IDisposable
{
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim turn = new(1);

    public async Task<Session> Begin(string scope, long workspaceId, CancellationToken cancel)
    {
        if (!await turn.WaitAsync(LongestWait, cancel))
            throw new InvalidOperationException("A unit of work was opened inside another one.");
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancel);
            await using var scoped = new NpgsqlCommand(
                "set transaction read only; select set_config('overture.workspace', @scope, true)", connection,
                transaction);
            scoped.Parameters.AddWithValue("scope", scope);
            await scoped.ExecuteNonQueryAsync(cancel);
            return new Session(connection, transaction, workspaceId, personKey, new Turn(turn));
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    public void Dispose() => turn.Dispose();

    sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
