using Dapper;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// One workspace's rows in temporary tables of the same names, with their indexes and triggers. Temporary
/// tables are found first, so every statement of the house works on them unchanged; other connections see
/// nothing, no row of the real tables is locked, and everything is gone when this is disposed.
/// </summary>
sealed class ShadowDatabase : IAsyncDisposable
{
    /// <summary>Only read by the phases, or none of their business: not copied, and never written.</summary>
    static readonly string[] LeftAlone =
    [
        "contacts", "companies", "facts", "raw_records", "imports", "lists", "list_members", "users",
        "memberships", "sign_ins", "setup_claims", "api_keys", "protection_keys", "nodes", "received_mail",
        "schema_migrations", "kept_answers",
    ];

    /// <summary>Only added to: their rows are not worth the copy.</summary>
    static readonly string[] Emptied = ["activity", "captured_mail", "jobs"];

    readonly NpgsqlConnection connection;
    readonly OneConnection only;

    ShadowDatabase(Database real, NpgsqlConnection connection)
    {
        this.connection = connection;
        only = new OneConnection(connection, real.PersonKey);
        Database = new Database(real.Source, only);
    }

    /// <summary>The door to the copy.</summary>
    public Database Database { get; }

    public static async Task<ShadowDatabase> Open(
        Database real, long workspaceId, CancellationToken cancel)
    {
        var connection = await real.Source.OpenConnectionAsync(cancel);
        try
        {
            await Copy(connection, workspaceId, cancel);
            return new ShadowDatabase(real, connection);
        }
        catch
        {
            await Forget(connection);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Forget(connection);
        only.Dispose();
    }

    static async Task Forget(NpgsqlConnection connection)
    {
        // The connection goes back to the pool: nothing of this may stay on it.
        if (connection.State == System.Data.ConnectionState.Open)
            await connection.ExecuteAsync("discard temp; discard plans");
        await connection.DisposeAsync();
    }

    static async Task Copy(NpgsqlConnection connection, long workspaceId, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // One instant for all tables.
        await Run(connection, "set transaction isolation level repeatable read", null, cancel);
        await Run(
            connection, "select set_config('overture.workspace', @scope, true)",
            new { scope = workspaceId.ToString(System.Globalization.CultureInfo.InvariantCulture) }, cancel);
        var tables = (await connection.QueryAsync<Table>(new CommandDefinition(
            """
            select c.relname as name,
                (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
                    as columns,
                exists (select from pg_attribute a
                        where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)
                    as has_workspace,
                (select a.attname from pg_attribute a
                 where a.attrelid = c.oid and a.attidentity <> '' limit 1) as identity,
                array(select pg_get_triggerdef(t.oid) from pg_trigger t
                      where t.tgrelid = c.oid and not t.tgisinternal) as triggers
            from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all(@LeftAlone)
            order by c.relname
            """,
            new { LeftAlone }, cancellationToken: cancel))).AsList();
        foreach (var table in tables) await Copy(connection, table, workspaceId, cancel);
        foreach (var table in tables)
            foreach (var trigger in table.Triggers)
                await Run(
                    connection,
                    trigger.Replace(
                        $" ON public.{table.Name} ", $" ON pg_temp.{table.Name} ", StringComparison.Ordinal),
                    null, cancel);
        // What functions planned for the real tables is forgotten.
        await Run(connection, "discard plans", null, cancel);
        await transaction.CommitAsync(cancel);
    }

    static async Task Copy(
        NpgsqlConnection connection, Table table, long workspaceId, CancellationToken cancel)
    {
        var name = $"\"{table.Name}\"";
        await Run(connection, $"create temp table {name} (like public.{name} including all)", null, cancel);
        if (table.Identity is { } identity)
            await Run(
                connection,
                $"""
                select setval(pg_get_serial_sequence('pg_temp.{name}', '{identity}'), coalesce(last, 1),
                    last is not null)
                from (select pg_sequence_last_value(
                    pg_get_serial_sequence('public.{name}', '{identity}')::regclass) as last) as real
                """,
                null, cancel);
        if (Emptied.Contains(table.Name)) return;
        var filter = table.HasWorkspace ? "where workspace_id = @workspaceId"
            : table.Name == "workspaces" ? "where id = @workspaceId" : "";
        await Run(
            connection,
            $"""
            insert into pg_temp.{name} ({table.Columns}) overriding system value
            select {table.Columns} from public.{name} {filter}
            """,
            new { workspaceId }, cancel);
        await Run(connection, $"analyze pg_temp.{name}", null, cancel);
    }

    static Task Run(
        NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancel) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancel));

    sealed class Table
    {
        public string Name { get; init; } = "";
        public string Columns { get; init; } = "";
        public bool HasWorkspace { get; init; }
        public string? Identity { get; init; }
        public string[] Triggers { get; init; } = [];
    }
}
