using System.Runtime.Versioning;
using Overture.Testing;

namespace Overture.Server.Tests.Cli;

[SupportedOSPlatform("linux")]
public sealed class RankCommandsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_score_is_explained_once_the_lead_has_one()
    {
        Assert.Equal(0, (await Run("collect", "synthetic", "--count", "1")).Exit);
        var early = await Run("rank", "explain", "1");
        Assert.Equal(0, (await Run("pipeline", "run")).Exit);
        var why = await Run("rank", "explain", "1", "--json");
        var unknown = await Run("rank", "explain", "999");

        Assert.Equal(6, early.Exit);
        Assert.Contains("has not been ranked yet", early.Errors);
        Assert.NotEqual("", (string?)Assert.Single(why.Lines())["ranking"]!["why"]);
        Assert.Equal(5, unknown.Exit);
    }

    Task<EndedProcess> Run(params string[] arguments) =>
        OvertureProcess.Run(database.ConnectionString, arguments);
}
