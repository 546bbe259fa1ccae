using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Model;

namespace Overture.Browser.Tests;

/// <summary>Many leads at once: chosen, put on lists, kept as views, written to files.</summary>
[SupportedOSPlatform("linux")]
public sealed class LeadBulkTests(ImportedBrowserApp app) : IClassFixture<ImportedBrowserApp>
{
    [Theory]
    [InlineData(true, 1280, "light")]
    [InlineData(true, 360, "dark")]
    [InlineData(false, 1280, "dark")]
    public async Task Chosen_leads_go_on_a_new_list_and_off_it_again(
        bool withScripts, int width, string theme)
    {
        var name = $"Dinner {width} {theme}";
        await using var page = await app.Visit("/leads?sort=name", width, theme, withScripts: withScripts);
        await Tick(page, "Visitor 05", "Visitor 06", "Visitor 07");
        await Assertions.Expect(page.Page.Locator(".bulk-bar")).ToBeVisibleAsync();
        if (withScripts) await Inspect(page, $"leads-chosen-{width}-{theme}");

        await Open(page, "Add to list");
        await page.Page.GetByLabel("Or a new list").FillAsync(name);
        if (withScripts) await Inspect(page, $"leads-add-to-list-{width}-{theme}");
        await page.Page.Locator("[name=new_list]").PressAsync("Enter");

        await See(page, $"3 leads put on “{name}”.");
        var list = (await Lists()).Single(one => one.Name == name);
        Assert.Equal(3, list.MemberCount);

        await page.Open($"/leads?list={list.Id}");
        await See(page, $"On the list “{name}”.");
        await Tick(page, "Visitor 06");
        await Press(page, "Take off the list");
        await See(page, $"1 lead taken off “{name}”.");
        Assert.Equal(2, (await Lists()).Single(one => one.Id == list.Id).MemberCount);
    }

    [Fact]
    public async Task All_that_match_are_more_than_the_page_shows()
    {
        await using var page = await app.Visit("/leads?search=visitor");
        await page.Page.GetByLabel("Choose all on this page").CheckAsync();
        Assert.Equal(50, await page.Page.Locator(".pick:checked").CountAsync());
        await page.Page.GetByLabel("All 58 that match").CheckAsync();
        await page.Screenshot("leads-all-chosen-1280-light");

        await Open(page, "Add to list");
        await page.Page.GetByLabel("Or a new list").FillAsync("Everybody from the fair");
        await Press(page, "Add to the list");

        await See(page, "58 leads put on “Everybody from the fair”.");
        await page.Open("/leads?search=nobody");
        Assert.Equal(0, await page.Page.Locator(".bulk-bar").CountAsync());
    }

    [Fact]
    public async Task A_suppressed_choice_is_never_written_to()
    {
        await using var page = await app.Visit("/leads?search=visitor+09");
        await Tick(page, "Visitor 09");
        await Open(page, "Suppress");
        await Inspect(page, "leads-suppress-1280-light");
        await Press(page, "Never write to them");
        await See(page, "1 address is never written to again.");

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Visitor 09" }).ClickAsync();
        await See(page, "Never contacted.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_view_is_saved_opened_renamed_and_deleted(bool withScripts)
    {
        var (name, other) = withScripts ? ("CTOs", "Chief technologists") : ("Graz", "Grazers");
        await using var page = await app.Visit("/leads?search=cto&sort=company", withScripts: withScripts);
        await Open(page, "Save this view");
        await page.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await Press(page, "Save the view");
        await See(page, $"The view “{name}” is saved.");

        await page.Open("/leads");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        Assert.EndsWith("/leads?search=cto&sort=company", page.Page.Url, StringComparison.Ordinal);
        Assert.Equal(name, await page.Page.Locator(".state-tabs [aria-current]").InnerTextAsync());
        if (withScripts) await Inspect(page, "leads-view-1280-light");

        await page.Page.GetByLabel($"Rename {name}").ClickAsync();
        await page.Page.Locator("details[open] [name=name]").FillAsync(other);
        await Press(page, "Rename");
        await See(page, $"The view is called “{other}” now.");
        await page.Page.GetByLabel($"Delete {other}").ClickAsync();
        await Press(page, "Delete the view");
        await See(page, "The view is deleted; no lead has changed.");
        Assert.Equal(0, await page.Page.Locator(".state-tabs a", new() { HasText = other }).CountAsync());
    }

    [Fact]
    public async Task What_is_shown_and_what_is_chosen_are_exported()
    {
        await using var page = await app.Visit("/leads?search=visitor+1&sort=name");
        await Open(page, "Export");
        await page.Screenshot("leads-export-1280-light");
        var shown = await page.Page.RunAndWaitForDownloadAsync(
            () => page.Page.GetByRole(AriaRole.Link, new() { Name = "JSON" }).ClickAsync());
        Assert.Equal("leads.json", shown.SuggestedFilename);
        Assert.Equal(
            await page.Page.Locator("tbody th a").AllInnerTextsAsync(), Names(await shown.PathAsync()));

        await page.Page.Keyboard.PressAsync("Escape");
        await Tick(page, "Visitor 12", "Visitor 14");
        await page.Page.Locator(".bulk-bar summary", new() { HasText = "Export" }).ClickAsync();
        var chosen = await page.Page.RunAndWaitForDownloadAsync(
            () => page.Page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await chosen.PathAsync());
        Assert.Equal(["Visitor 12", "Visitor 14"], lines[1..].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task A_list_is_made_renamed_and_deleted()
    {
        await using var page = await app.Visit("/lists");
        await Open(page, "New list");
        await page.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Partners");
        await Press(page, "Make the list");
        await See(page, "The list “Partners” is there; it is empty.");
        await page.Page.GetByLabel("Rename Partners").ClickAsync();
        await page.Page.Locator("details[open] [name=name]").FillAsync(ImportedPeople.ListName);
        await Press(page, "Rename");
        await See(page, $"There is a list “{ImportedPeople.ListName}” already; choose another name.");
        await page.Page.GetByLabel("Delete Partners").ClickAsync();
        await Inspect(page, "lists-delete-1280-light");
        await Press(page, "Delete the list");
        await See(page, "The list is deleted; its leads are still there.");
        Assert.DoesNotContain(await Lists(), list => list.Name == "Partners");
    }

    static async Task Tick(BrowserPage page, params string[] names)
    {
        foreach (var name in names) await page.Page.GetByLabel($"Choose {name}").First.CheckAsync();
    }

    static Task Open(BrowserPage page, string menu) =>
        page.Page.Locator("main summary", new() { HasText = menu }).First.ClickAsync();

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

    static IEnumerable<string> Names(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. json.RootElement.EnumerateArray()
            .Select(lead => lead.GetProperty("full_name").GetString()!)];
    }

    Task<IReadOnlyList<LeadList>> Lists() =>
        app.Services.GetRequiredService<LeadLists>().All(app.WorkspaceId, default);
}
