using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Overture.Testing;

namespace Overture.Core.Tests.Kit;

[SupportedOSPlatform("linux")]
public sealed class MailServersTests : IAsyncLifetime
{
    MailServers servers = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (MailServers.Missing is null) servers = await MailServers.Start(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (servers is not null) await servers.DisposeAsync();
    }

    [Fact]
    public async Task A_message_goes_from_SMTP_to_the_mailbox_and_is_seen_by_IMAP()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        using var smtp = await Talk.To(servers.SmtpPort, "220");
        await smtp.Say("EHLO client.example", "250 ");
        await smtp.Say("MAIL FROM:<ann@elsewhere.example>", "250");
        await smtp.Say($"RCPT TO:<bob@{MailServers.Domain}>", "250");
        await smtp.Say($"RCPT TO:<nobody@{MailServers.Domain}>", "550 5.1.1");
        await smtp.Say($"RCPT TO:<later@{MailServers.Domain}>", "451 4.3.0");
        await smtp.Say($"RCPT TO:<full@{MailServers.Domain}>", "452 4.2.2");
        await smtp.Say("RCPT TO:<eve@example.com>", "554");
        await smtp.Say("DATA", "354");
        await smtp.Say("Subject: Hello\r\n\r\nA body.\r\n.", "250");
        var message = Encoding.ASCII.GetString(Assert.Single(await servers.WaitForMail("bob", 1, Cancel)));
        message = message.ReplaceLineEndings("\n");
        Assert.EndsWith("Subject: Hello\n\nA body.\n", message, StringComparison.Ordinal);

        using var imap = await Talk.To(servers.ImapsPort, null);
        await imap.Secure(servers.CaCertificate);
        await imap.Expect("* OK");
        await imap.Say($"a login bob@{MailServers.Domain} \"wrong\"", "a NO");
        await imap.Say($"b login bob@{MailServers.Domain} \"{MailServers.Password}\"", "b OK");
        Assert.Contains("EXISTS", await imap.Say("c select inbox", "c OK"), StringComparison.Ordinal);
        var folders = await imap.Say("d list \"\" * return (special-use)", "d OK");
        Assert.Contains(@"\Sent", folders, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submission_wants_TLS_and_the_right_password()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        using var smtp = await Talk.To(servers.SubmissionPort, "220");
        await smtp.Say("EHLO client.example", "250 ");
        await smtp.Say("STARTTLS", "220");
        await smtp.Secure(servers.CaCertificate);
        var offers = await smtp.Say("EHLO client.example", "250 ");
        Assert.Contains("AUTH PLAIN LOGIN", offers, StringComparison.Ordinal);
        await smtp.Say("AUTH PLAIN " + Plain("wrong"), "535");
        await smtp.Say("AUTH PLAIN " + Plain(MailServers.Password), "235");
        await smtp.Say($"MAIL FROM:<ann@{MailServers.Domain}>", "250");
        await smtp.Say($"RCPT TO:<carl@{MailServers.Domain}>", "250");
        await smtp.Say("DATA", "354");
        await smtp.Say("Subject: x\r\n\r\nx\r\n.", "250");
        await servers.WaitForMail("carl", 1, Cancel);
    }

    [Fact]
    public async Task The_bad_certificate_is_bad_and_the_good_one_good()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        using var smtps = await Talk.To(servers.SmtpsPort, null);
        await smtps.Secure(servers.CaCertificate);
        await smtps.Expect("220");
        using var bad = await Talk.To(servers.BadCertificatePort, "220");
        await bad.Say("EHLO client.example", "250 ");
        await bad.Say("STARTTLS", "220");
        await Assert.ThrowsAsync<AuthenticationException>(() => bad.Secure(servers.CaCertificate));
    }

    [Fact]
    public async Task They_start_quickly_and_leave_no_process_behind()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        var clock = Stopwatch.StartNew();
        var more = await MailServers.Start(Cancel);
        var started = clock.ElapsedMilliseconds;
        await more.DisposeAsync();
        var stopped = clock.ElapsedMilliseconds - started;
        TestContext.Current.TestOutputHelper?.WriteLine($"started in {started} ms, stopped in {stopped} ms");
        await Assert.ThrowsAsync<SocketException>(() => Talk.To(more.SmtpPort, null));
        await Assert.ThrowsAsync<SocketException>(() => Talk.To(more.ImapPort, null));
    }

    static string Plain(string password) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0ann@{MailServers.Domain}\0{password}"));

    /// <summary>One line protocol conversation.</summary>
    sealed class Talk(TcpClient client) : IDisposable
    {
        Stream stream = client.GetStream();

        public static async Task<Talk> To(int port, string? greeting)
        {
            var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, Cancel);
            var talk = new Talk(client);
            if (greeting is not null) await talk.Expect(greeting);
            return talk;
        }

        public async Task<string> Say(string line, string expected)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), Cancel);
            return await Expect(expected);
        }

        // Reads until a line that begins as expected, or one that ends the answer otherwise.
        public async Task<string> Expect(string expected)
        {
            var answer = new StringBuilder();
            while (true)
            {
                var line = await Line();
                answer.AppendLine(line);
                if (line.StartsWith(expected, StringComparison.Ordinal)) return answer.ToString();
                var goesOn = line.StartsWith('*') || (line.Length > 3 && line[3] == '-');
                Assert.True(goesOn, $"expected {expected}, got {answer}");
            }
        }

        public async Task Secure(X509Certificate2 trusted)
        {
            var secure = new SslStream(stream);
            stream = secure;
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { trusted },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
                Cancel);
        }

        public void Dispose()
        {
            stream.Dispose();
            client.Dispose();
        }

        async Task<string> Line()
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await stream.ReadAsync(one, Cancel) == 1 && one[0] != '\n') line.Add(one[0]);
            return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
        }
    }
}
