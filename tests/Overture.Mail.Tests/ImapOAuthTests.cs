using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>A real Dovecot that asks a token server on loopback whether a token is good (RFC 7662).</summary>
[SupportedOSPlatform("linux")]
public sealed class ImapOAuthTests : IAsyncLifetime
{
    const string User = "anna@overture.example";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly string folder = Directory.CreateTempSubdirectory("overture-oauth-").FullName;
    readonly HttpListener tokens = new();
    readonly int port = FreePort();
    readonly int tokenPort = FreePort();
    Process? dovecot;
    Task answering = Task.CompletedTask;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        tokens.Prefixes.Add($"http://127.0.0.1:{tokenPort}/");
        tokens.Start();
        answering = AnswerTokens();
        Directory.CreateDirectory(Path.Combine(folder, "mail"));
        foreach (var path in new[] { folder, Path.Combine(folder, "mail") })
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        File.WriteAllText(Path.Combine(folder, "oauth2.conf"),
            $"""
            introspection_url = http://127.0.0.1:{tokenPort}/token?access_token=
            introspection_mode = get
            username_attribute = username
            active_attribute = active
            active_value = yes

            """);
        File.WriteAllText(Path.Combine(folder, "dovecot.conf"), Configuration());
        string[] arguments = ["-F", "-c", $"{folder}/dovecot.conf"];
        dovecot = Process.Start(new ProcessStartInfo("/usr/sbin/dovecot", arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        dovecot.BeginErrorReadLine();
        await UntilItAnswers();
    }

    public async ValueTask DisposeAsync()
    {
        if (dovecot is not null)
        {
            using var stop = Process.Start("/bin/kill", ["-TERM", $"{dovecot.Id}"]);
            await stop.WaitForExitAsync(CancellationToken.None);
            await dovecot.WaitForExitAsync(CancellationToken.None);
            dovecot.Dispose();
        }

        tokens.Close();
        await answering;
        Directory.Delete(folder, recursive: true);
    }

    string Configuration() =>
        $$"""
        base_dir = {{folder}}/run
        state_dir = {{folder}}/state
        log_path = {{folder}}/dovecot.log
        protocols = imap
        listen = 127.0.0.1
        first_valid_uid = 1
        mail_location = maildir:~/Maildir
        auth_mechanisms = xoauth2 oauthbearer
        disable_plaintext_auth = no
        ssl = no
        passdb {
          driver = oauth2
          mechanisms = xoauth2 oauthbearer
          args = {{folder}}/oauth2.conf
        }
        userdb {
          driver = static
          args = uid=mail gid=mail home={{folder}}/mail/%u allow_all_users=yes
        }
        service imap-login {
          chroot =
          inet_listener imap {
            port = {{port}}
          }
          inet_listener imaps {
            port = 0
          }
        }
        service anvil {
          chroot =
        }

        """;

    async Task AnswerTokens()
    {
        try
        {
            while (true)
            {
                var call = await tokens.GetContextAsync();
                var good = call.Request.QueryString["access_token"] == "good-token";
                var json = good ? $$"""{"active":"yes","username":"{{User}}"}""" : """{"active":"no"}""";
                call.Response.ContentType = "application/json";
                call.Response.Close(Encoding.UTF8.GetBytes(json), willBlock: true);
            }
        }
        catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
        {
            return;
        }
    }

    async Task UntilItAnswers()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, Cancel);
                return;
            }
            catch (SocketException) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
            }
        }
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [Fact]
    public async Task A_good_token_opens_the_mailbox_and_a_stale_one_is_explained()
    {
        var server = new ImapServer("127.0.0.1", port, ImapSecurity.None);
        await using (var session = await ImapSession.Connect(
            server, new ImapLogin.OAuth(User, "good-token"), cancel: Cancel))
        {
            await session.Append("INBOX", Encoding.Latin1.GetBytes(ImapSink.Letter("one")), [], null, Cancel);
            Assert.Equal(1, (await session.Open("INBOX", cancel: Cancel)).Messages);
        }

        var refused = await Assert.ThrowsAsync<ImapFailed>(
            () => ImapSession.Connect(server, new ImapLogin.OAuth(User, "stale"), cancel: Cancel));
        Assert.Equal(ImapFailureKind.Login, refused.Failure.Kind);
    }
}
