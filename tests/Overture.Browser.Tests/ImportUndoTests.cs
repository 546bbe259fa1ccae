using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Browser.Tests;

/// <summary>What comes after an import: its undo, the earlier files, and the presets.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImportUndoTests(ImportedBrowserApp app) : IClassFixture<ImportedBrowserApp>
{
    [Theory]
    [InlineData(1280, "light")]
    [InlineData(360, "dark")]
    public async Task A_preset_reads_the_next_file_and_is_saved_by_name(int width, string theme)
    {
        await using var page = await app.Visit("/leads/import", width, theme);
        await page.Page.GetByLabel("Paste rows").FillAsync(
            "Name\tJob title\tE-mail\tCompany\tWebsite\tCity\n"
            + "New One\tCEO\tnew@one.example\tOne\tone.example\tRome\n");
        await Press(page, "Look at the columns");
        await Inspect(page, $"import-preset-{width}-{theme}");
        Assert.Contains("(fits this file)", await page.Page.GetByLabel("Read it as before").InnerTextAsync());

        await page.Page.GetByLabel("What “City” is read as").SelectOptionAsync("skip");
        await page.Page.GetByLabel("Leave alone").CheckAsync();
        await page.Page.GetByLabel("Keep this reading as a preset").FillAsync($"No city {width}");
        await Press(page, "Check what would happen");
        await See(page, $"The preset “No city {width}” is saved.");

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Change the columns" }).ClickAsync();
        await page.Page.GetByLabel("Read it as before").SelectOptionAsync(
            new SelectOptionValue { Label = $"{ImportedPeople.PresetName} (fits this file)" });
        await Press(page, "Use this preset");
        await See(page, $"The columns are read as in “{ImportedPeople.PresetName}”.");
        Assert.Equal("city", await page.Page.GetByLabel("What “City” is read as").InputValueAsync());
        Assert.True(await page.Page.GetByLabel("Fill blanks").IsCheckedAsync());

        await page.Open("/leads/import/history#presets");
        await page.Page.GetByLabel($"Delete No city {width}").ClickAsync();
        await Press(page, "Delete the preset");
        await See(page, "The preset is deleted.");
        await Inspect(page, $"import-history-{width}-{theme}");
    }

    [Fact]
    public async Task An_import_is_undone_after_its_consequences_were_told()
    {
        await using var page = await app.Visit("/leads/import");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Earlier imports and presets" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = ImportedPeople.FileName, Exact = true })
            .Last.ClickAsync();
        await See(page, "The import can be undone until");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Undo …" }).ClickAsync();
        await See(page, "59 leads, 59 people and 10 companies are deleted");
        await Inspect(page, "import-undo-1280-light");

        await Press(page, "Undo the import");
        await See(page, "Being undone");
        var job = (await app.Services.GetRequiredService<JobQueue>().List(
            app.WorkspaceId, UndoImport.Name, null, null, 1, default))[0];
        await ImportedPeople.WorkOff(app, app.WorkspaceId, job.Id);
        await See(page, "59 leads, 59 people and 10 companies deleted");
        await Inspect(page, "import-undone-1280-light");

        var left = await app.Services.GetRequiredService<Leads>().List(
            app.WorkspaceId, new LeadFilter { Source = ImportFile.Source }, null, 10, default);
        Assert.Empty(left.Rows);
        await page.Open($"/leads/import/{app.People.Import}/undo");
        await See(page, "This import has been undone already.");
    }

    static Task Press(BrowserPage page, string button) =>
        page.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    static Task See(BrowserPage page, string text) =>
        Assertions.Expect(page.Page.GetByText(text).First).ToBeVisibleAsync();

    static async Task Inspect(BrowserPage page, string name)
    {
        await page.Screenshot(name);
        Assert.Empty(await page.AxeFindings());
        Assert.Equal(0, await page.SidewaysOverflow());
        Assert.Empty(page.Complaints);
    }
}
