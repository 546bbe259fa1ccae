using System.Runtime.Versioning;
using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>A real Dovecot that asks a token server on loopback whether a token is good.</summary>
[SupportedOSPlatform("linux")]
public sealed class ImapOAuthTests
{
    const string User = $"anna@{MailServers.Domain}";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_token_opens_the_mailbox_and_a_stale_one_is_explained()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        await using var tokens = TokenServer.Start(User);
        await using var servers = await MailServers.Start(tokens, Cancel);
        var server = new ImapServer("localhost", servers.ImapsPort, ImapSecurity.ImplicitTls);
        var options = new ImapOptions { TrustedAuthorities = [servers.CaCertificate] };
        await using (var session = await ImapSession.Connect(
            server, new ImapLogin.OAuth(User, TokenServer.GoodToken), options, Cancel))
        {
            await session.Append("INBOX", Encoding.Latin1.GetBytes(ImapSink.Letter("one")), [], null, Cancel);
            Assert.Equal(1, (await session.Open("INBOX", cancel: Cancel)).Messages);
        }

        var refused = await Assert.ThrowsAsync<ImapFailed>(
            () => ImapSession.Connect(server, new ImapLogin.OAuth(User, "stale"), options, Cancel));
        Assert.Equal(ImapFailureKind.Login, refused.Failure.Kind);
    }
}
