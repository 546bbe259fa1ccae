using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

public class InboundReaderTests
{
    [Theory]
    [InlineData("Auto-Submitted: auto-replied\nSubject: Re: Hello", "Thanks!", "auto_reply")]
    [InlineData("X-Autoreply: yes\nSubject: Re: Hello", "Thanks!", "auto_reply")]
    [InlineData("Precedence: auto_reply\nSubject: Hello", "Thanks!", "auto_reply")]
    [InlineData("X-Auto-Response-Suppress: All\nSubject: Automatic reply: Hello", "I am away.", "auto_reply")]
    [InlineData("Subject: Out of Office: Hello", "I am back on Monday.", "auto_reply")]
    [InlineData("Subject: Abwesenheitsnotiz: Hallo", "Ich bin bis 5. Mai nicht im Büro.", "auto_reply")]
    [InlineData("Subject: Réponse automatique : Bonjour", "Je suis absent.", "auto_reply")]
    [InlineData("Subject: 自動返信: Hello", "不在にしております。", "auto_reply")]
    [InlineData("Subject: Hello\nReturn-Path: <>",
        "I am currently out of the office with limited access to email.", "auto_reply")]
    [InlineData("Auto-Submitted: auto-generated\nSubject: Ticket 5 opened", "A ticket was opened.",
        "auto_generated")]
    [InlineData("X-Auto-Response-Suppress: OOF\nSubject: Build finished", "Green.", "auto_generated")]
    [InlineData("List-Id: <news.example.org>\nSubject: News", "Read all about it.", "bulk")]
    [InlineData("Subject: Re: Hello",
        "This account is protected by a filter. To release your message, click here.", "challenge_response")]
    [InlineData("Auto-Submitted: no\nSubject: Re: Hello", "Fine with me.", "human")]
    [InlineData("Subject: Re: Out of office", "I'm out of office until Monday, but yes, let us do it.",
        "human")]
    [InlineData("Subject: Absence of details", "Could you send more?", "human")]
    [InlineData("Subject: Holiday plans", "Where do you go this year?", "human")]
    public void Kinds_are_told_apart(string headers, string body, string kind) =>
        Assert.Equal(kind, InboundReader.Classify(Mails.Read(
            $"From: ann@example.org\nTo: bob@example.com\n{headers}\n\n{body}")).KindName);

    [Fact]
    public void A_report_that_asks_for_a_confirmation_is_a_challenge() =>
        Assert.Equal(InboundKind.ChallengeResponse, InboundReader.Classify(Mails.Report("Sorry.", """
            Final-Recipient: rfc822; ann@example.org
            Action: failed
            Status: 5.0.0
            Diagnostic-Code: smtp; 550 This server requires confirmation. Visit https://confirm.example
            """)).Kind);

    [Fact]
    public void A_complaint_of_amazon_ses_is_read() =>
        Assert.Equal(["ann@example.org"], InboundReader.Classify(Mails.Read("""
            From: no-reply@sns.example.com
            Subject: AWS Notification Message

            {"notificationType":"Complaint","complaint":{"complaintFeedbackType":"abuse",
            "complainedRecipients":[{"emailAddress":"ann@example.org"}]},"mail":{"messageId":"1"}}
            """)).Complaint!.OriginalRecipients);

    [Fact]
    public void A_complaint_gives_its_fields()
    {
        var complaint = InboundReader.Classify(Mails.Read("""
            From: feedback@example.net
            Subject: FW: Hello
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary=b

            --b

            This is an email abuse report.
            --b
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            User-Agent: Example/1.0
            Version: 1
            Original-Rcpt-To: <ann@example.org>
            Arrival-Date: Mon, 4 May 2026 10:12:00 +0000
            Source-IP: 192.0.2.1

            --b
            Content-Type: message/rfc822

            From: bob@example.com
            Message-ID: <sent-1@example.com>

            Hello
            --b--
            """)).Complaint!;
        Assert.Equal(("abuse", "192.0.2.1"), (complaint.FeedbackType, complaint.SourceIp));
        Assert.Equal(["ann@example.org"], complaint.OriginalRecipients);
        Assert.Equal(["sent-1@example.com"], complaint.OriginalMessageIds);
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 10, 12, 0, TimeSpan.Zero), complaint.ArrivedAt);
    }
}
