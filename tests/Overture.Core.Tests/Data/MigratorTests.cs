using System.Runtime.Versioning;
using Dapper;
using Npgsql;
using Overture.Core.Data;
using Overture.Testing;

namespace Overture.Core.Tests.Data;

[SupportedOSPlatform("linux")]
public sealed class MigratorTests : IAsyncLifetime
{
    static readonly MigrationScript First = new(1, "tree", "create table tree (height int)");
    static readonly MigrationScript Second =
        new(2, "oak", "insert into tree values (20);\ninsert into tree values (21);");

    TestDatabase database = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create();
        await Execute("drop owned by current_user cascade");
        await Execute("create schema if not exists public");
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Files_are_applied_once_and_in_order()
    {
        Assert.Equal(2, await Apply(Second, First));
        Assert.Equal(0, await Apply(First, Second));
        Assert.Equal([20, 21], await Query<int>("select height from tree order by 1"));
        var third = new MigrationScript(3, "ash", "insert into tree values (30)");
        Assert.Equal(1, await Apply(First, Second, third));
        var names = await Query<string>("select name from schema_migrations order by version");
        Assert.Equal(["tree", "oak", "ash"], names);
    }

    [Fact]
    public async Task A_broken_file_leaves_nothing_behind_and_says_why()
    {
        var broken = new MigrationScript(2, "broken", "create table half ();\n\nselect no_such_column;");
        var error = await Assert.ThrowsAsync<MigrationRefused>(() => Apply(First, broken));
        Assert.StartsWith("0002_broken.sql: column \"no_such_", error.Message, StringComparison.Ordinal);
        Assert.Equal([1], await Query<int>("select version from schema_migrations"));
        Assert.Equal([true], await Query<bool>("select to_regclass('half') is null"));
        Assert.Equal(1, await Apply(First, Second));
    }

    [Fact]
    public async Task An_edited_file_is_refused()
    {
        await Apply(First);
        var edited = new MigrationScript(1, "tree", "select 1");
        var error = await Assert.ThrowsAsync<MigrationRefused>(() => Apply(edited));
        Assert.Contains("0001_tree.sql was edited", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_line_endings_are_no_edit()
    {
        var unix = new MigrationScript(1, "x", "select 1;\nselect 2;");
        await Apply(unix);
        Assert.Equal(0, await Apply(new MigrationScript(1, "x", "select 1;\r\nselect 2;")));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await Apply(First, Second);
        var error = await Assert.ThrowsAsync<MigrationRefused>(() => Apply(First));
        Assert.Contains("0002_oak.sql, which this version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_below_the_newest_or_used_twice_is_refused()
    {
        var second = new MigrationScript(2, "alone", "select 1");
        await Apply(second);
        var late = await Assert.ThrowsAsync<MigrationRefused>(() => Apply(First, second));
        Assert.Contains("0001_tree.sql has a lower number", late.Message, StringComparison.Ordinal);
        var twice = await Assert.ThrowsAsync<MigrationRefused>(
            () => Apply(First, First with { Name = "bush" }));
        Assert.Contains("0001_tree.sql and 0001_bush.sql", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_marked_so_runs_outside_a_transaction()
    {
        const string sql = "drop index if exists tall;\ncreate index concurrently tall on tree (height);\n";
        var refused = new MigrationScript(2, "index", sql);
        await Assert.ThrowsAsync<MigrationRefused>(() => Apply(First, refused));
        var marked = new MigrationScript(2, "index", "-- migrate:no-transaction\n" + sql);
        Assert.Equal(1, await Apply(First, marked));
        Assert.Equal([true], await Query<bool>("select to_regclass('tall') is not null"));
    }

    [Fact]
    public async Task Two_processes_that_start_together_apply_each_file_once()
    {
        var slow = new MigrationScript(2, "slow", "insert into tree select 1 from pg_sleep(0.5)");
        var index = new MigrationScript(
            3, "index", "-- migrate:no-transaction\ncreate index concurrently i on tree (height);");
        await using var other = NpgsqlDataSource.Create(database.ConnectionString);
        var counts = await Task.WhenAll(Apply(First, slow, index), Apply(other, First, slow, index));
        Assert.Equal([0, 3], counts.Order());
        Assert.Equal([1], await Query<int>("select height from tree"));
    }

    [Fact]
    public async Task A_migration_sees_the_rows_of_every_workspace()
    {
        await Apply(new MigrationScript(
            1, "seen", "create table seen as select current_setting('overture.workspace') as scope"));
        Assert.Equal(["all"], await Query<string>("select scope from seen"));
        var after = await Query<string>("select coalesce(current_setting('overture.workspace', true), '')");
        Assert.Equal([""], after);
    }

    [Theory]
    [InlineData("1_x.sql")]
    [InlineData("0001-x.sql")]
    [InlineData("0001_X.sql")]
    public void A_file_name_of_another_shape_is_refused(string name) =>
        Assert.Throws<MigrationRefused>(() => Migrator.Parse(name, ""));

    Task<int> Apply(params MigrationScript[] scripts) => Apply(database.Source, scripts);

    static Task<int> Apply(NpgsqlDataSource source, params MigrationScript[] scripts) =>
        Migrator.Apply(source, scripts, TimeProvider.System, null, Cancel);

    async Task Execute(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync(sql);
    }

    async Task<IEnumerable<T>> Query<T>(string sql)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Cancel);
        return await connection.QueryAsync<T>(sql);
    }
}
