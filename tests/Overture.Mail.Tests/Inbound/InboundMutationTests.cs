using System.Diagnostics;
using System.Text;
using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

/// <summary>
/// Damaged mail, the same on every run: nothing may throw or take long. scripts/fuzz does it at length.
/// </summary>
public class InboundMutationTests
{
    const int Mutations = 3_000;
    static readonly TimeSpan SlowestAllowed = TimeSpan.FromSeconds(2);
    static readonly OwnMailbox Mailbox = new("bob@example.com", [], "go.example.com");

    static readonly string[] Seeds =
    [
        "From: MAILER-DAEMON@example.net\nSubject: failure notice\n\n<ann@example.org>:\n"
            + "550 5.1.1 user unknown\n\n--- Below this line is a copy of the message.\nReceived: from x\n"
            + "To: <a@b.c>\n",
        "From: x@example.net\nContent-Type: multipart/report; boundary=b\n\n--b\n"
            + "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@example.org\n"
            + "Action: failed\nStatus: 5.0.0\n--b\nContent-Type: message/feedback-report\n\n"
            + "Feedback-Type: abuse\n--b--",
        "From: ann@example.org\nSubject: Out of office\nDate: Mon, 4 May 2026 10:00:00 +0000\n\n"
            + "Back on 5/6, until 31.02.2026\n\nOn 4 May 2026, Bob <b@example.com> wrote:\n> hi\n-- \nAnn",
        """
        From: a@b.c

        {"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"a@b.c"}]}}
        """,
    ];

    static readonly string[] Pieces =
        ["\n", "\n\n", "> ", "--", "@", ":", "<", ">", "\0", "\ud800", "{", "}", "[", "From: ", "Status: ",
            "On ", " wrote:", "9999999999", "\u0301", "=?utf-8?B?", "--b"];

    [Fact]
    public void Damaged_mail_is_read_without_an_exception_or_a_hang()
    {
        // A fixed seed keeps every finding repeatable.
#pragma warning disable CA5394 // Not for secrets.
        var random = new Random(20260504);
        for (var i = 0; i < Mutations; i++)
        {
            var text = new StringBuilder(Seeds[random.Next(Seeds.Length)]);
            for (var edits = random.Next(1, 12); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0) text.Remove(at, Math.Min(random.Next(1, 30), text.Length - at));
                else text.Insert(at, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)],
                    random.Next(1, 40))));
                if (text.Length == 0) text.Append('x');
            }

            Check(text.ToString(), i);
        }
#pragma warning restore CA5394
    }

    static void Check(string text, int number)
    {
        var started = Stopwatch.GetTimestamp();
        var mail = MimeReader.Read(Encoding.UTF8.GetBytes(text));
        Assert.NotNull(InboundReader.Classify(mail));
        Assert.NotNull(Threading.Keys(mail, Mailbox));
        Assert.NotNull(VisibleReply.From(text));
        Assert.NotNull(VisibleReply.FromHtml(text));
        Assert.True(Stopwatch.GetElapsedTime(started) < SlowestAllowed, $"mutation {number}");
    }
}
