using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Tests.Api;

/// <summary>
/// The inbox over REST, the frame that shows strangers' mail, and the links that strangers follow.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class InboxApiTests(RunningApp app) : IClassFixture<RunningApp>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_is_listed_read_answered_and_taken_back()
    {
        using var visitor = await SignedIn();
        var id = await Received("How much is it?");
        var list = await Json(visitor, "/api/v1/inbox?scope=needs_answer");
        Assert.Equal(id, list.GetProperty("data")[0].GetProperty("id").GetInt64());
        Assert.Equal("question", list.GetProperty("data")[0].GetProperty("intent").GetString());
        Assert.Equal(1, (await Json(visitor, "/api/v1/inbox/counts")).GetProperty("unread").GetInt32());
        using var answered = await visitor.PostJson(
            $"/api/v1/inbox/{id}/answers", """{"body":"Nothing."}""", ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.Created, answered.StatusCode);
        var entries = (await Json(visitor, $"/api/v1/inbox/{id}")).GetProperty("entries");
        Assert.Equal("planned", entries.EnumerateArray().Last().GetProperty("state").GetString());
        using var undone = await visitor.Send(
            HttpMethod.Delete, answered.Headers.Location!.ToString(), null,
            ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.NoContent, undone.StatusCode);
        entries = (await Json(visitor, $"/api/v1/inbox/{id}")).GetProperty("entries");
        Assert.Contains(
            entries.EnumerateArray(), entry => entry.GetProperty("state").GetString() == "cancelled");
    }

    [Fact]
    public async Task An_answer_that_is_only_tried_is_not_planned()
    {
        using var visitor = await SignedIn();
        var id = await Received("Who are you?");
        var before = await DatabaseContent.Of(app.Database);
        using var tried = await visitor.PostJson(
            $"/api/v1/inbox/{id}/answers?dry_run=true", """{"body":"Ada."}""",
            ("Sec-Fetch-Site", "same-origin"));
        var told = await tried.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal(1, told.GetProperty("would_affect").GetInt32());
        Assert.Equal(id, told.GetProperty("conversation").GetInt64());
        Assert.Equal(before, await DatabaseContent.Of(app.Database));
        // The other tests count what is unread.
        await app.Services.GetRequiredService<Conversations>().MarkRead(1, id, true, Cancel);
    }

    [Fact]
    public async Task A_strangers_mail_is_shown_without_script_in_a_frame_without_our_origin()
    {
        using var visitor = await SignedIn();
        var id = await Received(
            "<p>Hi</p><script>alert(1)</script><img src=https://t.example/x.gif>", "text/html");
        var entry = (await Json(visitor, $"/api/v1/inbox/{id}")).GetProperty("entries").EnumerateArray()
            .Last(one => one.GetProperty("kind").GetString() == "received");
        using var mail = await visitor.Get($"/inbox/mail/{entry.GetProperty("id").GetInt64()}");
        var html = await mail.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<p>Hi</p>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("t.example", html, StringComparison.Ordinal);
        Assert.Contains(
            "sandbox", Assert.Single(mail.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", Assert.Single(mail.Headers.GetValues("X-Frame-Options")));
        using var page = await visitor.Get($"/inbox?c={id}");
        Assert.Contains(
            "sandbox=\"allow-popups", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_links_lead_nowhere_and_an_unknown_pixel_is_the_same_picture()
    {
        using var stranger = new Visitor(app.Address);
        using var link = await stranger.Get("/c/0123456789abcdef");
        Assert.Equal(HttpStatusCode.NotFound, link.StatusCode);
        using var withUrl = await stranger.Get("/c/x?url=https://evil.example/");
        Assert.Equal(HttpStatusCode.NotFound, withUrl.StatusCode);
        using var pixel = await stranger.Get("/o/0123456789abcdef");
        Assert.Equal("image/gif", pixel.Content.Headers.ContentType!.MediaType);
        Assert.Equal("cross-origin", Assert.Single(pixel.Headers.GetValues("Cross-Origin-Resource-Policy")));
        using var later = await stranger.PostForm("/u/unknown/later", ("days", "30"));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    async Task<Visitor> SignedIn()
    {
        var visitor = new Visitor(app.Address);
        if (!await app.Services.GetRequiredService<SetupClaims>().IsClaimed(Cancel)) await app.Claim();
        using var done = await visitor.SignIn(RunningApp.OwnerEmail, RunningApp.OwnerPassword);
        return visitor;
    }

    static async Task<JsonElement> Json(Visitor visitor, string path)
    {
        using var response = await visitor.GetJson(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    /// <summary>Somebody of a company that was written to answers; returns the conversation.</summary>
    async Task<long> Received(string words, string type = "text/plain")
    {
        var workspace = (await app.Services.GetRequiredService<Workspaces>().All(Cancel))[0].Id;
        var token = Guid.NewGuid().ToString("N");
        var (mailbox, header) = await Written(workspace, $"{token}@client.example");
        var mail =
            $"From: {token}@client.example\r\nTo: ada@example.com\r\nSubject: Re: hello\r\nIn-Reply-To: "
            + $"{header}\r\n"
            + $"Message-ID: <{token}@client.example>\r\nContent-Type: {type}; "
                + $"charset=utf-8\r\n\r\n{words}\r\n";
        var box = await app.Services.GetRequiredService<Mailboxes>().Get(workspace, mailbox, Cancel);
        await app.Database.InWorkspace(
            workspace,
            session => app.Services.GetRequiredService<TakeMail>().Run(
                session, box,
                new MailboxReader { WorkspaceId = workspace, MailboxId = mailbox, ImapHost = "localhost" },
                new ReceivedCopy(
                    "INBOX", 1, token.GetHashCode(StringComparison.Ordinal) & int.MaxValue,
                DateTime.UnixEpoch, Encoding.UTF8.GetBytes(mail), mail.Length, false), Cancel),
            Cancel);
        return (await app.Services.GetRequiredService<InboxReport>().List(
            workspace, InboxScope.Open, null, 0, token, null, 1, Cancel))[0].Id;
    }

    /// <summary>A lead with this address, written to by a running campaign.</summary>
    async Task<(long Mailbox, string Header)> Written(long workspace, string address)
    {
        var boxes = await app.Services.GetRequiredService<Mailboxes>().List(workspace, Cancel);
        if (boxes.Count == 0)
        {
            var mailbox = await app.Services.GetRequiredService<Mailboxes>().Create(
                workspace, new MailboxDraft { Address = "ada@example.com", FromName = "Ada" }, Cancel);
            var campaigns = app.Services.GetRequiredService<Campaigns>();
            await campaigns.Start(workspace, await campaigns.Create(workspace, new CampaignDraft
            {
                Name = "Hello", MailboxId = mailbox,
                Steps = [new StepDraft { Variants = [new VariantDraft("hello", "Hi, a word?")] }],
            }, Cancel), Cancel);
        }

        await app.Services.GetRequiredService<AddLead>().Run(
            workspace, new Contact { FullName = "Ann Example", Email = address }, null, Cancel);
        await using var node = await Node.Join(app.Database, "test", TimeProvider.System, Cancel);
        await app.Services.GetRequiredService<Phases>().RunOnce(
            workspace, node.Id, _ => Task.CompletedTask, Cancel);
        await using var session = await app.Database.Open(workspace, Cancel);
        var header = await session.One<string>(
            "select message_id from messages where to_address = @address", new { address }, Cancel);
        boxes = await app.Services.GetRequiredService<Mailboxes>().List(workspace, Cancel);
        return (boxes[0].Id, header);
    }
}
