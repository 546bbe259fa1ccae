using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Model;

[SupportedOSPlatform("linux")]
public sealed class RowLevelSecurityTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_of_one_workspace_sees_nothing_of_another_even_without_a_predicate()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 2);
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        await test.Send();
        var other = await test.Get<Workspaces>().Add("Other", "UTC", Cancel);
        var tables = await test.List<string>(
            """
            select c.relname from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
            where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1
            """);
        Assert.True(tables.Count > 20, $"only {tables.Count} tables found");
        var own = 0L;
        foreach (var table in tables)
        {
            own += await Count(test, test.Id, table);
            Assert.Equal(0, await Count(test, other, table));
        }

        Assert.True(own > 20, $"only {own} rows to hide");
        await using var session = await test.Database.Open(other, Cancel);
        Assert.Equal(0, await session.Run("update leads set source = 'stolen'", null, Cancel));
        Assert.Equal(0, await session.Run("delete from contacts", null, Cancel));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => session.Run(
            "insert into lists (workspace_id, name, created_at) values (@id, 'x', '2026-01-01')",
                new { id = test.Id }, Cancel));
    }

    [Fact]
    public async Task Every_table_with_a_workspace_is_protected_by_force()
    {
        await using var test = await TestWorkspace.Create();
        Assert.Empty(await test.List<string>(
            """
            select c.relname from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
            where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
              and not (c.relrowsecurity and c.relforcerowsecurity)
            """));
    }

    static async Task<long> Count(TestWorkspace test, long workspace, string table)
    {
        await using var session = await test.Database.Open(workspace, Cancel);
        return await session.One<long>($"select count(*) from {table}", null, Cancel);
    }
}
