using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Overture.Core.Data;
using Overture.Core.Health;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Tests.Pipeline;
using Overture.Mail.Dns;
using Overture.Testing;

namespace Overture.Core.Tests.Health;

/// <summary>What the doctor sees of mailboxes and domains; real servers, and records from a file.</summary>
[SupportedOSPlatform("linux")]
public sealed class SenderDoctorTests
{
    const string Whole =
        """
        {
          "overture.example": [
            { "TXT": "v=spf1 ip4:192.0.2.0/24 -all" }, { "MX": [10, "mx.overture.example"] }],
          "_dmarc.overture.example": "v=DMARC1; p=quarantine",
          "mx.overture.example": [{ "A": "192.0.2.1" }],
          "mail._domainkey.overture.example":
            "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        }
        """;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Real_servers_are_logged_in_to_and_nothing_is_sent_or_changed()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        await using var servers = await MailServers.Start(Cancel);
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        await Add(test, servers, "right", MailServers.Password);
        await Add(test, servers, "wrong", "another password");
        var paused = await Add(test, servers, "resting", MailServers.Password);
        await test.Get<Mailboxes>().Pause(test.Id, paused, "by Ada", Cancel);
        var broken = await Add(test, servers, "ended", MailServers.Password);
        await test.Get<Mailboxes>().MarkBroken(test.Id, broken, "The account was closed.", Cancel);
        var before = await Rows(test);

        var found = await Examine(test, Whole);

        var right = found.Where(one => one.Of.StartsWith("right", StringComparison.Ordinal)).ToList();
        Assert.Equal(["smtp", "imap"], right.Select(one => one.Name));
        Assert.All(right, one => Assert.Equal(
            new Finding(HealthState.Passed, "localhost takes the connection and the login."), one.Finding));
        foreach (var name in new[] { "smtp", "imap" })
        {
            var refused = Of(found, name, "wrong");
            Assert.Equal(HealthState.Failed, refused.State);
            Assert.StartsWith("localhost:", refused.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(
            (HealthState.Warn, $"Run: overture mailbox resume {paused}"),
            (Of(found, "smtp", "resting").State, Of(found, "smtp", "resting").Remedy));
        Assert.Contains("by Ada", Of(found, "smtp", "resting").Detail);
        Assert.Equal(
            Finding.Failed(
                "localhost takes the connection and the login, but it is out of service: "
                + "The account was closed.",
                $"Run: overture mailbox test {broken}"),
            Of(found, "smtp", "ended"));
        Assert.Equal(Finding.Passed("SPF, DKIM, DMARC, MX are in order."), Of(found, "dns", "overture"));
        Assert.Equal(before, await Rows(test));
        Assert.DoesNotContain("status=sent", servers.Log);
    }

    [Fact]
    public async Task What_fails_in_dns_names_the_record_and_what_is_unknown_only_warns()
    {
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        await using var sink = SmtpSink.Start();
        await test.AddMailbox(sink);

        var none = Of(await Examine(test, """{ "overture.example": [{ "A": "192.0.2.1" }] }"""), "dns");
        var unknown = Of(
            await Examine(
                test,
                """
                { "overture.example": "TIMEOUT", "_dmarc.overture.example": "TIMEOUT",
                  "mail._domainkey.overture.example": "TIMEOUT" }
                """), "dns");

        Assert.Equal(HealthState.Failed, none.State);
        foreach (var check in new[] { "SPF:", "DKIM:", "DMARC:" }) Assert.Contains(check, none.Detail);
        Assert.Contains("Publish overture.example TXT “v=spf1", none.Remedy);
        Assert.Contains("overture mail check-domain overture.example", none.Remedy);
        Assert.Equal(
            (HealthState.Warn, "SPF, DKIM, DMARC, MX could not be looked up."),
            (unknown.State, unknown.Detail));
    }

    [Fact]
    public async Task A_server_that_never_speaks_is_given_up_and_a_dry_run_makes_a_warning_of_it()
    {
        var time = new ManualTime();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var test = await TestWorkspace.Create(time);
        await test.AddMailbox(null, draft => draft with
        {
            SmtpHost = "127.0.0.1", SmtpPort = ((IPEndPoint)silent.LocalEndpoint).Port,
        });
        foreach (var (isDry, expected) in new[] { (false, HealthState.Failed), (true, HealthState.Warn) })
        {
            await test.Get<Workspaces>().SetDryRun(test.Id, isDry, Cancel);
            var examined = Examine(test, Whole);
            using var accepted = await silent.AcceptSocketAsync(Cancel);
            time.Advance(TimeSpan.FromSeconds(10));

            var found = Of(await examined, "smtp");

            Assert.Equal((expected, "No answer within 10 s."), (found.State, found.Detail));
        }
    }

    [Fact]
    public async Task A_password_of_another_key_is_told_and_the_mailbox_stays_in_service()
    {
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { User = "ada", Password = "right" });
        await test.AddMailbox(sink);
        var other = new byte[SecretBox.KeyBytes];
        other[0] = 1;

        var found = Of(await Examine(test, Whole, new SecretBox(other)), "smtp");

        Assert.Equal(HealthState.Failed, found.State);
        Assert.Contains("cannot be read with this instance's key", found.Detail);
        Assert.Equal("connected", await test.Ask<string>("select state from mailboxes"));
    }

    static async Task<long> Add(TestWorkspace test, MailServers servers, string user, string password)
    {
        var id = await test.AddMailbox(null, draft => draft with
        {
            Address = $"{user}@{MailServers.Domain}",
            SmtpHost = "localhost", SmtpPort = servers.SubmissionPort, SmtpSecurity = "starttls",
            SmtpUsername = $"{user}@{MailServers.Domain}", SmtpPassword = password,
            SmtpCa = servers.CaCertificate.ExportCertificatePem(),
        });
        await test.Get<MailboxReaders>().Put(
            test.Id, id,
            new MailboxReaderDraft
            {
                ImapHost = "localhost", ImapPort = servers.ImapPort, ImapSecurity = "starttls",
            },
            Cancel);
        return id;
    }

    static async Task<IReadOnlyList<SenderFinding>> Examine(
        TestWorkspace test, string records, SecretBox? secrets = null) =>
        await new SenderDoctor(
            test.Get<Mailboxes>(), test.Get<MailboxReaders>(), test.Get<OpenMailbox>(),
            test.Get<GmailClients>(), test.Get<CheckDomains>(), DnsFile.Parse(records),
            secrets ?? test.Get<SecretBox>(), test.Time)
            .Examine(await test.Get<Workspaces>().Get(test.Id, Cancel), Cancel);

    static Finding Of(IReadOnlyList<SenderFinding> found, string name, string of = "") =>
        Assert.Single(found, one => one.Name == name && one.Of.StartsWith(of, StringComparison.Ordinal))
            .Finding;

    static async Task<string> Rows(TestWorkspace test) => string.Join('\n',
    [
        .. await test.List<string>("select mailboxes::text from mailboxes order by id"),
        .. await test.List<string>("select mailbox_readers::text from mailbox_readers order by mailbox_id"),
        .. await test.List<string>("select sender_domains::text from sender_domains"),
    ]);
}
