using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Browser.Tests;

[SupportedOSPlatform("linux")]
public sealed class CollectTests(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Theory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(360, "light")]
    [InlineData(360, "dark")]
    public async Task Sample_leads_are_made_by_a_job_that_the_page_follows(int width, string theme)
    {
        await using var page = await app.Visit("/collect", width, theme);
        var seed = $"{width}{theme.Length}";
        await page.Page.GetByLabel("How many").FillAsync("12");
        await page.Page.GetByLabel("Seed").FillAsync(seed);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Make sample leads" }).ClickAsync();

        var first = page.Page.Locator("#collections tbody tr").First;
        await Assertions.Expect(first).ToContainTextAsync("12 sample leads");
        await Assertions.Expect(first).ToContainTextAsync("Available");
        await Work();
        await Assertions.Expect(first).ToContainTextAsync("Completed");
        await page.Screenshot($"collect-{width}-{theme}");
        Assert.Empty(await page.AxeFindings());
        Assert.Empty(page.Complaints);
        Assert.Equal(0, await page.SidewaysOverflow());
    }

    [Theory]
    [InlineData("How many", "many", "Make sample leads", "Enter a whole number from 1 to 100,000.")]
    [InlineData("How many", "0", "Make sample leads", "Enter a whole number from 1 to 100,000.")]
    [InlineData("Seed", "-1", "Make sample leads", "Enter a whole number from 0 to")]
    public async Task What_is_wrong_is_said_at_its_field(
        string field, string value, string button, string sentence)
    {
        await using var page = await app.Visit("/collect");
        // A browser of today would not send letters in a number; older ones and programs do.
        await page.Page.EvaluateAsync(
            "document.querySelectorAll('input[type=number]').forEach(i => i.type = 'text')");
        await page.Page.GetByLabel(field).FillAsync(value);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

        await Assertions.Expect(page.Page.Locator(".field-error")).ToContainTextAsync(sentence);
        Assert.Equal(value,
            await page.Page.GetByLabel(field).EvaluateAsync<string>("input => input.getAttribute('value')"));
    }

    [Fact]
    public async Task Without_a_name_for_the_SEC_the_page_says_what_to_set()
    {
        await using var page = await app.Visit("/collect");

        await Assertions.Expect(page.Page.GetByText("Overture__SecEdgarUserAgent")).ToBeVisibleAsync();
        Assert.True(await page.Page.GetByRole(AriaRole.Button, new() { Name = "Collect filings" })
            .IsDisabledAsync());
    }

    async Task Work()
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        await using var node = await Node.Join(app.Database, "test", time, default);
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var worker = app.Services.GetRequiredService<JobWorker>();
        var open = await app.Services.GetRequiredService<JobQueue>()
            .List(workspace, null, null, null, 10, default);
        foreach (var job in open.Where(job => !job.IsFinished))
            await worker.RunOnly(node, workspace, job.Id, default);
    }
}
