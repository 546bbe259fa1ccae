using System.Runtime.Versioning;
using Microsoft.Playwright;

namespace Overture.Browser.Tests;

[SupportedOSPlatform("linux")]
public sealed class CampaignPageTests(FilledBrowserApp app) : IClassFixture<FilledBrowserApp>
{
    [Fact]
    public async Task The_preview_follows_the_typing_and_marks_what_has_no_value()
    {
        await using var page = await app.Visit("/campaigns/new");

        await page.Page.Locator("[name=s0_t0_body]")
            .FillAsync("Hi {{first_name}}, you raised {{raised}} and {{nonsense}}.");
        await Assertions.Expect(page.Page.Locator("#preview"))
            .ToContainTextAsync("{{nonsense}} is not a merge field");
        await page.Page.Locator("[name=s0_t0_body]")
            .FillAsync("Hi {{first_name}}, please book {{or raised \"a call\"}} {{last_name}}.");
        await Assertions.Expect(page.Page.Locator("#preview .word-count")).ToContainTextAsync("of 120 words");
        await Assertions.Expect(page.Page.Locator("#preview")).Not.ToContainTextAsync("{{first_name}}");
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_campaign_is_written_corrected_saved_and_started(bool withScripts)
    {
        await using var page = await app.Visit("/campaigns/new", withScripts: withScripts);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add an email step" }).ClickAsync();
        await page.Page.Locator("[name=s1_t0_subject]").FillAsync("Second try");
        await page.Page.Locator("[name=s1_t0_body]").FillAsync("Hello {{nonsense}}");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Page.Locator("#f-name-error"))
            .ToContainTextAsync("Give the campaign a name");
        await Assertions.Expect(page.Page.Locator("#f-s1-t0-body-error"))
            .ToContainTextAsync("not a merge field");
        await page.Screenshot($"campaign-problems-{(withScripts ? "scripts" : "plain")}-1280-light");
        Assert.Equal("Second try", await page.Page.Locator("[name=s1_t0_subject]").InputValueAsync());

        await page.Page.Locator("[name=name]").FillAsync(withScripts ? "Autumn" : "Winter");
        await page.Page.Locator("[name=s1_t0_body]")
            .FillAsync("Hello {{or first_name \"there\"}}, did you see my note?");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add another wording" }).Last.ClickAsync();
        await page.Page.Locator("[name=s1_t1_subject]").FillAsync("Third try");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("h1")).ToHaveTextAsync(withScripts ? "Autumn" : "Winter");
        await Assertions.Expect(page.Page.GetByText("The campaign has not been started.")).ToBeVisibleAsync();

        await page.Page.Locator("summary", new() { HasText = "Start" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, start it" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".campaign-state")).ToContainTextAsync("Running");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".campaign-state")).ToContainTextAsync("Paused");
    }

    [Fact]
    public async Task A_mailbox_test_without_a_server_says_what_to_do_and_a_password_is_never_shown()
    {
        await using var page = await app.Visit("/mailboxes/new");
        await page.Page.Locator("[name=address]").FillAsync("new@sender.example");
        await page.Page.Locator("[name=smtp_host]").FillAsync("127.0.0.1");
        await page.Page.Locator("[name=smtp_port]").FillAsync("1");
        await page.Page.Locator("[name=smtp_password]").FillAsync("a secret of ours");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        var box = page.Page.Locator("section.panel", new() { HasText = "new@sender.example" });

        await box.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".toast-bad")).ToBeVisibleAsync();
        await page.Screenshot("mailbox-test-1280-light");

        await box.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("One is kept.")).ToBeVisibleAsync();
        Assert.DoesNotContain("a secret of ours", await page.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
