using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>How somebody who is written to behaves.</summary>
enum Habit
{
    Silent,
    RepliesToTheFirst,
    RepliesToTheSecond,
    IsAway,
    UnsubscribesByLink,
    UnsubscribesByOneClick,
    UnsubscribesByMail,
    BouncesLater,
    BouncesAtOnce,
    Refuses,
    Complains,
    IsAwayThenReplies,
    SharesACompanyWithTheOneWhoReplies,
}

/// <summary>One of the people written to, with what they have got so far.</summary>
sealed class Recipient(int number, Habit habit)
{
    public Habit Habit { get; } = habit;

    public string Address { get; } = habit switch
    {
        Habit.BouncesAtOnce => $"nobody@client{number}.example",
        Habit.SharesACompanyWithTheOneWhoReplies =>
            $"person{number}@client{number - (Habit.SharesACompanyWithTheOneWhoReplies - Habit.RepliesToTheFirst)}.example",
        _ => $"person{number}@client{number}.example",
    };

    public int Got { get; set; }

    /// <summary>What must have become of them, and with how many messages.</summary>
    public (string State, int Messages) Ends => Habit switch
    {
        Habit.Silent or Habit.IsAway => ("finished completed", 3),
        Habit.RepliesToTheFirst or Habit.Refuses => ("finished replied", 1),
        Habit.RepliesToTheSecond or Habit.IsAwayThenReplies => ("finished replied", 2),
        Habit.UnsubscribesByLink or Habit.UnsubscribesByOneClick or Habit.UnsubscribesByMail =>
            ("finished unsubscribed", 1),
        Habit.BouncesLater => ("finished bounced", 1),
        Habit.BouncesAtOnce => ("finished bounced", 0),
        Habit.Complains => ("finished complained", 1),
        _ => ("finished company_replied", 1),
    };
}

/// <summary>The people of a campaign at real mail servers: they read what arrives and act by habit.</summary>
[SupportedOSPlatform("linux")]
sealed class Recipients(MailServers servers, TestWorkspace test, IReadOnlyList<Recipient> people)
{
    public const int DaysAway = 10;
    const string Us = $"ada@{MailServers.Domain}";

    int letters;

    public IReadOnlyList<Recipient> People => people;

    /// <summary>How many mails they have sent to us.</summary>
    public int Written { get; private set; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Waits for what was sent to them, and lets everybody act on what is new.</summary>
    public async Task Act(IReadOnlyDictionary<string, int> sent)
    {
        var connection = await SmtpSession.Connect(
            new SmtpOptions { Host = "localhost", Port = servers.SmtpPort, Security = SmtpSecurity.None }, Cancel);
        await using var post = connection.Session!;
        foreach (var person in people)
        {
            if (sent.GetValueOrDefault(person.Address) <= person.Got) continue;
            var mails = await servers.WaitForMail(person.Address, sent[person.Address], Cancel);
            for (; person.Got < mails.Count; person.Got++)
                await Act(person, person.Got + 1, MimeReader.Read(mails[person.Got]), post);
        }
    }

    async Task Act(Recipient person, int nth, ReceivedEmail mail, SmtpSession post)
    {
        switch (person.Habit, nth)
        {
            case (Habit.RepliesToTheFirst, 1):
                await Reply(person, mail, "Sounds good, let's talk on Thursday.", "", post);
                break;
            case (Habit.RepliesToTheSecond or Habit.IsAwayThenReplies, 2):
                await Reply(person, mail, "How much does it cost?", "", post);
                break;
            case (Habit.IsAway or Habit.IsAwayThenReplies, 1):
                var back = test.Time.GetUtcNow().AddDays(DaysAway);
                await Reply(
                    person, mail, string.Create(
                        CultureInfo.InvariantCulture, $"I am out of the office, back on {back:d MMMM yyyy}."),
                    "Auto-Submitted: auto-replied\r\n", post);
                break;
            case (Habit.Refuses, 1):
                await Reply(person, mail, "Please remove me from your list.", "", post);
                break;
            case (Habit.UnsubscribesByLink, 1):
                Assert.True(await test.Get<Unsubscribe>().Run(Token(mail.Text!), Cancel));
                break;
            case (Habit.UnsubscribesByOneClick, 1):
                Assert.Equal("List-Unsubscribe=One-Click", mail.Header("List-Unsubscribe-Post"));
                Assert.True(await test.Get<Unsubscribe>().Run(Token(mail.Header("List-Unsubscribe")!), Cancel));
                break;
            case (Habit.UnsubscribesByMail, 1):
                await Post(person.Address, "unsubscribe", "", "", post);
                break;
            case (Habit.BouncesLater, 1):
                await Report(person, mail, "delivery-status", "message/delivery-status",
                    $"Reporting-MTA: dns; mail.client.example\r\n\r\nFinal-Recipient: rfc822; {person.Address}\r\n"
                    + "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user\r\n", post);
                break;
            case (Habit.Complains, 1):
                await Report(person, mail, "feedback-report", "message/feedback-report",
                    "Feedback-Type: abuse\r\nUser-Agent: Provider/1\r\nVersion: 1\r\n", post);
                break;
        }
    }

    Task Reply(Recipient person, ReceivedEmail mail, string words, string extra, SmtpSession post) => Post(
        person.Address, "Re: " + mail.Subject,
        $"{words}\r\n\r\nOn Mon, 2 Mar 2026, Ada Lorenz <{Us}> wrote:\r\n"
        + string.Concat(mail.Text!.Split('\n').Select(line => $"> {line}\r\n")),
        $"In-Reply-To: <{mail.MessageId}>\r\nReferences: <{mail.MessageId}>\r\n{extra}", post);

    async Task Report(
        Recipient person, ReceivedEmail mail, string type, string part, string fields, SmtpSession post) =>
        await Send(
            "mailer-daemon@client1.example",
            Head("mailer-daemon@client1.example", "Report")
            + $"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={type}; boundary=\"b\"\r\n\r\n"
            + "--b\r\nContent-Type: text/plain\r\n\r\nThis is a report.\r\n\r\n"
            + $"--b\r\nContent-Type: {part}\r\n\r\n{fields}\r\n"
            + $"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: {Us}\r\nTo: {person.Address}\r\n"
            + $"Message-ID: <{mail.MessageId}>\r\nSubject: {mail.Subject}\r\n\r\n--b--\r\n", post);

    Task Post(string from, string subject, string body, string extra, SmtpSession post) => Send(
        from,
        Head(from, subject) + $"{extra}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n", post);

    async Task Send(string from, string message, SmtpSession post)
    {
        var outcome = await post.Send(
            new SmtpEnvelope(EmailAddress.Parse(from), [EmailAddress.Parse(Us)]),
            Encoding.UTF8.GetBytes(message), Cancel);
        Assert.IsType<SendOutcome.Accepted>(outcome);
        Written++;
    }

    string Head(string from, string subject) =>
        $"From: {from}\r\nTo: {Us}\r\nSubject: {subject}\r\nMessage-ID: <mail{++letters}@client.example>\r\n"
        + string.Create(
            CultureInfo.InvariantCulture, $"Date: {test.Time.GetUtcNow():ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");

    static string Token(string text)
    {
        const string Path = "/u/";
        var at = text.IndexOf(Path, StringComparison.Ordinal) + Path.Length;
        return new string([.. text[at..].TakeWhile(char.IsAsciiHexDigit)]);
    }
}
