using Npgsql;
using Overture.Core.Data;

namespace Overture.Core.Jobs;

/// <summary>
/// This process as the database sees it: a number, and an advisory lock held on a connection of its own. When
/// the process dies the lock is free at once, and whatever it had claimed can be taken over.
/// </summary>
public sealed class Node : IAsyncDisposable
{
    /// <summary>First half of the advisory lock; the migration's node_is_alive() looks for it.</summary>
    const int LockClass = 71;

    readonly NpgsqlConnection connection;

    Node(int id, NpgsqlConnection connection)
    {
        Id = id;
        this.connection = connection;
    }

    public int Id { get; }

    public static async Task<Node> Join(
        Database database, string roles, TimeProvider time, CancellationToken cancel)
    {
        var id = await database.InInstance(
            session => JobStore.InsertNode(
                session, Environment.MachineName, Environment.ProcessId, roles, time.GetUtcNow().UtcDateTime,
                cancel),
            cancel);
        var held = await database.Source.OpenConnectionAsync(cancel);
        try
        {
            await using var hold = new NpgsqlCommand("select pg_advisory_lock(@class, @id)", held);
            hold.Parameters.AddWithValue("class", LockClass);
            hold.Parameters.AddWithValue("id", id);
            await hold.ExecuteNonQueryAsync(cancel);
            return new Node(id, held);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// False once the connection that holds the lock is gone: others may already have taken over.
    /// </summary>
    public async Task<bool> IsHeld(CancellationToken cancel)
    {
        try
        {
            await using var probe = new NpgsqlCommand("select 1", connection);
            await probe.ExecuteScalarAsync(cancel);
            return true;
        }
        catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// Leaves: the lock is given up by hand, because a pooled connection would keep it until its next use.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var release = new NpgsqlCommand("select pg_advisory_unlock(@class, @id)", connection);
            release.Parameters.AddWithValue("class", LockClass);
            release.Parameters.AddWithValue("id", Id);
            await release.ExecuteNonQueryAsync();
        }
        catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }

        await connection.DisposeAsync();
    }
}
