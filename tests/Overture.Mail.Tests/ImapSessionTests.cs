using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

public class ImapSessionTests
{
    static Task<ImapSession> Connect(
        ImapSink sink, ImapLogin? login = null, ImapOptions? options = null,
        ImapSecurity security = ImapSecurity.None) =>
        ImapSession.Connect(
            new ImapServer("localhost", sink.Port, security),
            login ?? new ImapLogin.Password(sink.User, sink.Secret),
            options, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("AUTH=PLAIN")]
    [InlineData("LOGIN")]
    public async Task A_password_logs_in(string way)
    {
        await using var sink = new ImapSink().Start();
        if (way == "LOGIN") sink.Capabilities.Remove("AUTH=PLAIN");
        var log = new WireLog();
        await using var session = await Connect(sink, options: new ImapOptions { WireLog = log });
        Assert.True(session.Can("idle"));
        Assert.DoesNotContain(log.Lines, line => line.Contains("right", StringComparison.Ordinal));
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{sink.User}\0{sink.Secret}"));
        Assert.DoesNotContain(log.Lines, line => line.Contains(encoded, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OAUTHBEARER", true)]
    [InlineData("XOAUTH2", true)]
    [InlineData("OAUTHBEARER", false)]
    [InlineData("XOAUTH2", false)]
    public async Task A_token_logs_in_and_a_bad_one_is_explained(string mechanism, bool initialResponse)
    {
        await using var sink = new ImapSink { Secret = "token" }.Start();
        sink.Capabilities.RemoveAll(one => one.StartsWith("AUTH=", StringComparison.Ordinal));
        sink.Capabilities.Add("AUTH=" + mechanism);
        if (!initialResponse) sink.Capabilities.Remove("SASL-IR");
        await (await Connect(sink, new ImapLogin.OAuth(sink.User, "token"))).LogOut(
            TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<ImapFailed>(
            () => Connect(sink, new ImapLogin.OAuth(sink.User, "stale")));
        Assert.Equal(ImapFailureKind.Login, refused.Failure.Kind);
        Assert.Contains("401", refused.Failure.ServerText, StringComparison.Ordinal);
        Assert.Contains("connect the mailbox again", refused.Failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_a_fact_with_a_sentence()
    {
        await using var sink = new ImapSink().Start();
        var refused = await Assert.ThrowsAsync<ImapFailed>(
            () => Connect(sink, new ImapLogin.Password(sink.User, "wrong")));
        Assert.Equal(ImapFailureKind.Login, refused.Failure.Kind);
        Assert.Equal("AUTHENTICATIONFAILED", refused.Failure.Code);
        Assert.False(refused.Failure.MayPass);
        Assert.Contains("password", refused.Failure.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpSinkCertificate.Good, null)]
    [InlineData(SmtpSinkCertificate.OtherName, "for another name")]
    [InlineData(SmtpSinkCertificate.Expired, "has expired")]
    [InlineData(SmtpSinkCertificate.SelfSigned, "self-signed")]
    public async Task A_certificate_must_be_good(SmtpSinkCertificate certificate, string? sentence)
    {
        var options = new ImapOptions { TrustedAuthorities = ImapSink.Authorities };
        foreach (var security in new[] { ImapSecurity.ImplicitTls, ImapSecurity.StartTls })
        {
            await using var sink = new ImapSink
            {
                Certificate = certificate,
                ImplicitTls = security == ImapSecurity.ImplicitTls,
            }.Start();
            sink.Capabilities.Add("STARTTLS");
            if (sentence is null)
            {
                await (await Connect(sink, null, options, security)).DisposeAsync();
                continue;
            }

            var refused = await Assert.ThrowsAsync<ImapFailed>(() => Connect(sink, null, options, security));
            Assert.Equal(ImapFailureKind.Certificate, refused.Failure.Kind);
            Assert.Contains(sentence, refused.Failure.Sentence, StringComparison.Ordinal);
            Assert.DoesNotContain(sink.Commands, one => one.StartsWith("AUTH", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_was_injected_before_encryption_is_dropped()
    {
        await using var sink = new ImapSink().Start();
        sink.Capabilities.Add("STARTTLS");
        // The injected line would end the CAPABILITY command that follows the handshake.
        sink.On("^STARTTLS", async (connection, _) =>
        {
            await connection.Send(
                $"{connection.Tag} OK go\r\n* CAPABILITY LOGINDISABLED\r\nA2 OK injected\r\n");
            await connection.Encrypt();
            return true;
        });
        var options = new ImapOptions { TrustedAuthorities = ImapSink.Authorities };
        await using var session = await Connect(sink, null, options, ImapSecurity.StartTls);
        Assert.False(session.Can("LOGINDISABLED"));
        Assert.True(session.Can("IDLE"));
    }

    [Fact]
    public async Task Without_STARTTLS_no_secret_leaves()
    {
        await using var sink = new ImapSink().Start();
        var refused = await Assert.ThrowsAsync<ImapFailed>(() =>
            Connect(sink, security: ImapSecurity.StartTls));
        Assert.Equal(ImapFailureKind.NotEncrypted, refused.Failure.Kind);
        Assert.DoesNotContain(sink.Commands, one => one.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folders_are_known_by_use_and_by_habit()
    {
        await using var sink = new ImapSink().Start();
        sink.Folders["Papierkorb"] = new ImapSinkFolder("\\HasNoChildren");
        sink.Folders["Entw&APw-rfe"] = new ImapSinkFolder("");
        sink.Folders["Sent Items"] = new ImapSinkFolder("");
        await using var session = await Connect(sink);
        var folders = await session.ListFolders(TestContext.Current.CancellationToken);
        ImapFolderUse Use(string name) => folders.Single(folder => folder.Name == name).Use;
        Assert.Equal(ImapFolderUse.Inbox, Use("INBOX"));
        Assert.Equal(ImapFolderUse.Sent, Use("Sent"));
        Assert.Equal(ImapFolderUse.None, Use("Sent Items"));
        Assert.Equal(ImapFolderUse.Trash, Use("Papierkorb"));
        Assert.Equal(ImapFolderUse.Drafts, Use("Entwürfe"));
    }

    [Fact]
    public async Task Reading_marks_nothing_as_read()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = new ImapSink().Start();
        var uid = sink.Deliver("INBOX", ImapSink.Letter("one"));
        await using var session = await Connect(sink);
        await session.Open("INBOX", readOnly: false, cancel);
        Assert.Equal(ImapSink.Letter("one"),
            Encoding.Latin1.GetString((await session.Read(uid, cancel: cancel))!));
        Assert.DoesNotContain(sink.Commands, one => one.Contains("BODY[", StringComparison.Ordinal));
        Assert.Null(await session.Read(99, cancel: cancel));
        await session.SetFlags([uid], ["\\Seen"], add: true, cancel);
        await foreach (var message in session.Fetch([uid], ImapFetchItems.Header, cancel))
            Assert.True(message.IsRead);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_move_with_and_without_MOVE(bool canMove)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = new ImapSink().Start();
        if (!canMove) sink.Capabilities.Remove("MOVE");
        var uid = sink.Deliver("INBOX", ImapSink.Letter("one"));
        sink.Deliver("INBOX", ImapSink.Letter("two"));
        await using var session = await Connect(sink);
        await session.Open("INBOX", readOnly: false, cancel);
        var place = await session.Move([uid], "Junk", cancel);
        Assert.Equal([1u], place!.Uids);
        Assert.Single(sink.Folders["INBOX"].Messages);
        Assert.Single(sink.Folders["Junk"].Messages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_sent_is_appended_and_found_again(bool literalPlus)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = new ImapSink().Start();
        if (!literalPlus) sink.Capabilities.Remove("LITERAL+");
        await using var session = await Connect(sink);
        var letter = Encoding.Latin1.GetBytes(ImapSink.Letter("x"));
        var place = await session.Append("Sent", letter, ["\\Seen"], null, cancel);
        Assert.Equal([1u], place!.Uids);
        await session.Append("Sent", Encoding.Latin1.GetBytes(ImapSink.Letter("xx")), ["\\Seen"], null,
            cancel);
        await session.Open("Sent", cancel: cancel);
        // The search finds both, because one value contains the other without its bracket.
        Assert.Equal(2, (await session.Search(ImapQuery.Header("Message-ID", "x@example.com"), cancel))
            .Count);
        Assert.Equal([1u], await session.FindByHeader("Message-ID", "<x@example.com>", cancel));
        Assert.False(await session.AppendOnce("Sent", letter, "<x@example.com>", ["\\Seen"], cancel));
    }

    [Fact]
    public async Task A_refused_command_keeps_the_session()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = new ImapSink().Start();
        await using var session = await Connect(sink);
        var missing = await Assert.ThrowsAsync<ImapFailed>(() => session.Open("Nowhere", cancel: cancel));
        Assert.Equal(ImapFailureKind.NoSuchFolder, missing.Failure.Kind);
        Assert.Equal("INBOX", (await session.Open("INBOX", cancel: cancel)).Name);
    }

    [Fact]
    public async Task Text_from_outside_cannot_become_a_command()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = new ImapSink().Start();
        await using var session = await Connect(sink);
        await session.Open("INBOX", cancel: cancel);
        await session.Search(ImapQuery.Header("Subject", "x\"\r\nA9 UID STORE 1 +FLAGS (\\Deleted)"), cancel);
        Assert.DoesNotContain(sink.Commands, one => one.StartsWith("UID STORE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_since_a_number_are_told()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = new ImapSink().Start();
        sink.Deliver("INBOX", ImapSink.Letter("one"));
        await using var session = await Connect(sink);
        var before = await session.Open("INBOX", cancel: cancel);
        var uid = sink.Deliver("INBOX", ImapSink.Letter("two"));
        Assert.Equal(uid, Assert.Single(await session.FetchChanged(before.HighestModSeq!.Value, cancel)).Uid);
        Assert.Equal(2, (await session.Count("INBOX", cancel)).Messages);
    }
}
