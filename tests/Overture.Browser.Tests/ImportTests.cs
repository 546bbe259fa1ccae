using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Browser.Tests;

/// <summary>The import from the file to its report, as a person walks through it.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImportTests(BrowserApp app) : IClassFixture<BrowserApp>
{
    // Semicolons, a preamble, a byte order mark, doubled people, an unknown column, broken cells.
    const string Dirty =
        "\uFEFFExport of the fair;;;;;;\r\n\r\n"
        + "Name;E-Mail;Firma;Web;Mitarbeiter;Mail 2;Notes\r\n"
        + "Ann Example;ann@{0};\"Example; Works\";https://{0};25;ann.second@{0};met at the stand\r\n"
        + "Bob Sample;not an address;Sample Labs;https://labs.{0};many;;\r\n"
        + "Ann Example;ANN@{0};Example Works;https://{0};25;;again\r\n"
        + "Zoë Müller;info@{0};Müller & Söhne;https://mueller.{0};;;=1+1\r\n"
        + ";;;;;;only a note\r\n";

    [Theory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(360, "light")]
    [InlineData(360, "dark")]
    public async Task A_dirty_file_is_looked_at_mapped_checked_and_taken_in(int width, string theme)
    {
        var domain = $"{theme}{width}.example";
        await using var page = await app.Visit("/leads/import", width, theme);
        await Inspect(page, $"import-1-file-{width}-{theme}");

        await Choose(page, "fair.csv", Encoding.UTF8.GetBytes(Dirty.Replace("{0}", domain)));
        await See(page, "5 rows, 7 columns divided by semicolons");
        await See(page, "above the header");
        await Inspect(page, $"import-2-columns-{width}-{theme}");

        await page.Page.GetByLabel("What “Mail 2” is read as").SelectOptionAsync("email");
        await Press(page, "Check what would happen");
        await See(page, "“E-Mail” is read as E-mail address already. Leave one of them out.");
        await Inspect(page, $"import-2-refused-{width}-{theme}", mayComplain: true);

        await page.Page.GetByLabel("What “Mail 2” is read as").SelectOptionAsync("skip");
        await Press(page, "Check what would happen");
        await See(page, "Import 4 rows");
        await See(page, "“not an address”");
        await Inspect(page, $"import-3-check-{width}-{theme}");
        var errors = await page.Page.RunAndWaitForDownloadAsync(() =>
            page.Page.GetByText("errors.csv").First.ClickAsync());
        Assert.StartsWith("line,column,value", await File.ReadAllTextAsync(await errors.PathAsync()));

        await Press(page, "Import 4 rows");
        await See(page, "Waits for a free worker");
        await Inspect(page, $"import-4-waiting-{width}-{theme}");
        await Work();
        await See(page, "4 of 5 rows imported");
        await Inspect(page, $"import-5-report-{width}-{theme}");
        Assert.Contains(await Leads(domain), lead => lead.FullName == "Zoë Müller");
    }

    [Fact]
    public async Task Pasted_rows_are_taken_in_without_scripts()
    {
        await using var page = await app.Visit("/leads/import", withScripts: false);
        await page.Page.GetByLabel("Paste rows")
            .FillAsync("Name\tE-mail\nCarl Pasted\tcarl@pasted.example\n");

        await Press(page, "Look at the columns");
        await See(page, "divided by tabs");
        await Press(page, "Check what would happen");
        await Press(page, "Import 1 row");
        await Work();

        // The browser itself refreshes the page where no script does.
        await See(page, "1 of 1 rows imported");
        Assert.Single(await Leads("pasted.example"));
    }

    [Theory]
    [InlineData("", "", "Choose a file, or paste rows below.")]
    [InlineData("a\n1", "name\nAnn", "Choose a file or paste rows, not both.")]
    [InlineData("Name,E-mail\n", "", "The file has a header but no rows below it.")]
    [InlineData("", "Name,E-mail", "The file has a header but no rows below it.")]
    [InlineData("\n\n\n", "", "The file holds only blank lines.")]
    public async Task What_cannot_be_read_is_said_at_its_field(string file, string pasted, string sentence)
    {
        await using var page = await app.Visit("/leads/import");
        if (file.Length > 0) await Pick(page, "file.csv", Encoding.UTF8.GetBytes(file));
        await page.Page.GetByLabel("Paste rows").FillAsync(pasted);

        await Press(page, "Look at the columns");

        var error = page.Page.Locator(".field-error");
        await Assertions.Expect(error).ToContainTextAsync(sentence);
        Assert.Equal(pasted, await page.Page.GetByLabel("Paste rows").InputValueAsync());
        Assert.Empty(await page.AxeFindings());
    }

    [Fact]
    public async Task A_large_file_is_taken()
    {
        await using var page = await app.Visit("/leads/import");
        var row = "Ann,ann@example.com," + new string('x', 4_000) + "\n";
        var text = new StringBuilder("Name,E-mail,Header line\n");
        while (text.Length < 40 * 1024 * 1024) text.Append(row);

        await Choose(page, "large.csv", Encoding.ASCII.GetBytes(text.ToString()));

        await See(page, "Header line");
    }

    [Fact]
    public async Task A_file_above_the_limit_is_refused_on_the_page()
    {
        await using var page = await app.Visit("/leads/import");
        var folder = Directory.CreateTempSubdirectory("overture-large-");
        var path = Path.Combine(folder.FullName, "larger.csv");
        await using (var file = File.Create(path)) file.SetLength(Imports.MaxBytes + 1024 * 1024);

        await page.Page.GetByLabel("CSV or Excel file").SetInputFilesAsync(path);
        await Press(page, "Look at the columns");

        await See(page, "The upload has 513 MiB; at most 512 are taken.");
        folder.Delete(recursive: true);
    }

    static Task Pick(BrowserPage page, string name, byte[] content) =>
        page.Page.GetByLabel("CSV or Excel file").SetInputFilesAsync(
        new FilePayload { Name = name, MimeType = "text/csv", Buffer = content });

    static async Task Choose(BrowserPage page, string name, byte[] content)
    {
        await Pick(page, name, content);
        await Press(page, "Look at the columns");
    }

    static Task Press(BrowserPage page, string button) =>
        page.Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    static Task See(BrowserPage page, string text) =>
        Assertions.Expect(page.Page.GetByText(text).First).ToBeVisibleAsync();

    static async Task Inspect(BrowserPage page, string name, bool mayComplain = false)
    {
        await page.Screenshot(name);
        Assert.Empty(await page.AxeFindings());
        Assert.Equal(0, await page.SidewaysOverflow());
        // The browser reports the refusal of a form as an error of the page it shows.
        if (!mayComplain) Assert.DoesNotContain(page.Complaints, said =>
            !said.Contains("422", StringComparison.Ordinal));
    }

    async Task Work()
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        await using var node = await Node.Join(app.Database, "test", time, default);
        var workspace = await Workspace();
        var queue = app.Services.GetRequiredService<JobQueue>();
        foreach (var job in await queue.List(workspace, null, null, null, 10, default))
            if (!job.IsFinished) await app.Services.GetRequiredService<JobWorker>()
                .RunOnly(node, workspace, job.Id, default);
    }

    async Task<IReadOnlyList<LeadRow>> Leads(string search) =>
        (await app.Services.GetRequiredService<Leads>().List(
        await Workspace(), new LeadFilter { Search = search }, null, 25, default)).Rows;

    async Task<long> Workspace() =>
        (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
}
