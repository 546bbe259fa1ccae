using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Jobs;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Server.Tests.Api;

[SupportedOSPlatform("linux")]
public sealed class RankingApiTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_trains_looks_pins_switches_and_takes_the_training_set_along()
    {
        using var owner = app.SignedIn();
        var workspace = (long)(await Json(await owner.GetJson("/api/v1/me")))["workspace_id"]!;
        await new TouchHistory(app.Database, workspace, TimeProvider.System).Finished(300, "robotics");
        await Sent(owner, HttpMethod.Put, "/api/v1/ranking", """{"exploratory": ["robotics"]}""");

        using var accepted = await Sent(owner, HttpMethod.Post, "/api/v1/ranking/train", null);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await WorkOff(workspace, (long)(await Json(accepted))["id"]!);

        var found = await Json(await owner.GetJson("/api/v1/ranking/evaluation"));
        Assert.Equal("learned", (string?)found["mode"]);
        Assert.Equal(300, (int)found["labelled"]!);
        Assert.Equal("exploratory keyword: robotics", (string?)found["metrics"]!["features"]![0]!["feature"]);
        var id = (long)found["serving"]!["id"]!;
        Assert.True((double)found["serving"]!["auc"]!["low"]! > 0.6);

        using var set = await owner.Get("/api/v1/ranking/training-set");
        var lines = (await set.Content.ReadAsStringAsync(Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(301, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));

        Assert.Equal("pinned", (string?)(await Json(await Sent(
            owner, HttpMethod.Post, $"/api/v1/ranking/models/{id}/pin", null)))["state"]);
        Assert.Equal("promoted", (string?)(await Json(await Sent(
            owner, HttpMethod.Post, $"/api/v1/ranking/models/{id}/unpin", null)))["state"]);
        using var twice = await Sent(owner, HttpMethod.Post, $"/api/v1/ranking/models/{id}/unpin", null);
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        using var document = await owner.GetJson($"/api/v1/ranking/models/{id}/document");
        Assert.Equal(1, (int)(await Json(document))["version"]!);

        await Sent(owner, HttpMethod.Put, "/api/v1/ranking/mode", """{"mode": "fifo"}""");
        Assert.Equal("fifo", (string?)(await Json(await owner.GetJson("/api/v1/ranking/evaluation")))["mode"]);
        var preview = await Json(await Sent(
            owner, HttpMethod.Post, "/api/v1/ranking/preview", """{"positive": ["robotics"]}"""));
        Assert.Equal(0, (int)preview["looked_at"]!);
    }

    async Task WorkOff(long workspace, long id)
    {
        await using var node = await Node.Join(app.Database, "test", TimeProvider.System, Cancel);
        var done = await app.Services.GetRequiredService<JobWorker>().RunOnly(node, workspace, id, Cancel);
        Assert.True(done!.State == JobState.Completed, done.Error);
        Assert.Equal(TrainRanking.Name, done.Kind);
    }

    static Task<HttpResponseMessage> Sent(Visitor visitor, HttpMethod method, string path, string? json) =>
        visitor.Send(
            method, path,
            json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            ("Sec-Fetch-Site", "same-origin"));

    static async Task<JsonNode> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
