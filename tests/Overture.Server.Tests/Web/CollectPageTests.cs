using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Tests.Web;

[SupportedOSPlatform("linux")]
public sealed class CollectPageTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Theory]
    [InlineData("soon", "2026-03-31", "f-from-error", "Enter a day, such as 2026-03-31.")]
    [InlineData("2026-03-31", "2999-01-01", "f-to-error", "Nothing has been filed on days to come.")]
    [InlineData("2026-03-31", "2026-03-30", "f-to-error", "The last day comes before the first.")]
    [InlineData("2024-01-01", "2025-12-31", "f-to-error", "Choose at most 366 days at a time.")]
    public async Task A_range_that_cannot_be_collected_is_said_at_its_day(
        string from, string to, string place, string sentence)
    {
        using var visitor = app.SignedIn();

        using var answer = await visitor.FillIn("/collect", "edgar", ("from", from), ("to", to));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"id=\"{place}\"", page);
        Assert.Contains(sentence, page);
        Assert.Contains($"value=\"{from}\"", page);
    }

    [Fact]
    public async Task A_collection_asked_for_twice_is_one_job()
    {
        using var visitor = app.SignedIn();
        (string, string)[] fields = [("from", "2026-03-30"), ("to", "2026-03-31"), ("skip_funds", "true")];

        using var first = await visitor.FillIn("/collect", "edgar", fields);
        using var second = await visitor.FillIn("/collect", "edgar", fields);

        Assert.Equal("/collect", first.Headers.Location?.OriginalString.Replace(app.Address, ""));
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var jobs = await app.Services.GetRequiredService<JobQueue>()
            .List(workspace, CollectSecEdgar.Name, null, null, 10, default);
        Assert.Equal(
            new CollectSecEdgar.Args(new(2026, 3, 30), new(2026, 3, 31), SkipFunds: true),
            Assert.Single(jobs).ParametersAs<CollectSecEdgar.Args>());
    }
}
