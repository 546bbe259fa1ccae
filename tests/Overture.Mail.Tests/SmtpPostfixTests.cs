using System.Runtime.Versioning;
using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>
/// Against a real Postfix with Dovecot's logins and a token server, one for all tests: each has a user of
/// its own.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class SmtpPostfixTests(SmtpPostfixTests.Servers started)
    : IClassFixture<SmtpPostfixTests.Servers>
{
    const string TokenUser = $"otto@{MailServers.Domain}";

    readonly MailServers servers = started.Running();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class Servers : IAsyncLifetime
    {
        readonly TokenServer tokens = TokenServer.Start(TokenUser);
        MailServers? running;

        public MailServers Running()
        {
            Assert.SkipWhen(running is null, MailServers.Missing ?? "");
            return running!;
        }

        public async ValueTask InitializeAsync()
        {
            if (MailServers.Missing is null) running = await MailServers.Start(tokens, default);
        }

        public async ValueTask DisposeAsync()
        {
            if (running is not null) await running.DisposeAsync();
            await tokens.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls, false)]
    [InlineData(SmtpSecurity.ImplicitTls, false)]
    [InlineData(SmtpSecurity.StartTls, true)]
    public async Task What_is_submitted_arrives_byte_for_byte(SmtpSecurity security, bool useChunking)
    {
        var user = $"anna-{security}-{useChunking}".ToLowerInvariant();
        var body =
            string.Concat(Enumerable.Range(0, 4000).Select(n => $"{new string('.', n % 4)}line {n}\r\n"));
        var log = new WireLog();
        var options = Options(Password(), security) with { UseChunking = useChunking, Log = log };

        var outcome = await Send(options, To(user), Letter("whole", body));

        Assert.StartsWith(
            "2.0.0 Ok: ", Assert.IsType<SendOutcome.Accepted>(outcome).ResponseText,
            StringComparison.Ordinal);
        var arrived = Assert.Single(await servers.WaitForMail(user, 1, Token));
        Assert.EndsWith(
            body.Replace("\r\n", "\n"), Encoding.Latin1.GetString(arrived).Replace("\r\n", "\n"),
            StringComparison.Ordinal);
        Assert.Equal(useChunking, log.Lines.Contains("C: BDAT 0 LAST"));
        Assert.DoesNotContain(log.Lines, l => l.Contains(MailServers.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_is_not_good_stops_everything()
    {
        // Nobody else signs in by this name, so that the server's log shows whether it was ever spoken.
        var cautious = new SmtpCredentials.WithPassword("cautious", MailServers.Password);
        var bad = await SmtpSession.Connect(
            Options(cautious) with { Port = servers.BadCertificatePort }, Token);
        var unknown = await SmtpSession.Connect(
            Options(cautious) with { TrustedAuthorities = null }, Token);
        var other = await SmtpSession.Connect(Options(cautious) with { Host = "127.0.0.2" }, Token);

        Assert.Contains("certificate of localhost", bad.Fault!.Sentence, StringComparison.Ordinal);
        Assert.Contains("not trusted here", unknown.Fault!.Sentence, StringComparison.Ordinal);
        Assert.All([bad, unknown], c => Assert.Equal(SmtpFaultParty.Mailbox, c.Fault!.Party));
        Assert.Equal((SmtpStage.Connect, SmtpFaultParty.Network), (other.Fault!.Stage, other.Fault.Party));
        Assert.Contains("Connection refused", other.Fault.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("sasl_username=cautious", servers.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_the_mailboxs_matter()
    {
        var connection = await SmtpSession.Connect(
            Options(new SmtpCredentials.WithPassword(TokenUser, "wrong")), Token);

        Assert.Equal((SmtpStage.Auth, 535), (connection.Fault!.Stage, connection.Fault.Code));
        Assert.Equal(SmtpFaultParty.Mailbox, connection.Fault.Party);
    }

    [Fact]
    public async Task A_good_token_sends_and_a_stale_one_is_the_mailboxs_matter()
    {
        var sent = await Send(Options(Bearer(TokenServer.GoodToken)), To("otto"), Letter("token"));
        var stale = await SmtpSession.Connect(Options(Bearer("stale")), Token);

        Assert.IsType<SendOutcome.Accepted>(sent);
        await servers.WaitForMail("otto", 1, Token);
        Assert.Equal(
            (SmtpStage.Auth, 535, SmtpFaultParty.Mailbox),
            (stale.Fault!.Stage, stale.Fault.Code, stale.Fault.Party));
    }

    [Theory]
    [InlineData("nobody", typeof(SendOutcome.Rejected), 550, "5.1.1")]
    [InlineData("later", typeof(SendOutcome.Deferred), 451, "4.3.0")]
    [InlineData("full", typeof(SendOutcome.Deferred), 452, "4.2.2")]
    public async Task A_refused_recipient_is_told_apart(string user, Type expected, int code, string status)
    {
        await using var session = (await SmtpSession.Connect(Options(Password()), Token)).Session!;

        var outcome = await session.Send(To(user), Letter("refused"), Token);
        var after = await session.Send(To($"after-{user}"), Letter("after"), Token);

        Assert.IsType(expected, outcome);
        var fault = (outcome as SendOutcome.Rejected)?.Fault ?? ((SendOutcome.Deferred)outcome).Fault;
        Assert.Equal((code, status), (fault.Code, fault.EnhancedStatus));
        Assert.IsType<SendOutcome.Accepted>(after);
        await servers.WaitForMail($"after-{user}", 1, Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_arrives_before_its_last_byte(bool useChunking)
    {
        var user = $"held-{useChunking}".ToLowerInvariant();
        var options = Options(Password()) with { UseChunking = useChunking };
        await using (var first = (await SmtpSession.Connect(options, Token)).Session!)
        {
            var abandoned = await first.Prepare(To(user), Letter("abandoned"), Token);
            Assert.True(abandoned.IsHeld);
            abandoned.Abandon();
        }

        await using var session = (await SmtpSession.Connect(options, Token)).Session!;
        var held = await session.Prepare(To(user), Letter("0"), Token);
        for (var i = 1; i < 30; i++)
        {
            var (outcome, next) = await held.FinishAndPrepare(To(user), Letter($"{i}"), Token, Token);
            Assert.IsType<SendOutcome.Accepted>(outcome);
            held = await next;
        }

        Assert.IsType<SendOutcome.Accepted>(await held.Finish(Token));
        var arrived = await servers.WaitForMail(user, 30, Token);
        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => $"{i}").Order(StringComparer.Ordinal),
            arrived.Select(m => MimeReader.Read(m).Subject).Order(StringComparer.Ordinal));
    }

    SmtpOptions Options(SmtpCredentials credentials, SmtpSecurity security = SmtpSecurity.StartTls) => new()
    {
        Host = "localhost",
        Port = security == SmtpSecurity.StartTls ? servers.SubmissionPort : servers.SmtpsPort,
        Security = security,
        Credentials = credentials,
        TrustedAuthorities = [servers.CaCertificate],
    };

    static SmtpCredentials Password() => new SmtpCredentials.WithPassword(TokenUser, MailServers.Password);

    static SmtpCredentials Bearer(string token) =>
        new SmtpCredentials.WithToken(TokenUser, _ => ValueTask.FromResult(token));

    static SmtpEnvelope To(string user) => new(
        EmailAddress.Parse(TokenUser), [EmailAddress.Parse($"{user}@{MailServers.Domain}")]);

    static byte[] Letter(string subject, string body = "Hello\r\n") => Encoding.ASCII.GetBytes(
        $"From: {TokenUser}\r\nSubject: {subject}\r\nMessage-ID: "
        + $"<{subject}@{MailServers.Domain}>\r\n\r\n{body}");

    static async Task<SendOutcome> Send(SmtpOptions options, SmtpEnvelope envelope, byte[] message)
    {
        var connection = await SmtpSession.Connect(options, Token);
        if (connection.Session is null) return connection.Outcome!;
        await using var session = connection.Session;
        return await session.Send(envelope, message, Token);
    }
}
