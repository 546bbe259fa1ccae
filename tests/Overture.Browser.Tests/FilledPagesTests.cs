using System.Runtime.Versioning;

namespace Overture.Browser.Tests;

/// <summary>Every page of a workspace that is in use, at both sizes and in both themes.</summary>
[SupportedOSPlatform("linux")]
public sealed class FilledPagesTests(FilledBrowserApp app) : IClassFixture<FilledBrowserApp>
{
    static readonly string[] Pages =
    [
        "/", "/leads", "/leads?reached=ranked&sort=score&state=enrolled",
        "/leads?search=nobody-has-this-name", "/leads/new",
        "/leads/{lead}", "/companies", "/companies/{company}", "/campaigns",
        "/leads?list={list}", "/lists", "/duplicates", "/leads/import/history", "/leads/import/{import}/run",
        "/leads/import/{import}/undo",
        "/campaigns/new", "/campaigns/new?starter=opened-or-not",
        "/tasks", "/tasks?sort=done", "/approvals",
        "/campaigns/{campaign}",
        "/campaigns/{campaign}/edit", "/campaigns/{campaign}/review", "/messages", "/messages/{message}",
        "/captured", "/captured/{captured}",
        "/jobs",
        "/jobs/{job}", "/mailboxes", "/holidays", "/deliverability",
        "/mailboxes/new", "/mailboxes/{mailbox}/edit",
        "/suppressions", "/suppressions/person?email=mallory@hostile.example", "/inbox",
        "/inbox?c={conversation}", "/inbox?scope=snoozed", "/ranking", "/settings/integrations",
        "/settings/integrations/hunter", "/discover", "/discover/new?example=web",
        "/discover/{discovery}", "/discover/{discovery}/edit",
    ];

    public static TheoryData<string, int, string> Views()
    {
        var views = new TheoryData<string, int, string>();
        foreach (var path in Pages)
            foreach (var width in new[] { 1280, 360 })
                foreach (var theme in new[] { "light", "dark" })
                    views.Add(path, width, theme);
        return views;
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task A_page_is_accessible_quiet_and_fits(string path, int width, string theme)
    {
        await using var page = await app.Visit(await app.Resolve(path), width, theme);

        await page.Screenshot($"filled-{FileName(path)}-{width}-{theme}");

        Assert.Empty(await page.AxeFindings());
        Assert.Empty(page.Complaints);
        Assert.Equal(0, await page.SidewaysOverflow());
        Assert.NotEqual("", await page.Page.TitleAsync());
        Assert.Equal(1, await page.Page.Locator("h1").CountAsync());
    }

    static string FileName(string path) => path == "/"
        ? "today"
        : string.Concat(path.Trim('/').Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'))
            .Replace("--", "-");
}
