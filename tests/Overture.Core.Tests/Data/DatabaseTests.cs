using System.Runtime.Versioning;
using Npgsql;
using Overture.Core.Data;
using Overture.Testing;

namespace Overture.Core.Tests.Data;

/// <summary>Units of work that follow each other on one connection of the database.</summary>
[SupportedOSPlatform("linux")]
public sealed class DatabaseTests : IAsyncLifetime
{
    TestDatabase test = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => test = await TestDatabase.Create();

    public ValueTask DisposeAsync() => test.DisposeAsync();

    [Fact]
    public async Task The_connection_that_committed_last_is_taken_first_and_keeps_nothing_that_was_set()
    {
        var first = await Take(await test.Database.OpenByKeys(7, Cancel));
        Assert.Equal(("7", "force_generic_plan", "off"), (first.Workspace, first.Plans, first.Scans));
        var next = await Take(await test.Database.Open(8, Cancel));
        Assert.Equal((first.Process, "8", "auto", "on"), next);
    }

    [Fact]
    public async Task A_unit_of_work_that_did_not_commit_leaves_its_connection_to_the_pool_which_resets_it()
    {
        await using (var session = await test.Database.Open(7, Cancel))
            await session.Run("set search_path to nowhere; commit; begin", null, Cancel);
        Assert.Equal("7", (await Take(await test.Database.Open(7, Cancel))).Workspace);
        Assert.Equal(
            "\"$user\", public",
            await test.Database.InInstance(
                session => session.One<string>("show search_path", null, Cancel), Cancel));
    }

    [Fact]
    public async Task A_connection_that_broke_while_it_waited_is_replaced()
    {
        var (process, _, _, _) = await Take(await test.Database.Open(7, Cancel));
        await using var other = NpgsqlDataSource.Create(test.ConnectionString);
        await using var end = other.CreateCommand("select pg_terminate_backend(@process, 10000)");
        end.Parameters.AddWithValue("process", process);
        Assert.Equal(true, await end.ExecuteScalarAsync(Cancel));
        Assert.NotEqual(process, (await Take(await test.Database.Open(7, Cancel))).Process);
    }

    static async Task<(int Process, string Workspace, string Plans, string Scans)> Take(Session opened)
    {
        await using var session = opened;
        var seen = await session.One<(int, string, string, string)>(
            """
            select pg_backend_pid(), current_setting('overture.workspace'),
                current_setting('plan_cache_mode'), current_setting('enable_seqscan')
            """,
            null, Cancel);
        await session.Commit(Cancel);
        return seen;
    }
}
