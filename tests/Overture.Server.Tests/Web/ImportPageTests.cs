using System.Net;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Tests.Web;

[SupportedOSPlatform("linux")]
public sealed class ImportPageTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Fact]
    public async Task Another_page_takes_no_large_form()
    {
        using var visitor = app.SignedIn();
        var token = await visitor.FormToken("/settings");
        var large = new string('x', 2 * 1024 * 1024);

        using var refused = await visitor.PostForm(
            "/settings", ("_handler", "workspace"), ("__RequestVerificationToken", token),
            ("workspace_name", large));
        using var taken = await visitor.PostForm(
            "/leads/import", ("_handler", "upload"), ("__RequestVerificationToken", token),
            ("text", "Name,E-mail,Notes\nAnn,ann@example.com," + large));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, taken.StatusCode);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var visitor = app.SignedIn();

        using var answer = await visitor.PostForm("/leads/import", ("_handler", "upload"),
            ("text", "Name\nAnn"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "/run")]
    [InlineData("/check", "/run")]
    [InlineData("/run", "/check")]
    public async Task Each_page_leads_to_where_the_import_is(string asked, string leads)
    {
        using var visitor = app.SignedIn();
        var imports = app.Services.GetRequiredService<Imports>();
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var id = await imports.Upload(
            workspace, "a.csv", Encoding.UTF8.GetBytes("Name,E-mail\nAnn,ann@example.com\n"), "Ada", default);
        if (leads == "/run") await imports.Start(workspace, id, "Ada", default);

        using var answer = await visitor.Get($"/leads/import/{id}{asked}");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith($"/leads/import/{id}{leads}", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_long_file_is_rehearsed_in_part_and_says_so()
    {
        using var visitor = app.SignedIn();
        // Rows that name nobody cost no time.
        var rows = string.Concat(Enumerable.Repeat(",no name\n", 5_001));
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var id = await app.Services.GetRequiredService<Imports>().Upload(
            workspace, "long.csv", Encoding.UTF8.GetBytes("Name,Notes\n" + rows), "Ada", default);

        using var answer = await visitor.Get($"/leads/import/{id}/check");

        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("the first 5,000 of 5,001 rows of long.csv", page);
        Assert.Contains("Import 5,001 rows", page);
    }

    [Fact]
    public async Task An_import_of_nobody_is_not_found()
    {
        using var visitor = app.SignedIn();

        foreach (var part in new[] { "", "/check", "/run" })
        {
            using var answer = await visitor.Get($"/leads/import/999{part}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_sample_file_is_recognised_whole()
    {
        using var visitor = app.SignedIn();
        using var sample = await visitor.Get("/leads/import/sample.csv");

        var table = CsvTable.Read(await sample.Content.ReadAsByteArrayAsync());

        Assert.All(ColumnGuess.For(table), guess => Assert.NotNull(guess.Field));
    }

    [Fact]
    public async Task An_undo_says_whom_it_keeps_and_for_which_list()
    {
        using var visitor = app.SignedIn();
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var first = await Import(
            workspace, "kept-first.csv", "Kept One,kept@undo.example\nGone,gone@undo.example\n");
        var second = await Import(workspace, "kept-second.csv", "Kept Too,kept@undo.example\n");

        using var asked = await visitor.Get($"/leads/import/{first}/undo");
        using var told = await visitor.GetJson($"/api/v1/imports/{first}/undo");
        await Work(workspace, await app.Services.GetRequiredService<Imports>().Undo(
            workspace, first, "Ada", default));
        using var done = await visitor.Get($"/leads/import/{first}/run");

        var page = WebUtility.HtmlDecode(await asked.Content.ReadAsStringAsync());
        Assert.Contains("1 person stays, because a later list named them", page);
        Assert.Contains("kept-second.csv (1)", page);
        Assert.Contains(
            $$"""{"import_id":{{second}},"file_name":"kept-second.csv","people":1}""",
            await told.Content.ReadAsStringAsync());
        Assert.Contains(
            "1 person kept, because a later list named them too: kept-second.csv (1)",
            WebUtility.HtmlDecode(await done.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_undo_that_deletes_nothing_does_not_say_what_it_would_delete()
    {
        using var visitor = app.SignedIn();
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var first = await Import(workspace, "same-first.csv", "Same One,same@undo.example\n");
        var second = await Import(workspace, "same-second.csv", "Same One,same@undo.example\n");

        var told = new List<string>();
        foreach (var id in new[] { first, second })
        {
            using var asked = await visitor.Get($"/leads/import/{id}/undo");
            told.Add(WebUtility.HtmlDecode(await asked.Content.ReadAsStringAsync()));
        }

        Assert.All(told, page => Assert.Contains("Nothing is deleted", page));
        Assert.All(told, page => Assert.DoesNotContain("nobody has used since", page));
        Assert.Contains("Whatever this file added stays: it is in use, or another list named it.", told[0]);
        Assert.Contains("This file added nothing that is still here.", told[1]);
    }

    async Task<long> Import(long workspace, string name, string rows)
    {
        var imports = app.Services.GetRequiredService<Imports>();
        var id = await imports.Upload(
            workspace, name, Encoding.UTF8.GetBytes("Name,E-mail\n" + rows), "Ada", default);
        await Work(workspace, await imports.Start(workspace, id, "Ada", default));
        return id;
    }

    async Task Work(long workspace, long job)
    {
        await using var node = await Node.Join(
            app.Services.GetRequiredService<Database>(), "test", TimeProvider.System, default);
        await app.Services.GetRequiredService<JobWorker>().RunOnly(node, workspace, job, default);
    }
}
