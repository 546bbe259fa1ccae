using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

public class BounceReaderTests
{
    [Fact]
    public void A_standard_report_gives_address_codes_and_reason()
    {
        var report = BounceReader.Read(Mails.Report("Sorry.", """
            Reporting-MTA: dns; mx.example.net

            Final-Recipient: rfc822; ann@example.org
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>: User unknown
            """));
        var recipient = Assert.Single(report!.Recipients);
        Assert.Equal(("ann@example.org", "failed", "5.1.1", "550", "userunknown", true),
            (recipient.Address, recipient.Action, recipient.Status, recipient.ReplyCode, recipient.Reason,
                recipient.Hard));
        Assert.Equal(["sent-1@example.com"], report.OriginalMessageIds);
        Assert.True(report.Failed);
    }

    [Fact]
    public void A_delay_is_reported_but_no_failure()
    {
        var report = BounceReader.Read(Mails.Report("Still trying.", """
            Reporting-MTA: dns; mx.example.net

            Final-Recipient: rfc822; ann@example.org
            Action: delayed
            Status: 4.4.1
            """));
        Assert.False(report!.Failed);
        Assert.Equal(("delayed", "expired", false), (report.Recipients[0].Action,
            report.Recipients[0].Reason, report.Recipients[0].Hard));
    }

    [Fact]
    public void A_status_sent_as_text_is_read() =>
        Assert.Equal("mailboxfull", Assert.Single(BounceReader.Read(Mails.Report("Sorry.", """
            Final-Recipient: rfc822; ann@example.org
            Action: failed
            Status: 5.0.0
            Diagnostic-Code: smtp; 552 5.2.2 Mailbox full
            """, "text/plain"))!.Recipients).Reason);

    [Fact]
    public void The_original_recipient_is_preferred_to_the_alias_behind_it() =>
        Assert.Equal("ann@example.org", BounceReader.Read(Mails.Report("Sorry.", """
            Final-Recipient: rfc822; box-17@internal.example.org
            Original-Recipient: rfc822; ann@example.org
            Action: failed
            Status: 5.1.1
            """))!.Recipients[0].Address);

    [Theory]
    [InlineData("<ann@example.org>:\nRemote host said: 550 5.1.1 no such user here\n"
        + "(in reply to RCPT TO command)", "userunknown")]
    [InlineData("  ann@example.org\n"
        + "    SMTP error from remote mail server after RCPT TO:<ann@example.org>:\n"
        + "    550 unknown user", "userunknown")]
    [InlineData("<ann@example.org>: host mx.example.org said: 452 4.2.2 over quota", "mailboxfull")]
    [InlineData("<ann@example.org>: host mx.example.org said: 554 5.7.1 blocked using zen.dnsbl.example",
        "blocked")]
    [InlineData("<ann@example.org>: connect to mx.example.org: Connection timed out", "expired")]
    [InlineData("<ann@example.org>: Host or domain name not found", "hostunknown")]
    [InlineData("<ann@example.org>: host mx.example.org said: 550 5.7.26 fails DMARC policy", "authfailure")]
    [InlineData("<ann@example.org>: 550 5.7.1 message looks like spam (in reply to end of DATA command)",
        "spamdetected")]
    [InlineData("<ann@example.org>: 421 4.7.0 Too many connections from your host", "toomanyconn")]
    [InlineData("<ann@example.org>: 554 5.7.1 Relay access denied", "norelaying")]
    [InlineData("<ann@example.org>: 552 5.3.4 message size exceeds fixed limit", "mesgtoobig")]
    [InlineData("<ann@example.org>: 550 5.7.25 The sending IP has no PTR record", "requireptr")]
    [InlineData("<ann@example.org>: 530 5.7.0 Must issue a STARTTLS command first", "failedstarttls")]
    [InlineData("<ann@example.org>: 550 5.2.1 The account has been disabled", "suspend")]
    public void Plain_words_of_mail_servers_give_recipient_and_reason(string words, string reason)
    {
        var report = BounceReader.Read(Mails.Read($"""
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.net
            To: bob@example.com
            Subject: failure notice

            I'm afraid I wasn't able to deliver your message to the following addresses.

            {words}

            --- Below this line is a copy of the message.

            To: carl@example.org
            """));
        var recipient = Assert.Single(report!.Recipients);
        Assert.Equal(("ann@example.org", reason), (recipient.Address, recipient.Reason));
    }

    [Fact]
    public void A_user_unknown_said_after_the_data_may_be_a_filter() =>
        Assert.Equal("filtered", BounceReader.Read(Mails.Report("Sorry.", """
            Final-Recipient: rfc822; ann@example.org
            Action: failed
            Status: 5.0.0
            Diagnostic-Code: smtp; 550 no such user
            """))!.Recipients[0].Reason);

    [Theory]
    [InlineData("Re: Undelivered Mail Returned to Sender",
        "Did you see this? It says user unknown for ann@example.org.")]
    [InlineData("Delivery problem",
        "Hi, the parcel could not be delivered to our office. Please send it again.")]
    [InlineData("Re: your mail", "My mailbox is full, write to ann@example.org instead.")]
    public void People_writing_of_bounces_are_not_bounces(string subject, string body) =>
        Assert.Null(BounceReader.Read(Mails.Read($"""
            From: Ann <ann@example.org>
            To: bob@example.com
            Subject: {subject}
            In-Reply-To: <sent-1@example.com>

            {body}
            """)));

    [Fact]
    public void A_notification_of_amazon_ses_is_read() =>
        Assert.Equal("userunknown", BounceReader.Read(Mails.Read("""
            From: no-reply@sns.example.com
            Subject: AWS Notification Message

            {"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[
            {"emailAddress":"ann@example.org","status":"5.1.1",
            "diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}}
            --
            If you wish to stop receiving notifications
            """))!.Recipients[0].Reason);
}
