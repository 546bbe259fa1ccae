using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Model;

namespace Overture.Server.Tests.Web;

[SupportedOSPlatform("linux")]
public sealed class SuppressionsPageTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Fact]
    public async Task An_address_of_a_suppressed_domain_is_not_said_to_be_free()
    {
        using var owner = app.SignedIn();
        await Suppress("client.example", "manual");

        Assert.Contains(
            "Never contacted", await Page(owner, "ann@client.example"), StringComparison.Ordinal);
        Assert.Contains(
            "it may be contacted", await Page(owner, "ann@other.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_in_by_mistake_is_taken_off()
    {
        using var owner = app.SignedIn();
        var typed = await Suppress("mistake.example", "manual");
        var asked = await Suppress("ann@asked.example", "unsubscribe");
        var token = await owner.FormToken("/suppressions");
        Assert.DoesNotContain(
            $"/suppressions/{asked}/remove", await Page(owner, ""), StringComparison.Ordinal);

        using var removed = await owner.PostForm(
            $"/suppressions/{typed}/remove",
            ("__RequestVerificationToken", token), ("back", "/suppressions"));
        using var kept = await owner.PostForm(
            $"/suppressions/{asked}/remove",
            ("__RequestVerificationToken", token), ("back", "/suppressions"));

        Assert.Equal(HttpStatusCode.Redirect, removed.StatusCode);
        Assert.Equal(["ann@asked.example"], (await List("example"))
            .Where(row => row.Value is "mistake.example" or "ann@asked.example").Select(row => row.Value));
    }

    async Task<long> Suppress(string value, string reason)
    {
        await app.Services.GetRequiredService<Suppressions>().Add(
            await Workspace(), value, reason, null, "test", default);
        return (await List(value))[0].Id;
    }

    async Task<IReadOnlyList<Suppression>> List(string search) =>
        await app.Services.GetRequiredService<Suppressions>().List(
            await Workspace(), search, null, 10, default);

    async Task<long> Workspace() =>
        (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;

    static async Task<string> Page(Visitor visitor, string search)
    {
        using var page = await visitor.Get($"/suppressions?search={Uri.EscapeDataString(search)}");
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
    }
}
