using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Model;

namespace Overture.Browser.Tests;

[SupportedOSPlatform("linux")]
public sealed class LayoutTests(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Fact]
    public async Task A_stop_elsewhere_shows_on_an_open_page_without_reload()
    {
        await using var page = await app.Visit("/settings");
        await Assertions.Expect(page.Page.Locator(".live-text")).ToHaveTextAsync("live");
        var workspaces = app.Services.GetRequiredService<Workspaces>();
        var workspace = (await workspaces.All(default)).Single();

        await workspaces.Stop(workspace.Id, "a colleague", "Wrong list", default);

        await Assertions.Expect(page.Page.GetByText("Sending is stopped")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#safety-facts")).ToContainTextAsync("Stopped: Wrong list");
        await page.Screenshot("stopped-1280-light");
        Assert.Empty(await page.AxeFindings());
        await workspaces.Resume(workspace.Id, default);
        await Assertions.Expect(
            page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop sending" })).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task Stop_and_start_again_work_with_scripts_off(int width)
    {
        await using var page = await app.Visit("/settings", width, withScripts: false);

        await page.Page.Locator(".btn-stop").ClickAsync();
        await Assertions.Expect(page.Page.GetByText("Sending is stopped")).ToBeVisibleAsync();
        Assert.EndsWith("/settings", page.Page.Url);

        await page.Page.GetByText("Start again").ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, start sending" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".btn-stop")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task While_nothing_can_be_written_down_every_page_says_that_sending_waits(int width)
    {
        await Tell("""
            insert into instance (system_identifier, alive_at, unrecorded_since, unrecorded_reason)
            select system_identifier::text, now(), now(), 'could not extend file' from pg_control_system()
            on conflict (only_row) do update set unrecorded_since = excluded.unrecorded_since,
                unrecorded_reason = excluded.unrecorded_reason
            """);
        await using (var page = await app.Visit("/", width, withScripts: false))
        {
            await Assertions.Expect(
                page.Page.GetByText("Sending waits for the database")).ToBeVisibleAsync();
            await Assertions.Expect(
                page.Page.Locator("#safety")).ToContainTextAsync("could not extend file");
        }

        await Tell("update instance set unrecorded_since = null, unrecorded_reason = null");
    }

    Task Tell(string sql) => app.Database.InInstance(session => session.Run(sql, null, default), default);

    [Fact]
    public async Task The_menu_of_a_small_screen_opens_with_scripts_off()
    {
        await using var page = await app.Visit("/settings", width: 360, withScripts: false);
        var signOut = page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" });
        Assert.False(await signOut.IsVisibleAsync());

        await page.Page.GetByLabel("Menu").CheckAsync();

        await Assertions.Expect(signOut).ToBeVisibleAsync();
        await page.Screenshot("menu-360-light");
    }

    [Fact]
    public async Task The_chosen_theme_is_in_the_page_before_any_script_runs()
    {
        await using var page = await app.Visit("/settings", theme: "system", withScripts: false);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();

        Assert.Equal("dark", await page.Page.Locator("html").GetAttributeAsync("data-bs-theme"));
        Assert.EndsWith("/settings", page.Page.Url);
    }

    [Fact]
    public async Task A_lost_server_shows_as_reconnecting_and_the_page_stays()
    {
        await using var page = await app.Visit("/settings");
        await Assertions.Expect(page.Page.Locator(".live-text")).ToHaveTextAsync("live");

        await page.Page.Context.SetOfflineAsync(true);
        await page.Page.EvaluateAsync(
            "document.body['htmx-internal-data'].sseEventSource.dispatchEvent(new Event('error'))");

        await Assertions.Expect(
            page.Page.Locator(".live-mark")).Not.ToHaveAttributeAsync("data-state", "live");
        await Assertions.Expect(page.Page.Locator(".btn-stop")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_new_key_is_shown_once_and_can_be_revoked()
    {
        await using var page = await app.Visit("/settings");
        await page.Page.GetByLabel("New key for").FillAsync("Nightly export");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".new-key code")).ToContainTextAsync("ovt_live_");
        await page.Screenshot("settings-key-1280-light");
        Assert.Empty(await page.AxeFindings());

        await page.Open("/settings");
        await Assertions.Expect(page.Page.Locator(".new-key")).ToHaveCountAsync(0);
        await page.Page.Locator("tr", new() { HasText = "Nightly export" }).GetByText(
            "Revoke", new() { Exact = true }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke this key" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByText("The key is revoked.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByText("Revoked", new() { Exact = true })).ToBeVisibleAsync();
    }
}
