using System.Runtime.Versioning;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Model;

[SupportedOSPlatform("linux")]
public sealed class ImportContactStoreTests
{
    const int Known = 20_000;
    const int Asked = 2_000;

    static readonly string[] Names = [.. Enumerable.Range(1, Asked).Select(number => $"ann number{number}")];
    static readonly long[] Companies = [.. Enumerable.Repeat(1L, Asked)];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_reads_only_whom_it_asks_for_though_nothing_is_known_of_the_tables_size()
    {
        await using var test = await Filled();
        var byKeys = await Read(test, session => ImportContactStore.WithKeys(
            session, [.. Names.Select(name => name.Replace(' ', '.') + "@b.example")], [], Cancel));
        var byNames = await Read(test, session => ImportContactStore.WithNames(
            session, Companies, Names, Cancel));
        Assert.InRange(byKeys, Asked, 2 * Asked);
        Assert.InRange(byNames, Asked, 2 * Asked);
        var joined = await Read(test, session => session.List<long>(
            """
            select c.id from unnest(@Companies, @Names) asked (company_id, name)
            join contacts c on c.workspace_id = @WorkspaceId and c.company_id = asked.company_id
                and lower(c.full_name) = asked.name
            """,
            new { session.WorkspaceId, Companies, Names }, Cancel));
        Assert.True(joined >= Known, $"{joined} rows were read; the plain join read them all.");
    }

    static async Task<long> Read(TestWorkspace test, Func<Session, Task> look)
    {
        await using var session = await test.Database.Open(test.Id, Cancel);
        await look(session);
        return await session.One<long>(
            "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'contacts'",
            null, Cancel);
    }

    static async Task<TestWorkspace> Filled()
    {
        var test = await TestWorkspace.Create();
        await test.Do("alter table contacts set (autovacuum_enabled = off)");
        await test.Do(
            """
            insert into companies (workspace_id, id, name, match_name, source, created_at, updated_at)
            overriding system value select id, 1, 'B', 'b', 'test', now(), now() from workspaces
            """);
        await test.Do(
            $"""
            insert into contacts (workspace_id, company_id, full_name, email, email_key, source, created_at,
                updated_at)
            select w.id, 1, 'Ann Number' || n, 'ann.number' || n || '@b.example',
                'ann.number' || n || '@b.example', 'test', now(), now()
            from workspaces w, generate_series(1, {Known}) n
            """);
        return test;
    }
}
