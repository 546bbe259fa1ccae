using System.Runtime.Versioning;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Data;

[SupportedOSPlatform("linux")]
public sealed class BatchTests
{
    static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task Statements_are_answered_in_their_order_and_see_those_before_them()
    {
        await using var test = await TestWorkspace.Create();
        await using var session = await test.Database.Open(test.Id, Cancel);
        var batch = session.Together();
        var before = batch.List<long>("select count(*) from suppressions", new { });
        batch.Run(
            """
            insert into suppressions (workspace_id, kind, value, reason, created_by, created_at)
            values (@WorkspaceId, 'domain', @value, 'manual', 'test', now())
            """,
            new { batch.WorkspaceId, value = "closed.example" });
        batch.Call("select pg_notify('batch_test', @text)", new { text = "x" });
        var after = batch.List<(string, string?)>(
            "select value, note from suppressions where kind = @kind", new { kind = "domain" });
        Assert.Throws<InvalidOperationException>(() => after.Values);
        await batch.Send(Cancel);
        Assert.Equal(0, before.Only);
        Assert.Equal([("closed.example", null)], after.Values);
    }

    [Fact]
    public async Task Many_addresses_are_answered_as_each_alone()
    {
        await using var test = await TestWorkspace.Create();
        test.Database.KnowErasedBy(new Lazy<byte[]>(() => new byte[32]));
        await using var session = await test.Database.Open(test.Id, Cancel);
        var hash = session.PersonHash("erased@client.example");
        await session.Run(
            """
            insert into suppressions (workspace_id, kind, value, reason, created_by, created_at)
            values (@WorkspaceId, 'address', 'ann@client.example', 'manual', 'test', now()),
                (@WorkspaceId, 'domain', 'closed.example', 'refused', 'test', now()),
                (@WorkspaceId, 'address_hash', @hash, 'erased', 'test', now())
            """,
            new { session.WorkspaceId, hash }, Cancel);
        string[] addresses =
            ["Ann@client.example", "bob@mail.closed.example", "erased@client.example", "eve@client.example"];
        var batch = session.Together();
        var many = SuppressionStore.Matching(batch, addresses);
        await batch.Send(Cancel);
        foreach (var address in addresses)
            Assert.Equal(await SuppressionStore.Matching(session, address, Cancel), many.Reason(address));
        Assert.Equal("erased", many.Reason("erased@client.example"));
    }
}
