using System.Runtime.Versioning;

namespace Overture.Browser.Tests;

/// <summary>
/// Every list of a workspace in which nothing has happened yet says why, and what to do next.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class EmptyPagesTests(BrowserApp app) : IClassFixture<BrowserApp>
{
    [Theory]
    [InlineData("/", "First steps", 1280, "light")]
    [InlineData("/", "First steps", 360, "dark")]
    [InlineData("/leads", "No leads yet", 1280, "light")]
    [InlineData("/companies", "No companies yet", 360, "dark")]
    [InlineData("/campaigns", "No campaign yet", 1280, "dark")]
    [InlineData("/campaigns/new", "an invented person is shown", 1280, "light")]
    [InlineData("/messages", "Nothing has been written yet", 360, "light")]
    [InlineData("/captured", "Nothing captured yet", 1280, "light")]
    [InlineData("/jobs", "No jobs yet", 360, "dark")]
    [InlineData("/mailboxes", "No mailbox yet", 1280, "dark")]
    [InlineData("/suppressions", "Nobody is suppressed", 360, "light")]
    [InlineData("/inbox", "No mailbox is read yet", 360, "light")]
    [InlineData("/inbox", "No mailbox is read yet", 1280, "dark")]
    [InlineData("/ranking", "Ideal customer", 1280, "light")]
    [InlineData("/lists", "No list yet", 1280, "dark")]
    [InlineData("/lists", "No list yet", 360, "light")]
    [InlineData("/duplicates", "No pair waits for you", 1280, "dark")]
    [InlineData("/leads/import/history", "No file has been imported yet", 360, "light")]
    public async Task An_empty_page_says_why_and_offers_the_next_step(
        string path, string says, int width, string theme)
    {
        await using var page = await app.Visit(path, width, theme);

        await page.Screenshot(
            $"empty-{(path == "/" ? "today" : path.Trim('/').Replace('/', '-'))}-{width}-{theme}");

        Assert.Contains(says, await page.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.Page.Locator("main a, main button").CountAsync() > 0);
        Assert.Empty(await page.AxeFindings());
        Assert.Empty(page.Complaints);
        Assert.Equal(0, await page.SidewaysOverflow());
    }

    [Theory]
    [InlineData("/leads/999999")]
    [InlineData("/campaigns/999999")]
    [InlineData("/jobs/999999")]
    [InlineData("/captured/999999")]
    [InlineData("/leads?cursor=nonsense")]
    public async Task What_is_not_there_is_said_in_words(string path)
    {
        await using var page = await app.Visit("/login", signedIn: true);

        var answer = await page.Open(path);

        Assert.InRange(answer!.Status, 400, 499);
        Assert.Empty(await page.AxeFindings());
    }
}
