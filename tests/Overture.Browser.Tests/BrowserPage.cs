using System.Text.Json;
using Microsoft.Playwright;

namespace Overture.Browser.Tests;

/// <summary>One open page and everything it complained about since it was opened.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    const string AxeTags = "'wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'";
    static readonly string Screenshots = FindScreenshots();

    readonly IBrowserContext context;
    readonly List<string> complaints = [];

    public BrowserPage(IBrowserContext context, IPage page, string address)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add($"console: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => complaints.Add($"script: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                complaints.Add($"outside request: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Console errors, script errors and requests to other hosts.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    // A page with a live connection never becomes idle, so "load" is as ready as it gets.
    public Task<IResponse?> Open(string path) =>
        Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });

    /// <summary>What axe finds, one line for each rule and place; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> AxeFindings()
    {
        // Evaluated by the debugger, which the page's content security policy does not bind.
        await Page.EvaluateAsync(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "axe.min.js")));
        var json = await Page.EvaluateAsync<string>(
            $$"""
            async () => {
              const found = await axe.run(document, { runOnly: [{{AxeTags}}], resultTypes: ['violations'] });
              const tell = (rule, n) => `${rule}: ${n.target.join(' ')}: ${n.failureSummary}`;
              return JSON.stringify(found.violations.flatMap(v => v.nodes.map(n => tell(v.id, n))));
            }
            """);
        return JsonSerializer.Deserialize<List<string>>(json)!;
    }

    /// <summary>
    /// How many pixels the page is wider than its window; 0 when nothing must be scrolled sideways.
    /// </summary>
    public Task<int> SidewaysOverflow() =>
        Page.EvaluateAsync<int>(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>A picture of the whole page in artifacts/screenshots.</summary>
    public Task Screenshot(string name) => Page.ScreenshotAsync(
        new() { Path = Path.Combine(Screenshots, name + ".png"), FullPage = true });

    public ValueTask DisposeAsync() => context.DisposeAsync();

    static string FindScreenshots()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Overture.slnx"))) at = at.Parent;
        return Directory.CreateDirectory(
            Path.Combine(at?.FullName ?? AppContext.BaseDirectory, "artifacts", "screenshots")).FullName;
    }
}
