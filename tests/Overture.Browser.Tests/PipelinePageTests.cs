using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Reports;

namespace Overture.Browser.Tests;

[SupportedOSPlatform("linux")]
public sealed class PipelinePageTests(FilledBrowserApp app) : IClassFixture<FilledBrowserApp>
{
    [Fact]
    public async Task The_funnel_moves_while_a_pipeline_runs_without_reload()
    {
        await using var page = await app.Visit("/");
        var collected = page.Page.Locator(".funnel li", new() { HasText = "Collected" })
            .Locator(".funnel-count");
        var captured = page.Page.Locator(".funnel li", new() { HasText = "Captured" })
            .Locator(".funnel-count");
        var before = (await collected.InnerTextAsync(), await captured.InnerTextAsync());
        await page.Page.GetByLabel("Sample leads to add first").FillAsync("40");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Run the pipeline" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop the run" }))
            .ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator(".live-text")).ToHaveTextAsync("live");
        await page.Screenshot("today-running-1280-light");
        Assert.Empty(await page.AxeFindings());
        await page.Page.EvaluateAsync("window.notReloaded = true");

        await app.WorkOffNewestJob();

        await Assertions.Expect(collected).Not.ToHaveTextAsync(before.Item1);
        await Assertions.Expect(captured).Not.ToHaveTextAsync(before.Item2);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Run the pipeline" }))
            .ToBeVisibleAsync();
        Assert.True(await page.Page.EvaluateAsync<bool>("window.notReloaded === true"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_run_can_be_started_and_stopped_with_scripts_off()
    {
        await using var page = await app.Visit("/", withScripts: false);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Run the pipeline" }).ClickAsync();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop the run" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByText("The run stops at its next safe point."))
            .ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Run the pipeline" }))
            .ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_cancelled_job_goes_on_with_one_press()
    {
        await using var page = await app.Visit("/", withScripts: false);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Run the pipeline" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Pipeline run" }).ClickAsync();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("Cancelled. What was done so far is kept."))
            .ToBeVisibleAsync();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("Waits for a free worker.")).ToBeVisibleAsync();
        await app.WorkOffNewestJob();
        await page.Page.ReloadAsync();
        await Assertions.Expect(page.Page.Locator(".state")).ToHaveTextAsync("Completed");
    }

    [Fact]
    public async Task A_captured_mail_is_downloaded_byte_for_byte()
    {
        await using var page = await app.Visit(await app.Resolve("/captured/{captured}"));
        var id = long.Parse(page.Page.Url[(page.Page.Url.LastIndexOf('/') + 1)..]);

        var download = await page.Page.RunAndWaitForDownloadAsync(
            () => page.Page.GetByRole(AriaRole.Link, new() { Name = "Download .eml" }).ClickAsync());

        Assert.Equal($"captured-{id}.eml", download.SuggestedFilename);
        var reports = app.Services.GetRequiredService<MessageReport>();
        Assert.Equal(
            await reports.CapturedBytes(app.WorkspaceId, id, default),
            await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    [Fact]
    public async Task Enrichment_is_switched_with_one_press_and_its_meaning_is_told()
    {
        await using var page = await app.Visit("/");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Off", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("leads go to ranking with what they came with"))
            .ToBeVisibleAsync();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "On", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("the services you connected are asked first"))
            .ToBeVisibleAsync();
    }
}
