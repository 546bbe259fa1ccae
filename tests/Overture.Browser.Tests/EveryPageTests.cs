using System.Runtime.Versioning;

namespace Overture.Browser.Tests;

/// <summary>
/// What holds for every page, at both sizes and in both themes. A new page is one line in Pages.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class EveryPageTests(BrowserApp app) : IClassFixture<BrowserApp>
{
    static readonly (string Path, bool SignedIn)[] Pages =
    [
        ("/login", false),
        ("/setup", false),
        ("/settings", true),
        ("/no-such-page", true),
    ];

    public static TheoryData<string, bool, int, string> Views()
    {
        var views = new TheoryData<string, bool, int, string>();
        foreach (var (path, signedIn) in Pages)
            foreach (var width in new[] { 1280, 360 })
                foreach (var theme in new[] { "light", "dark" })
                    views.Add(path, signedIn, width, theme);
        return views;
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task A_page_is_accessible_quiet_and_fits(string path, bool signedIn, int width, string theme)
    {
        await using var page = await app.Visit(path, width, theme, signedIn);

        await page.Screenshot($"{path.Trim('/').Replace('/', '-')}-{width}-{theme}");

        Assert.Empty(await page.AxeFindings());
        // The browser itself reports the 404 that the last page of the list is about.
        Assert.DoesNotContain(page.Complaints, complaint =>
            !complaint.Contains("404", StringComparison.Ordinal));
        Assert.Equal(0, await page.SidewaysOverflow());
        Assert.NotEqual("", await page.Page.TitleAsync());
    }

    [Fact]
    public async Task Axe_finds_a_fault_where_there_is_one()
    {
        await using var page = await app.Visit("/login", signedIn: false);

        await page.Page.EvaluateAsync("document.querySelector('label').remove()");

        Assert.Contains(await page.AxeFindings(), finding =>
            finding.StartsWith("label", StringComparison.Ordinal));
    }
}
