using System.Collections.Concurrent;
using System.Reflection;
using Dapper;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// Statements of one transaction that travel to the server together and are answered in their order: many of
/// them cost one round trip. Each sees what those before it did.
/// </summary>
public sealed class Batch(Session session)
{
    static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    readonly List<NpgsqlBatchCommand> statements = [];
    readonly List<Func<NpgsqlDataReader, CancellationToken, Task>> readers = [];

    public Session Session => session;

    public long WorkspaceId => session.WorkspaceId;

    /// <summary>Adds a statement that returns rows; they are there once the batch was sent.</summary>
    public Rows<T> List<T>(string sql, object parameters)
    {
        Add(sql, parameters);
        var rows = new Rows<T>();
        readers.Add(rows.Read);
        return rows;
    }

    /// <summary>Adds a statement that returns no rows.</summary>
    public void Run(string sql, object parameters) => Add(sql, parameters);

    /// <summary>Adds a call of a function for what it does; what it returns is passed over.</summary>
    public void Call(string sql, object parameters)
    {
        Add(sql, parameters);
        readers.Add((_, _) => Task.CompletedTask);
    }

    public async Task Send(CancellationToken cancel)
    {
        if (statements.Count == 0) return;
        await using var batch = new NpgsqlBatch(session.Connection, session.Transaction);
        foreach (var statement in statements) batch.BatchCommands.Add(statement);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        // Statements without rows do not show in the reader.
        for (var at = 0; at < readers.Count; at++)
        {
            await readers[at](reader, cancel);
            await reader.NextResultAsync(cancel);
        }
    }

    void Add(string sql, object parameters)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var property in Properties.GetOrAdd(parameters.GetType(), type => type.GetProperties()))
            statement.Parameters.Add(
                new NpgsqlParameter(property.Name, property.GetValue(parameters) ?? DBNull.Value));
        statements.Add(statement);
    }
}

/// <summary>What one statement of a batch returned.</summary>
public sealed class Rows<T>
{
    readonly List<T> rows = [];
    bool isRead;

    public IReadOnlyList<T> Values => isRead
        ? rows : throw new InvalidOperationException("The batch has not been sent yet.");

    public T? Only => Values.Count > 0 ? Values[0] : default;

    internal async Task Read(NpgsqlDataReader reader, CancellationToken cancel)
    {
        // The typed parser takes no plain text.
        var parse = reader.GetRowParser(typeof(T));
        while (await reader.ReadAsync(cancel)) rows.Add((T)parse(reader));
        isRead = true;
    }
}
