using System.Runtime.Versioning;
using Microsoft.Playwright;

namespace Overture.Browser.Tests;

/// <summary>Building a sequence, doing tasks and approving messages, with scripts and without.</summary>
[SupportedOSPlatform("linux")]
public sealed class SequencePagesTests(FilledBrowserApp app) : IClassFixture<FilledBrowserApp>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sequence_that_waits_and_branches_is_built_moved_and_saved(bool withScripts)
    {
        await using var page = await app.Visit("/campaigns/new?starter=one-email", withScripts: withScripts);
        await page.Page.Locator("[name=name]").FillAsync(withScripts ? "Branches" : "Branches plainly");
        await Button(page, "Add a condition").ClickAsync();
        await Button(page, "Add an email step").ClickAsync();
        await page.Page.Locator("[name=s2_t0_subject]").FillAsync("Again");
        await page.Page.Locator("[name=s2_t0_body]").FillAsync("Shall I call?");
        await Button(page, "Add a wait").ClickAsync();
        await Button(page, "Move step 4 up").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#h-step-2")).ToContainTextAsync("wait");
        await Button(page, "Move step 3 down").ClickAsync();
        await page.Page.Locator("[name=s1_test]").SelectOptionAsync("Opened");
        await page.Page.Locator("[name=s1_yes]").SelectOptionAsync(
            new SelectOptionValue { Label = "goes on with step 3: email" });
        await page.Screenshot($"sequence-{(withScripts ? "scripts" : "plain")}-1280-light");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("#h-steps")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByText("condition: yes to step 3, no ends")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_least_known_lead_is_one_press_away_and_hints_stand_beside_the_text()
    {
        await using var page = await app.Visit("/campaigns/new?starter=one-email");
        await page.Page.Locator("[name=s0_t0_body]").FillAsync("ACT NOW!! Buy now, {{title}}");
        await Assertions.Expect(page.Page.Locator("#preview .lint").First).ToBeVisibleAsync();
        await Button(page, "Least known").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#f-lead option:checked"))
            .ToContainTextAsync("least known");
    }

    [Fact]
    public async Task A_message_is_approved_taken_back_and_rejected()
    {
        await using var page = await app.Visit("/approvals", withScripts: false);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Approve the message" }).First
            .ClickAsync();
        await Assertions.Expect(page.Page.Locator("#h-undo")).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).First.ClickAsync();
        await Assertions.Expect(page.Page.Locator("#h-undo")).Not.ToBeVisibleAsync();
        var before = await page.Page.Locator("article.approval").CountAsync();
        var card = page.Page.Locator("article.approval").First;
        await card.Locator("summary", new() { HasText = "Reject" }).ClickAsync();
        await card.Locator("[name=reason]").FillAsync("Wrong person");
        await card.GetByRole(AriaRole.Button, new() { Name = "Reject, and end it for them" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("article.approval")).ToHaveCountAsync(before - 1);
    }

    [Fact]
    public async Task A_linkedin_text_is_ready_to_copy_and_done_moves_it_away()
    {
        await using var page = await app.Visit("/tasks");
        Assert.StartsWith(
            "Hi there", await page.Page.Locator("article.task textarea").First.InputValueAsync(),
            StringComparison.Ordinal);
        await Assertions.Expect(page.Page.Locator("button[data-copy]").First).ToBeVisibleAsync();
        var before = await page.Page.Locator("article.task").CountAsync();
        await page.Page.Locator("article.task").First
            .GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("article.task")).ToHaveCountAsync(before - 1);
    }

    static ILocator Button(BrowserPage page, string name) =>
        page.Page.GetByRole(AriaRole.Button, new() { Name = name });
}
