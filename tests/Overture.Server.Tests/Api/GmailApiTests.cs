using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Server.Tests.Api;

/// <summary>A server whose Gmail is a played one.</summary>
[SupportedOSPlatform("linux")]
public sealed class GmailApp : ClaimedApp
{
    public GmailSink Gmail { get; private set; } = null!;

    protected override Uri? ProvidersUrl => Gmail.Url;

    public override async ValueTask InitializeAsync()
    {
        Gmail = await GmailSink.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Gmail.DisposeAsync();
    }
}

/// <summary>A mailbox is connected to Gmail over REST and on its page.</summary>
[SupportedOSPlatform("linux")]
public sealed class GmailApiTests(GmailApp app) : IClassFixture<GmailApp>
{
    static readonly (string, string) Same = ("Sec-Fetch-Site", "same-origin");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mailbox_is_registered_connected_shown_and_disconnected_over_REST()
    {
        using var visitor = app.SignedIn();
        var id = await Mailbox(visitor, GmailSink.Address);
        var path = $"/api/v1/mailboxes/{id}/gmail";
        using var unknown = await visitor.GetJson(path);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var put = await visitor.Send(
            HttpMethod.Put, path, new StringContent(Registration(), Encoding.UTF8, "application/json"), Same);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        var asked = await Json(await visitor.PostJson(path + "/consent", "{}", Same));
        var (state, code) = await Consent(asked.GetProperty("url").GetString()!);
        using var wrong = await visitor.PostJson(
            path + "/grant", $$"""{"state":"{{state}}x","code":"{{code}}"}""", Same);
        Assert.False(wrong.IsSuccessStatusCode);
        var mailbox = await Json(await visitor.PostJson(
            path + "/grant", $$"""{"state":"{{state}}","code":"{{code}}"}""", Same));
        Assert.Equal("gmail", mailbox.GetProperty("transport").GetString());
        Assert.Equal("connected", mailbox.GetProperty("state").GetString());

        using var shown = await visitor.GetJson(path);
        var text = await shown.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("\"is_connected\":true", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret\":\"", text, StringComparison.Ordinal);
        var reader = await Json(await visitor.GetJson($"/api/v1/mailboxes/{id}/reader"));
        Assert.Equal("gmail", reader.GetProperty("kind").GetString());
        using var gone = await visitor.Send(HttpMethod.Delete, path, null, Same);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await app.Services.GetRequiredService<Mailboxes>().Update(
            1, id, new MailboxDraft { Address = $"old{id}@overture.example", FromName = "Old" }, Cancel);
    }

    [Fact]
    public async Task The_page_leads_to_Google_and_the_way_back_connects()
    {
        using var visitor = app.SignedIn();
        var id = await Mailbox(visitor, GmailSink.Address);
        await app.Services.GetRequiredService<GmailAccounts>().Register(
            1, id, GmailSink.ClientId, GmailSink.ClientSecret, Cancel);
        using var page = await visitor.Get($"/mailboxes/{id}/edit");
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("/mailboxes/gmail/callback", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Continue at Google", html, StringComparison.Ordinal);
        using var begun = await visitor.PostForm(
            $"/mailboxes/{id}/gmail/consent",
            ("__RequestVerificationToken", await visitor.FormToken($"/mailboxes/{id}/edit")));
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        using var again = await visitor.Get($"/mailboxes/{id}/edit");
        html = await again.Content.ReadAsStringAsync(Cancel);
        var at = html.IndexOf(app.Gmail.Url.AbsoluteUri, StringComparison.Ordinal);
        var (state, code) = await Consent(
            WebUtility.HtmlDecode(html[at..html.IndexOf('"', at)]));

        using var stranger = app.Stranger();
        using var refused = await stranger.Get($"/mailboxes/gmail/callback?state={state}&code={code}");
        Assert.False((await app.Services.GetRequiredService<Mailboxes>().Get(1, id, Cancel)).IsGmail);
        using var back = await visitor.Get($"/mailboxes/gmail/callback?state={state}&code={code}");
        Assert.Equal($"/mailboxes/{id}/edit#gmail", back.Headers.Location!.ToString());
        Assert.True((await app.Services.GetRequiredService<Mailboxes>().Get(1, id, Cancel)).IsGmail);

        await app.Services.GetRequiredService<Mailboxes>().MarkBroken(1, id, "Google ended it.", Cancel);
        using var list = await visitor.Get("/mailboxes");
        Assert.Contains(
            $"/mailboxes/{id}/gmail/consent", await list.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal);
        await app.Services.GetRequiredService<Mailboxes>().Update(
            1, id, new MailboxDraft { Address = $"old{id}@overture.example", FromName = "Old" }, Cancel);
    }

    static string Registration() =>
        $$"""{"client_id":"{{GmailSink.ClientId}}","client_secret":"{{GmailSink.ClientSecret}}"}""";

    static async Task<(string State, string Code)> Consent(string address)
    {
        using var browser = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(address));
        using var answer = await browser.SendAsync(ask, Cancel);
        var back = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return (back["state"].ToString(), back["code"].ToString());
    }

    static async Task<long> Mailbox(Visitor visitor, string address)
    {
        var made = await Json(await visitor.PostJson(
            "/api/v1/mailboxes", $$"""{"address":"{{address}}","from_name":"Anna"}""", Same));
        return made.GetProperty("id").GetInt64();
    }

    static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonDocument.Parse(text).RootElement;
        }
    }
}
