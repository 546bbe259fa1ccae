using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Browser.Tests;

[SupportedOSPlatform("linux")]
public sealed class FirstRunTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_printed_link_makes_the_owner_who_can_sign_out_and_in_again(bool withScripts)
    {
        await using var app = await Unclaimed();
        var token = await app.Services.GetRequiredService<SetupClaims>().NewToken(default);
        await using var page = await app.Visit("/", signedIn: false, withScripts: withScripts);
        Assert.EndsWith("/setup", page.Page.Url);

        await page.Open($"/setup?token={token}");
        await page.Page.GetByLabel("Your name").FillAsync(RunningApp.Owner.Name);
        await page.Page.GetByLabel("E-mail address").FillAsync(RunningApp.OwnerEmail);
        await page.Page.GetByLabel("Password").FillAsync(RunningApp.OwnerPassword);
        await page.Page.GetByLabel("Workspace").FillAsync("Example Outreach");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Create my workspace" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("Welcome. Your workspace is ready.")).ToBeVisibleAsync();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.Page.GetByLabel("E-mail address").FillAsync(RunningApp.OwnerEmail);
        await page.Page.GetByLabel("Password").FillAsync(RunningApp.OwnerPassword);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByText("Example Outreach").First).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(360, "light")]
    [InlineData(360, "dark")]
    public async Task The_form_is_accessible_empty_and_refused(int width, string theme)
    {
        await using var app = await Unclaimed();
        var token = await app.Services.GetRequiredService<SetupClaims>().NewToken(default);
        await using var page = await app.Visit($"/setup?token={token}", width, theme, signedIn: false);
        await page.Screenshot($"setup-form-{width}-{theme}");
        Assert.Empty(await page.AxeFindings());

        await page.Page.GetByLabel("Your name").FillAsync("Ada Example");
        await page.Page.GetByLabel("E-mail address").FillAsync(RunningApp.OwnerEmail);
        await page.Page.GetByLabel("Password").FillAsync("password12345");
        await page.Page.GetByLabel("Workspace").FillAsync("Example Outreach");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Create my workspace" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByText("one of the most common ones")).ToBeVisibleAsync();
        Assert.Equal(RunningApp.OwnerEmail, await page.Page.GetByLabel("E-mail address").InputValueAsync());
        await page.Screenshot($"setup-refused-{width}-{theme}");
        Assert.Empty(await page.AxeFindings());
        Assert.Equal(0, await page.SidewaysOverflow());
    }

    static async Task<UnclaimedBrowserApp> Unclaimed()
    {
        var app = new UnclaimedBrowserApp();
        await app.InitializeAsync();
        return app;
    }
}
