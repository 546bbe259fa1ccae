using System.Runtime.Versioning;
using Microsoft.Playwright;
using Overture.Testing;

namespace Overture.Browser.Tests;

/// <summary>
/// The running server, claimed and signed in, and a Chromium to look at it. As a class fixture; each
/// <see cref="Visit"/> opens a page of its own size and colours.
/// </summary>
[SupportedOSPlatform("linux")]
public class BrowserApp : RunningApp, IAsyncLifetime
{
    const string Chromium = "/usr/bin/chromium";
    const int Height = 860;
    static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    IPlaywright? playwright;
    IBrowser? browser;

    string Token { get; set; } = "";

    /// <summary>False for the first run: nobody owns the instance yet.</summary>
    protected virtual bool IsClaimedAtStart => true;

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is absent; install the package chromium");
        await base.InitializeAsync();
        if (IsClaimedAtStart) Token = await Claim();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium, Headless = true, Args = Arguments });
    }

    /// <summary>
    /// Opens a path. Signed in unless said otherwise; the theme is the one chosen by cookie.
    /// </summary>
    public async Task<BrowserPage> Visit(
        string path, int width = 1280, string theme = "light", bool signedIn = true, bool withScripts = true)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Address,
            ViewportSize = new() { Width = width, Height = Height },
            JavaScriptEnabled = withScripts,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var cookies = new List<Cookie> { new() { Name = "theme", Value = theme, Url = Address } };
        if (signedIn) cookies.Add(new() { Name = "overture", Value = Token, Url = Address });
        await context.AddCookiesAsync(cookies);
        var page = new BrowserPage(context, await context.NewPageAsync(), Address);
        await page.Open(path);
        return page;
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        await DisposeAsync();
    }
}

/// <summary>The same before anybody has claimed it.</summary>
[SupportedOSPlatform("linux")]
public sealed class UnclaimedBrowserApp : BrowserApp
{
    protected override bool IsClaimedAtStart => false;
}
