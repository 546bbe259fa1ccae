using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Jobs;
using Overture.Core.Pipeline;

namespace Overture.Browser.Tests;

/// <summary>An import named twice, and the page of a job that has ended.</summary>
[SupportedOSPlatform("linux")]
public sealed class UndoOfNothingTests(ImportedBrowserApp app) : IClassFixture<ImportedBrowserApp>
{
    [Theory]
    [InlineData(1280, "light")]
    [InlineData(360, "dark")]
    public async Task An_undo_that_deletes_nothing_says_so_and_a_result_stands_clear_of_its_sentence(
        int width, string theme)
    {
        var imports = app.Services.GetRequiredService<Imports>();
        var (first, job) = (0L, 0L);
        for (var time = 0; time < 2; time++)
        {
            var id = await imports.Upload(
                app.WorkspaceId, $"same-{width}.csv",
                Encoding.UTF8.GetBytes($"Name,E-mail\nSame,same{width}@undo.example\n"), "Ada",
                default);
            job = await imports.Start(app.WorkspaceId, id, "Ada", default);
            await ImportedPeople.WorkOff(app, app.WorkspaceId, job);
            first = first == 0 ? id : first;
        }

        await using var page = await app.Visit($"/leads/import/{first}/undo", width, theme);
        await Assertions.Expect(page.Page.GetByText("Nothing is deleted")).ToBeVisibleAsync();
        await Inspect(page, $"import-undo-nothing-{width}-{theme}");

        var run = await app.Services.GetRequiredService<JobQueue>().Enqueue(
            app.WorkspaceId, RunPipeline.Name, new RunPipeline.Args(0), "Ada", default);
        await ImportedPeople.WorkOff(app, app.WorkspaceId, run);
        await page.Open($"/jobs/{run}");
        var sentence = await page.Page.GetByText("How far all leads had come").BoundingBoxAsync();
        var list = await page.Page.Locator("section:has(#h-result) dl").BoundingBoxAsync();
        Assert.InRange(list!.Y - (sentence!.Y + sentence.Height), 8, 24);
        await Inspect(page, $"job-result-{width}-{theme}");
    }

    static async Task Inspect(BrowserPage page, string name)
    {
        await page.Screenshot(name);
        Assert.Empty(await page.AxeFindings());
        Assert.Equal(0, await page.SidewaysOverflow());
        Assert.Empty(page.Complaints);
    }
}
