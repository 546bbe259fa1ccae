using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Browser.Tests;

[SupportedOSPlatform("linux")]
public sealed class DuplicatePageTests(ImportedBrowserApp app) : IClassFixture<ImportedBrowserApp>
{
    [Fact]
    public async Task A_pair_is_compared_and_then_merged_or_kept_apart()
    {
        await using var page = await app.Visit("/leads", withScripts: false);
        await See(page, "3 pairs may be the same person or company.");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Decide which" }).ClickAsync();
        await See(page, "The same name at the same company, with another address or profile.");
        await See(page, "first@fair1.example");

        var first = page.Page.Locator(".pair", new() { HasText = "Visitor 01" });
        await first.Locator("summary").ClickAsync();
        await page.Screenshot("duplicates-merge-1280-light");
        await first.GetByRole(AriaRole.Button, new() { Name = "Merge them" }).ClickAsync();
        await See(page, "Merged: the older one has everything now.");

        await page.Page.Locator(".pair", new() { HasText = "Visitor 02" })
            .GetByRole(AriaRole.Button, new() { Name = "Keep apart" }).ClickAsync();
        await See(page, "Kept apart. This pair is not asked about again.");
        await page.Page.Locator(".pair", new() { HasText = "Fair Works 3" }).Locator("summary").ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Merge them" }).ClickAsync();
        await See(page, "No pair waits for you");
        await page.Screenshot("duplicates-empty-1280-light");

        var left = await app.Services.GetRequiredService<Leads>().List(
            app.WorkspaceId, new LeadFilter { Search = "visitor 01" }, null, 10, default);
        var lead = Assert.Single(left.Rows);
        await page.Open($"/leads/{lead.Id}");
        await See(page, "Merged with Visitor 01 (first@fair1.example)");
        await See(page, $"Imported from {ImportedPeople.FileName}, line 2");
        await page.Screenshot("lead-imported-1280-light");
        Assert.Equal(0, (await app.Services.GetRequiredService<Duplicates>().List(
            app.WorkspaceId, null, 10, default)).Total);
    }

    static Task See(BrowserPage page, string text) =>
        Assertions.Expect(page.Page.GetByText(text).First).ToBeVisibleAsync();
}
