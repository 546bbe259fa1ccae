using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Tests.Web;

[SupportedOSPlatform("linux")]
public sealed class CampaignSendersTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    [Fact]
    public async Task The_page_says_which_mailboxes_share_a_campaign_with_its_own()
    {
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var own = await Mailbox(workspace, "own@a.example");
        var other = await Mailbox(workspace, "two@a.example");
        var campaign = await app.Services.GetRequiredService<Campaigns>().Create(
            workspace, new CampaignDraft { Name = "Shared", MailboxId = own, Steps = [] }, default);
        using var visitor = app.SignedIn();
        var token = await visitor.FormToken($"/campaigns/{campaign}");

        using var shared = await visitor.PostForm(
            $"/campaigns/{campaign}/mailboxes", ("__RequestVerificationToken", token),
            ("mailbox_ids", $"{other}"));
        Assert.Equal(HttpStatusCode.Redirect, shared.StatusCode);
        Assert.Equal([own, other], await Senders(workspace, campaign));

        using var alone = await visitor.PostForm(
            $"/campaigns/{campaign}/mailboxes", ("__RequestVerificationToken", token));
        Assert.Equal([own], await Senders(workspace, campaign));
    }

    [Fact]
    public async Task Opens_that_nobody_measures_are_not_shown_as_none()
    {
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(default)).Single().Id;
        var campaign = await app.Services.GetRequiredService<Campaigns>().Create(
            workspace, new CampaignDraft { Name = "Silent", Steps = [] }, default);
        var opened = $"/messages?campaign={campaign}&amp;state=opened";
        using var visitor = app.SignedIn();
        Assert.DoesNotContain(opened, await Page(visitor, campaign), StringComparison.Ordinal);

        await app.Services.GetRequiredService<Trackings>().Put(
            workspace, campaign, new CampaignTracking(Opens: true, Clicks: false), "test", default);

        Assert.Contains(opened, await Page(visitor, campaign), StringComparison.Ordinal);
    }

    static async Task<string> Page(Visitor visitor, long campaign)
    {
        using var page = await visitor.Get($"/campaigns/{campaign}");
        return await page.Content.ReadAsStringAsync();
    }

    async Task<long[]> Senders(long workspace, long campaign) =>
        [.. (await app.Services.GetRequiredService<CampaignSenders>().List(workspace, campaign, default))
            .Select(box => box.Id)];

    Task<long> Mailbox(long workspace, string address) =>
        app.Services.GetRequiredService<Mailboxes>().Create(
            workspace, new MailboxDraft { Address = address, FromName = "Ada" },
            default);
}
