using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Browser.Tests;

/// <summary>A workspace that has learned from finished enrollments, with leads that wait.</summary>
[SupportedOSPlatform("linux")]
public sealed class LearnedBrowserApp : BrowserApp
{
    const int Finished = 400;
    const int Waiting = 12;

    long workspace;

    /// <summary>Works off whatever training waits, then ranks whoever waits for it.</summary>
    public async Task Work()
    {
        var waiting = await Services.GetRequiredService<JobQueue>().List(
            workspace, TrainRanking.Name, JobState.Available, null, 1, default);
        await using var node = await Node.Join(Database, "test", TimeProvider.System, default);
        foreach (var job in waiting)
            await Services.GetRequiredService<JobWorker>().RunOnly(node, workspace, job.Id, default);
        while (await Services.GetRequiredService<RankLeads>().RunBatch(workspace, default) > 0)
        {
            // Batch after batch, until nobody waits.
        }
    }

    protected override async Task Prepare()
    {
        workspace = await Services.GetRequiredService<Workspaces>().Add("Learned", "UTC", default);
        var history = new TouchHistory(Database, workspace, TimeProvider.System);
        await history.Finished(Finished, "robotics");
        await history.Waiting(Services.GetRequiredService<AddLead>(), Waiting, "robotics");
        await Services.GetRequiredService<Rankings>().Put(
            workspace, new RankingSettings { Exploratory = ["robotics"] }, "test", default);
        await Services.GetRequiredService<JobQueue>().Enqueue(
            workspace, TrainRanking.Name, new TrainRanking.Args(), "test", default, TrainRanking.UniqueKey);
        await using var session = await Database.Open(workspace, default);
        await session.Run(
            "update leads set state = 'enriched' where workspace_id = @workspace and state = 'new'",
            new { workspace }, default);
        await session.Commit(default);
        await Work();
    }
}

[SupportedOSPlatform("linux")]
public sealed class RankingPageTests(LearnedBrowserApp app) : IClassFixture<LearnedBrowserApp>
{
    [Theory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(360, "light")]
    [InlineData(360, "dark")]
    public async Task What_was_learned_is_accessible_quiet_and_fits(int width, string theme)
    {
        await using var page = await app.Visit("/ranking", width, theme);

        await page.Screenshot($"ranking-learned-{width}-{theme}");

        Assert.Empty(await page.AxeFindings());
        Assert.Empty(page.Complaints);
        Assert.Equal(0, await page.SidewaysOverflow());
        var text = await page.Page.Locator("main").InnerTextAsync();
        Assert.Contains("Leads are ordered by what was learned from 400 answers", text);
        Assert.Contains("Keyword \"robotics\"", text);
        Assert.Equal(2, await page.Page.Locator(".plot svg").CountAsync());
    }

    [Fact]
    public async Task Typing_a_keyword_shows_who_would_move_before_anything_is_kept()
    {
        await using var page = await app.Visit("/ranking");

        await page.Page.Locator("[name=positive]").PressSequentiallyAsync("robotics");

        await Assertions.Expect(page.Page.Locator("#moves .moves li").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#moves")).ToContainTextAsync("Mentions robotics: +");
        await page.Screenshot("ranking-preview-1280-light");
        Assert.Empty(await page.AxeFindings());
        await page.Page.ReloadAsync();
        Assert.Equal("", await page.Page.Locator("[name=positive]").InputValueAsync());
    }

    [Fact]
    public async Task Without_a_script_the_preview_has_its_button_and_nothing_is_kept()
    {
        await using var page = await app.Visit("/ranking", withScripts: false);

        await page.Page.Locator("[name=positive]").FillAsync("robotics");
        await page.Page.Locator("#moves button[value=preview]").ClickAsync();

        await Assertions.Expect(page.Page.Locator("#moves")).ToContainTextAsync("Mentions robotics: +");
        Assert.Equal("robotics", await page.Page.Locator("[name=positive]").InputValueAsync());
    }

    [Fact]
    public async Task The_model_is_pinned_trained_again_and_switched_off()
    {
        await using var page = await app.Visit("/ranking");
        var main = page.Page.Locator("main");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Pin model 1" }).ClickAsync();
        await Assertions.Expect(main).ToContainTextAsync("Pinned");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Train now" }).ClickAsync();
        await Assertions.Expect(main).ToContainTextAsync("Waits for a free worker");
        await app.Work();
        await page.Open("/ranking");
        await Assertions.Expect(main).ToContainTextAsync("Model 1 is pinned, so it goes on.");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Unpin model 1" }).ClickAsync();

        await page.Page.Locator("#f-mode").SelectOptionAsync("Fifo");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Use" }).ClickAsync();
        await Assertions.Expect(main).ToContainTextAsync("Ranking is switched off");
        await page.Page.Locator("#f-mode").SelectOptionAsync("Learned");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Use" }).ClickAsync();
        await Assertions.Expect(main).ToContainTextAsync("ordered by what was learned");
        await app.Work();
    }
}
