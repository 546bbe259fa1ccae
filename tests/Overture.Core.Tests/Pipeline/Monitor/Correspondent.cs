using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// The other side of a workspace: what was sent to it through one sink, and the mailbox it answers into.
/// </summary>
[SupportedOSPlatform("linux")]
sealed class Correspondent : IAsyncDisposable
{
    int letters;

    Correspondent(TestWorkspace test, SmtpSink smtp, ImapSink imap)
    {
        Test = test;
        Smtp = smtp;
        Imap = imap;
    }

    public TestWorkspace Test { get; }

    public SmtpSink Smtp { get; }

    public ImapSink Imap { get; }

    public long Mailbox { get; private set; }

    public long Campaign { get; private set; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>So many leads of one domain, written to once; more steps where given.</summary>
    public static async Task<Correspondent> WrittenTo(
        int leads, string domain = "client.example", params StepDraft[] steps)
    {
        var smtp = SmtpSink.Start();
        var test = await TestWorkspace.Create();
        var made = new Correspondent(test, smtp, new ImapSink { User = "ada@overture.example" }.Start());
        made.Mailbox = await test.AddMailbox(smtp);
        await made.Read();
        await test.AddLeads(leads, domain);
        made.Campaign = await test.Start(
            made.Mailbox,
            steps.Length > 0 ? steps : [TestWorkspace.Email(), TestWorkspace.Email("Again?", delayDays: 3)]);
        await test.Write();
        while (await test.Send() > 0) { }
        return made;
    }

    /// <summary>Reads the sink's mailbox with these settings.</summary>
    public Task Read(Func<MailboxReaderDraft, MailboxReaderDraft>? change = null)
    {
        var draft = new MailboxReaderDraft
        {
            ImapHost = "localhost", ImapPort = Imap.Port, ImapSecurity = "none", ImapUsername = Imap.User,
            ImapSecret = Imap.Secret,
        };
        return Test.Get<MailboxReaders>().Put(
            Test.Id, Mailbox, change is null ? draft : change(draft), Cancel);
    }

    public Task<ScanOutcome> Look() =>
        Test.Get<ListenToMailboxes>().Now(Test.Id, Mailbox, Test.Node.Id, Cancel);

    /// <summary>What was sent to an address, newest last.</summary>
    public ReceivedEmail SentTo(string address) => MimeReader.Read(
        Smtp.Messages.Last(message => message.Recipients.Contains(address)).Bytes);

    /// <summary>
    /// Answers the latest message to an address, as a mail program does; from elsewhere where given.
    /// </summary>
    public string Reply(
        string to, string words, string? from = null, string extra = "", bool quotes = true,
        string folder = "INBOX")
    {
        var original = SentTo(to);
        var quote = quotes
            ? "\r\n\r\nOn Mon, 2 Mar 2026 at 09:00, Ada Lorenz <ada@overture.example> wrote:\r\n"
                + string.Concat((original.Text ?? "").Split('\n').Select(line => $"> {line}\r\n"))
            : "";
        return Deliver(
            from ?? to, "Re: " + original.Subject, words + quote,
            $"In-Reply-To: <{original.MessageId}>\r\nReferences: <{original.MessageId}>\r\n" + extra, folder);
    }

    public string Deliver(
        string from, string subject, string body, string extra = "", string folder = "INBOX")
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"letter{++letters}@{from[(from.IndexOf('@') + 1)..]}");
        Put(
            folder,
            $"From: {from}\r\nTo: ada@overture.example\r\nSubject: {subject}\r\n"
            + $"Date: {Test.Time.GetUtcNow():ddd, dd MMM yyyy HH:mm:ss} +0000\r\nMessage-ID: <{id}>\r\n{extra}"
            + $"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n");
        return id;
    }

    public void Put(string folder, string message) =>
        Imap.Deliver(folder, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(message)));

    /// <summary>A delivery report (RFC 3464) about the latest message to an address.</summary>
    public void Bounce(
        string address, string code = "5.1.1", string words = "550 5.1.1 User unknown", string action = "failed")
    {
        var original = SentTo(address);
        Put(
            "INBOX",
            $"""
            From: MAILER-DAEMON@mail.overture.example (Mail Delivery System)
            To: ada@overture.example
            Subject: Undelivered Mail Returned to Sender
            Date: {Test.Time.GetUtcNow():ddd, dd MMM yyyy HH:mm:ss} +0000
            Message-ID: <report{++letters}@mail.overture.example>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: text/plain

            This is the mail system. Your message could not be delivered.

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mail.overture.example

            Final-Recipient: rfc822; {address}
            Action: {action}
            Status: {code}
            Diagnostic-Code: smtp; {words}

            --b
            Content-Type: text/rfc822-headers

            From: ada@overture.example
            To: {address}
            Message-ID: <{original.MessageId}>
            Subject: {original.Subject}

            --b--

            """.ReplaceLineEndings("\r\n"));
    }

    public Task<string> Enrollment(string address) => Test.Ask<string>(
        """
        select e.state || coalesce(' ' || e.finish_reason, '') from enrollments e
        join contacts c on c.id = e.contact_id where c.email_key = @address
        """,
        new { address });

    public async Task<string> Events(string address) => string.Join(
        ", ", await Test.List<string>(
            """
            select v.kind from events v join contacts c on c.id = v.contact_id
            where c.email_key = @address and v.kind not in ('enrolled', 'finished') order by v.id
            """,
            new { address }));

    public async ValueTask DisposeAsync()
    {
        await Imap.DisposeAsync();
        await Smtp.DisposeAsync();
        await Test.DisposeAsync();
    }
}
