using System.Runtime.Versioning;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Server.Tests.Cli;

/// <summary>The verbs about mail, run as a process: what they print, and how they end.</summary>
[SupportedOSPlatform("linux")]
public sealed class MailCommandsTests : IDisposable
{
    const string Letter =
        "From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.com>\r\nTo: ada@example.com\r\nSubject: Re: Grüße\r\n"
        + "Message-ID: <2@example.com>\r\nIn-Reply-To: <1@example.com>\r\n"
        + "Date: Mon, 2 Mar 2026 09:00:00 +0100\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + "Gerne, zwölf Uhr.\r\n\r\nOn Mon, 2 Mar 2026, Ada wrote:\r\n> Lunch?\r\n--b\r\n"
        + "Content-Type: text/csv; name=plan.csv\r\nContent-Disposition: attachment\r\n\r\na,b\r\n--b--\r\n";

    const string Report =
        "From: MAILER-DAEMON@mx.example.net\r\nTo: ada@example.com\r\nSubject: Undelivered Mail\r\n"
        + "Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\n\r\n"
        + "It did not arrive.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        + "Reporting-MTA: dns; mx.example.net\r\n\r\n"
        + "Final-Recipient: rfc822; bob@example.org\r\nAction: failed\r\n"
        + "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n--r--\r\n";

    readonly string folder = Directory.CreateTempSubdirectory("overture-inspect-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Each_file_becomes_one_line_without_a_database()
    {
        var run = await OvertureProcess.WithoutDatabase(
            "mail", "inspect", Write("letter.eml", Letter), Write("report.eml", Report));

        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Contains("Gerne, zwölf Uhr.", run.Output);
        var (letter, report) = (run.Lines()[0], run.Lines()[1]);
        Assert.Equal("human", (string?)letter["kind"]);
        Assert.Equal("Gerne, zwölf Uhr.", (string?)letter["reply"]!["visible"]);
        Assert.Equal("""[{"name":"Jürgen","address":"juergen@example.com"}]""",
            Plain(letter["mime"]!["from"]!));
        Assert.Equal("""["1@example.com"]""", Plain(letter["mime"]!["in_reply_to"]!));
        Assert.Equal("2026-03-02T09:00:00+01:00", (string?)letter["mime"]!["date"]);
        Assert.Equal("""[{"name":"plan.csv","type":"text/csv","size":3}]""",
            Plain(letter["mime"]!["attachments"]!));
        Assert.Equal("""["multipart/mixed",[["text/plain"],["text/csv"]]]""",
            Plain(letter["mime"]!["structure"]!));
        foreach (var part in new[] { "bounce", "auto_reply", "dkim", "error" }) Assert.Null(letter[part]);
        Assert.Equal("bounce", (string?)report["kind"]);
        Assert.Null(report["reply"]);
        Assert.Equal(
            """
            [{"address":"bob@example.org","action":"failed","status":"5.1.1","reply_code":"550",
            "reason":"userunknown","hard":true}]
            """.ReplaceLineEndings(""),
            Plain(report["bounce"]!["recipients"]!));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_and_the_others_are_read()
    {
        var run = await OvertureProcess.WithoutDatabase(
            "mail", "inspect", Path.Combine(folder, "absent.eml"), folder, Write("letter.eml", Letter));

        Assert.Equal(7, run.Exit);
        var lines = run.Lines();
        Assert.Contains("absent.eml", (string?)lines[0]["error"]);
        Assert.Contains("folder", (string?)lines[1]["error"]);
        Assert.Equal(("human", null), ((string?)lines[2]["kind"], lines[2]["error"]));
    }

    [Theory]
    [InlineData("--text", "Yes.\n\nOn Mon, 2 Mar 2026, Ada wrote:\n> Lunch?\n")]
    [InlineData("--html", "<p>Yes.</p><blockquote type=cite><p>Lunch?</p></blockquote>")]
    public async Task A_bare_body_gives_its_visible_reply_only(string form, string body)
    {
        var run = await OvertureProcess.WithoutDatabase("mail", "inspect", form, Write("body", body));

        var line = Assert.Single(run.Lines());
        Assert.Equal("Yes.", (string?)line["reply"]!["visible"]);
        Assert.Null(line["mime"]);
        Assert.Null(line["kind"]);
    }

    [Fact]
    public async Task Signatures_are_looked_at_only_when_records_are_given()
    {
        var run = await OvertureProcess.WithoutDatabase(
            "mail", "inspect", "--dns", Write("dns.json", "{}"), Write("letter.eml", Letter),
            Write("signed.eml", "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=k; h=from; bh=; b=\r\n"
                + Letter));

        Assert.Equal("[]", Plain(run.Lines()[0]["dkim"]!));
        Assert.Equal("invalid", (string?)run.Lines()[1]["dkim"]![0]!["result"]);
    }

    [Theory]
    [InlineData("both", "exclude each other")]
    [InlineData("dns", "does not hold DNS records")]
    public async Task Wrong_arguments_are_one_sentence(string what, string sentence)
    {
        var letter = Write("letter.eml", Letter);
        string[] options = what == "both" ? ["--text", "--html"] : ["--dns", Write("dns.json", "[1")];

        var run = await OvertureProcess.WithoutDatabase(["mail", "inspect", .. options, letter]);

        Assert.Equal(3, run.Exit);
        Assert.Equal("", run.Output);
        Assert.Contains(sentence, Assert.Single(run.Errors.Trim().Split('\n')));
    }

    [Fact]
    public async Task A_domain_is_checked_against_records_of_a_file()
    {
        var dns = Write("dns.json", """
            {"example.com": [{"TXT": "v=spf1 mx ~all"}, {"MX": [10, "mx.example.com"]}],
             "mx.example.com": [{"A": "192.0.2.7"}],
             "_dmarc.example.com": [{"TXT": "v=DMARC1; p=none"}]}
            """);

        var json = await OvertureProcess.WithoutDatabase(
            "mail", "check-domain", "example.com", "--dns", dns, "--json");
        var text = await OvertureProcess.WithoutDatabase(
            "mail", "check-domain", "ada@example.com", "--dns", dns);

        var states = json.Lines()[0]["findings"]!.AsArray()
            .Select(finding => $"{finding!["check"]} {finding["state"]}");
        Assert.Equal(["SPF pass", "DKIM fail", "DMARC pass", "MX pass"], states);
        Assert.Equal((1, 1), (json.Exit, text.Exit));
        Assert.Contains("FAIL     DKIM", text.Output);
        Assert.Equal(3,
            (await OvertureProcess.WithoutDatabase("mail", "check-domain", "nowhere", "--dns", dns)).Exit);
    }

    [Fact]
    public async Task A_test_message_is_shown_in_a_dry_run_sent_after_it_and_refused_when_stopped()
    {
        await using var database = await TestDatabase.Create();
        await using var sink = SmtpSink.Start();
        var (workspace, mailbox) = await Prepare(database, sink.Port);
        var workspaces = new Workspaces(database.Database, TimeProvider.System);
        string[] send = ["mail", "send-test", "--mailbox", mailbox.ToString(), "--to", "bob@example.org"];

        var shown = await OvertureProcess.Run(database.ConnectionString, send);
        Assert.Equal(0, shown.Exit);
        Assert.Contains("Dry run: nothing left", shown.Errors);
        Assert.Contains("\r\nTo: bob@example.org\r\n", shown.Output);
        Assert.Empty(sink.Messages);

        await workspaces.SetDryRun(workspace, false, default);
        var sent = await OvertureProcess.Run(database.ConnectionString, send);
        Assert.True(sent.Exit == 0, sent.Errors);
        Assert.Contains("Sent:", sent.Errors);
        Assert.Single(sink.Messages);

        await workspaces.Stop(workspace, "Ada", "Wrong list", default);
        var refused = await OvertureProcess.Run(database.ConnectionString, send);
        Assert.Equal(6, refused.Exit);
        Assert.Contains("Wrong list", refused.Errors);
        Assert.Single(sink.Messages);
    }

    static async Task<(long Workspace, long Mailbox)> Prepare(TestDatabase database, int port)
    {
        var time = TimeProvider.System;
        var workspace = await new Workspaces(database.Database, time).Add("Demo", "UTC", default);
        var mailboxes = new Mailboxes(database.Database, new SecretBox(new byte[SecretBox.KeyBytes]), time);
        var mailbox = await mailboxes.Create(
            workspace,
            new MailboxDraft
            {
                Address = "ada@example.com", FromName = "Ada", SmtpHost = "127.0.0.1", SmtpPort = port,
                SmtpSecurity = "none",
            },
            default);
        return (workspace, mailbox);
    }

    static string Plain(System.Text.Json.Nodes.JsonNode node) => node.ToJsonString(new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
