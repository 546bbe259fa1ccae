using System.Runtime.Versioning;
using Microsoft.Playwright;

namespace Overture.Browser.Tests;

[SupportedOSPlatform("linux")]
public sealed class LeadPageTests(FilledBrowserApp app) : IClassFixture<FilledBrowserApp>
{
    [Fact]
    public async Task Hostile_names_are_shown_as_text_wherever_they_appear()
    {
        string[] paths =
        [
            "/leads?search=Mallory", $"/leads/{app.HostileLead}", $"/companies/{app.HostileCompanyId}",
            "/companies?search=script",
            "/campaigns/new", "/messages",
        ];
        foreach (var path in paths)
        {
            await using var page = await app.Visit(path);
            Assert.Equal("undefined", await page.Page.EvaluateAsync<string>("typeof window.hacked"));
            Assert.Equal(0, await page.Page.Locator("main img, main script, main b").CountAsync());
            Assert.Equal(0, await page.Page.Locator("a[href^='javascript']").CountAsync());
            Assert.Empty(page.Complaints);
        }

        await using var lead = await app.Visit($"/leads/{app.HostileLead}");
        await Assertions.Expect(lead.Page.Locator("h1")).ToHaveTextAsync(FilledBrowserApp.HostileName);
        await lead.Screenshot("hostile-lead-1280-light");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lead_is_added_by_hand_and_rejected_with_a_reason(bool withScripts)
    {
        await using var page = await app.Visit("/leads/new", withScripts: withScripts);
        var name = withScripts ? "Grace Script" : "Grace Plain";
        await page.Page.Locator("[name=full_name]").FillAsync(name);
        await page.Page.Locator("[name=email]").FillAsync("not an address");
        // The browser would refuse this itself; the server must as well.
        await page.Page.Locator("main form").EvaluateAsync("form => form.noValidate = true");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add the lead" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".field-error"))
            .ToContainTextAsync("is not an e-mail address");
        Assert.Equal(name, await page.Page.Locator("[name=full_name]").InputValueAsync());

        await page.Page.Locator("[name=email]")
            .FillAsync(withScripts ? "grace.s@new.example" : "grace.p@new.example");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add the lead" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("h1")).ToHaveTextAsync(name);

        await page.Page.Locator("summary", new() { HasText = "Reject" }).ClickAsync();
        await page.Page.GetByLabel("Why not?").FillAsync("Is a student");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Reject this lead" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("Is a student").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pages_of_leads_lead_forward_and_back_and_keep_their_filter()
    {
        await using var page = await app.Visit("/leads?sort=name&has_email=true");
        var first = await page.Page.Locator("tbody tr th a").First.InnerTextAsync();

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        Assert.NotEqual(first, await page.Page.Locator("tbody tr th a").First.InnerTextAsync());
        Assert.Contains("has_email=true", page.Page.Url, StringComparison.Ordinal);

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Previous" }).ClickAsync();
        Assert.Equal(first, await page.Page.Locator("tbody tr th a").First.InnerTextAsync());
        Assert.Equal("ascending", await page.Page.Locator("th[aria-sort]").GetAttributeAsync("aria-sort"));
    }
}
