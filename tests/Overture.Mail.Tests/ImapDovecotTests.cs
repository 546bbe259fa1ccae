using System.Runtime.Versioning;
using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>Against a real Dovecot on loopback, one for all tests: each has a user of its own.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImapDovecotTests(
    ImapDovecotTests.Servers started) : IClassFixture<ImapDovecotTests.Servers>
{
    readonly MailServers servers = started.Running();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public sealed class Servers : IAsyncLifetime
    {
        MailServers? running;

        public MailServers Running()
        {
            Assert.SkipWhen(running is null, MailServers.Missing ?? "");
            return running!;
        }

        public async ValueTask InitializeAsync()
        {
            if (MailServers.Missing is null) running = await MailServers.Start();
        }

        public ValueTask DisposeAsync() => running?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    Task<ImapSession> Connect(
        string user = "anna", string password = MailServers.Password,
            ImapSecurity security = ImapSecurity.ImplicitTls,
        string host = "localhost", bool trusted = true)
    {
        var port = security == ImapSecurity.ImplicitTls ? servers.ImapsPort : servers.ImapPort;
        return ImapSession.Connect(
            new ImapServer(host, port, security),
            new ImapLogin.Password($"{user}@{MailServers.Domain}", password),
            new ImapOptions { TrustedAuthorities = trusted ? [servers.CaCertificate] : null }, Cancel);
    }

    static byte[] Letter(string id) => Encoding.Latin1.GetBytes(ImapSink.Letter(id));

    [Theory]
    [InlineData(ImapSecurity.ImplicitTls)]
    [InlineData(ImapSecurity.StartTls)]
    [InlineData(ImapSecurity.None)]
    public async Task What_is_appended_is_searched_read_and_moved(ImapSecurity security)
    {
        await using var session = await Connect($"anna-{security}", security: security);
        var folders = await session.ListFolders(Cancel);
        Assert.Contains(folders, folder => folder is { Name: "Sent", Use: ImapFolderUse.Sent });
        Assert.Contains(folders, folder => folder is { Name: "INBOX", Use: ImapFolderUse.Inbox });
        var first = await session.Append("INBOX", Letter("one"), [], null, Cancel);
        var second = await session.Append("INBOX", Letter("two"), ["\\Seen"], null, Cancel);
        var open = await session.Open("INBOX", readOnly: false, Cancel);
        Assert.Equal((2L, first!.UidValidity), (open.Messages, open.UidValidity));
        Assert.Equal(second!.Uids, await session.FindByHeader("Message-ID", "<two@example.com>", Cancel));
        Assert.Equal(first.Uids, await session.Search(ImapQuery.Unread, Cancel));
        Assert.Equal(Letter("one"), await session.Read(first.Uids[0], cancel: Cancel));
        Assert.Equal(first.Uids, await session.Search(ImapQuery.Unread, Cancel));
        var messages = new List<ImapMessage>();
        var items = ImapFetchItems.Envelope | ImapFetchItems.Structure | ImapFetchItems.Size
            | ImapFetchItems.ReceivedAt | ImapFetchItems.ModSeq | ImapFetchItems.Header;
        await foreach (var message in session.Fetch([first.Uids[0], second.Uids[0]], items, Cancel))
            messages.Add(message);
        Assert.Equal(["<one@example.com>", "<two@example.com>"],
            messages.Select(one => one.Envelope!.MessageId));
        Assert.Equal("text/plain", messages[0].Structure!.Type);
        Assert.Equal("bo@example.com", messages[0].Envelope!.From[0].Address);
        Assert.NotNull(messages[0].ModSeq);
        Assert.NotNull(messages[0].ReceivedAt);
        await session.CreateFolder("Entwürfe & mehr", Cancel);
        var moved = await session.Move(first.Uids, "Entwürfe & mehr", Cancel);
        Assert.Equal(1, (await session.Count("Entwürfe & mehr", Cancel)).Messages);
        await session.Open("Entwürfe & mehr", cancel: Cancel);
        Assert.Equal(moved!.Uids, await session.Search(ImapQuery.All, Cancel));
        await session.LogOut(Cancel);
    }

    [Fact]
    public async Task Non_ASCII_searches_and_large_messages_pass()
    {
        await using var session = await Connect("berta");
        var text = ImapSink.Letter("big", new string('x', 70) + "\r\n" + string.Concat(Enumerable.Repeat(
            new string('y', 70) + "\r\n", 60_000)));
        var place = await session.Append("INBOX", Encoding.Latin1.GetBytes(text), [], null, Cancel);
        await session.Open("INBOX", cancel: Cancel);
        Assert.Empty(await session.Search(ImapQuery.Header("Subject", "Grüße"), Cancel));
        Assert.Equal(text, Encoding.Latin1.GetString((await session.Read(place!.Uids[0], cancel: Cancel))!));
        using var part = new MemoryStream();
        var cut = await session.Download(place.Uids[0], part, 1000, Cancel);
        Assert.Equal((true, 1000L), (cut.Truncated, part.Length));
    }

    [Fact]
    public async Task Mail_that_arrives_ends_the_wait()
    {
        await using var waiting = await Connect("cora");
        await waiting.Open("INBOX", cancel: Cancel);
        var news = waiting.WaitForNews(Cancel);
        await using (var other = await Connect("cora"))
            await other.Append("INBOX", Letter("one"), [], null, Cancel);
        await news.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Single(await waiting.Search(ImapQuery.All, Cancel));
    }

    [Fact]
    public async Task A_wait_that_is_given_up_leaves_the_session_usable()
    {
        await using var session = await Connect("dora");
        await session.Open("INBOX", cancel: Cancel);
        using var stop = new CancellationTokenSource();
        var wait = session.WaitForNews(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Empty(await session.Search(ImapQuery.All, Cancel));
    }

    [Fact]
    public async Task A_watch_tells_each_arrival_once_across_connections()
    {
        await using var writer = await Connect("emma");
        await using var run = new ImapWatchRun(
            null!, new ImapCursor("INBOX"), connect: _ => Connect("emma"));
        await run.Next<ImapNews.Renumbered>();
        foreach (var id in new[] { "one", "two", "three" })
        {
            await writer.Append("INBOX", Letter(id), [], null, Cancel);
            Assert.Equal(["about " + id], await run.Arrivals(1));
        }

        run.AssertQuiet();
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ImapFailed>(() => Connect(trusted: false));
        Assert.Equal(ImapFailureKind.Certificate, refused.Failure.Kind);
        Assert.Contains("not trusted", refused.Failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_such()
    {
        var refused = await Assert.ThrowsAsync<ImapFailed>(() => Connect(password: "wrong"));
        Assert.Equal((ImapFailureKind.Login, "AUTHENTICATIONFAILED"),
            (refused.Failure.Kind, refused.Failure.Code));
    }

    [Fact]
    public async Task Changes_are_told_by_modification_number()
    {
        await using var session = await Connect("fina");
        var place = await session.Append("INBOX", Letter("one"), [], null, Cancel);
        var before = (await session.Open("INBOX", readOnly: false, Cancel)).HighestModSeq!.Value;
        Assert.Empty(await session.FetchChanged(before, Cancel));
        await session.SetFlags(place!.Uids, ["\\Answered"], add: true, Cancel);
        Assert.Contains("\\Answered", Assert.Single(await session.FetchChanged(before, Cancel)).Flags);
    }
}
