using System.Net;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Tests.Web;

[SupportedOSPlatform("linux")]
public sealed class LeadBulkTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Fact]
    public async Task Only_a_form_of_ours_that_chooses_somebody_does_anything()
    {
        using var visitor = app.SignedIn();
        var (workspace, lead) = await Lead("one");
        var token = await visitor.FormToken("/leads");
        (string, string) signed = ("__RequestVerificationToken", token);

        using var forged = await visitor.PostForm("/leads/bulk/suppress", ("ids", $"{lead}"));
        using var nobody = await visitor.PostForm("/leads/bulk/suppress", signed, ("back", "/leads"));
        using var outside = await visitor.PostForm(
            "/leads/bulk/add", signed, ("ids", $"{lead}"), ("new_list", "Out"), ("back", "//evil.example"));

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, nobody.StatusCode);
        Assert.Equal("/", outside.Headers.Location?.OriginalString);
        Assert.Empty(await app.Services.GetRequiredService<Suppressions>()
            .List(workspace, null, null, 10, default));
        Assert.Equal(1, (await app.Services.GetRequiredService<LeadLists>().All(workspace, default))
            .Single(list => list.Name == "Out").MemberCount);
    }

    [Theory]
    [InlineData("csv", "text/csv; charset=utf-8")]
    [InlineData("json", "application/json; charset=utf-8")]
    [InlineData("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    public async Task The_page_and_the_api_export_what_the_filter_names(string format, string kind)
    {
        using var visitor = app.SignedIn();
        var name = $"Export{format}";
        await Lead(name);

        using var page = await visitor.Get($"/leads/export?format={format}&search={name}&sort=name");
        using var api = await visitor.Get($"/api/v1/leads/export?format={format}&search={name}");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(kind, page.Content.Headers.ContentType?.ToString());
        Assert.Equal($"leads.{format}", page.Content.Headers.ContentDisposition?.FileName);
        var bytes = await page.Content.ReadAsByteArrayAsync();
        if (format != "xlsx") Assert.Contains(name, Encoding.UTF8.GetString(bytes));
        Assert.True(bytes.Length > 100);
        Assert.Equal(HttpStatusCode.OK, api.StatusCode);
    }

    async Task<(long Workspace, long Lead)> Lead(string name)
    {
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var added = await app.Services.GetRequiredService<AddLead>().Run(
            workspace, new Contact { FullName = name, Email = $"{name}@a.example" }, null, default);
        return (workspace, added.LeadId!.Value);
    }
}
