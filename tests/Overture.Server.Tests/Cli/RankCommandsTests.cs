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

    [Fact]
    public async Task The_ranking_is_trained_evaluated_switched_and_exported()
    {
        var trained = await Run("rank", "train", "--json");
        var evaluated = await Run("rank", "evaluate", "--json");
        var models = await Run("rank", "models", "--json");
        var switched = await Run("rank", "mode", "Fifo");
        var after = await Run("rank", "evaluate");
        var exported = await Run("rank", "export", "--format", "csv");
        var parquet = await Run("rank", "export", "--format", "parquet");
        var unknown = await Run("rank", "pin", "999");

        Assert.Equal(0, trained.Exit);
        Assert.Equal("refused", (string?)Assert.Single(trained.Lines())["state"]);
        Assert.Equal("fifo", (string?)Assert.Single(evaluated.Lines())["mode"]);
        Assert.Equal("[]", models.Output.Trim());
        Assert.Equal(0, switched.Exit);
        Assert.Contains("Ranking is switched off", after.Output);
        Assert.StartsWith("lead_id,contacted_at,answer,answered_at,label,", exported.Output);
        Assert.Contains("only format is csv", parquet.Errors);
        Assert.Equal(5, unknown.Exit);
    }

    Task<EndedProcess> Run(params string[] arguments) =>
        OvertureProcess.Run(database.ConnectionString, arguments);
}
