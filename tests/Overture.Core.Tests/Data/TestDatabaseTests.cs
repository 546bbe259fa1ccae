using System.Runtime.Versioning;
using Dapper;
using Overture.Core.Data;
using Overture.Testing;

namespace Overture.Core.Tests.Data;

[SupportedOSPlatform("linux")]
public sealed class TestDatabaseTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_migrated_and_its_own()
    {
        await using var other = await TestDatabase.Create();
        await using var here = await database.Source.OpenConnectionAsync(Cancel);
        await using var there = await other.Source.OpenConnectionAsync(Cancel);
        var names = await here.QueryAsync<string>("select name from schema_migrations order by version");
        Assert.Equal(Migrator.Embedded().Select(script => script.Name), names);
        await here.ExecuteAsync("create table mark ()");
        Assert.False(await there.ExecuteScalarAsync<bool>("select to_regclass('mark') is not null"));
    }

    [Fact]
    public async Task Another_one_takes_well_under_a_second()
    {
        var started = TimeProvider.System.GetTimestamp();
        await using (await TestDatabase.Create())
        {
            var took = TimeProvider.System.GetElapsedTime(started);
            TestContext.Current.TestOutputHelper?.WriteLine($"created in {took.TotalMilliseconds:0} ms");
            Assert.True(took < TimeSpan.FromSeconds(5), $"took {took}");
        }
    }
}
