using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>What follows from each kind of mail that comes back.</summary>
[SupportedOSPlatform("linux")]
public sealed class TakeMailTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_stops_the_sequence()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Reply("ann1@client.example", "Sounds good, let's talk on Tuesday.");
        Assert.Equal(new ScanOutcome(1, null), await them.Look());
        Assert.Equal("finished replied", await them.Enrollment("ann1@client.example"));
        Assert.Equal("sent, replied", await them.Events("ann1@client.example"));
        Assert.Equal(
            "positive",
            await them.Test.Ask<string>("select data ->> 'intent' from events where kind = 'replied'"));
        Assert.Equal("replied", await them.Test.Ask<string>("select stage from deals"));
        Assert.Equal(
            "Answer ann1@client.example: interested",
            await them.Test.Ask<string>("select title from tasks where kind = 'answer_reply'"));
        await Later(them);
        Assert.Single(them.Smtp.Messages);
    }

    [Fact]
    public async Task Without_a_reply_the_next_step_goes()
    {
        await using var them = await Correspondent.WrittenTo(1);
        await them.Look();
        await Later(them);
        Assert.Equal(2, them.Smtp.Messages.Count);
    }

    [Fact]
    public async Task A_colleagues_reply_stops_the_company_and_nobody_else()
    {
        await using var them = await Correspondent.WrittenTo(2);
        await them.Test.AddLeads(1, "other.example");
        await them.Test.Write();
        await them.Test.Send();
        them.Reply("ann1@client.example", "Thanks, what does it cost?");
        await them.Look();
        Assert.Equal("finished replied", await them.Enrollment("ann1@client.example"));
        Assert.Equal("finished company_replied", await them.Enrollment("ann2@client.example"));
        Assert.Equal("active", await them.Enrollment("ann1@other.example"));
        await them.Test.HoldsInvariants();
    }

    [Fact]
    public async Task Sharing_a_free_mail_provider_makes_nobody_a_colleague()
    {
        await using var them = await Correspondent.WrittenTo(2, "mail.com");
        them.Reply("ann1@mail.com", "Thanks, what does it cost?");
        await them.Look();
        Assert.Equal("finished replied", await them.Enrollment("ann1@mail.com"));
        Assert.Equal("active", await them.Enrollment("ann2@mail.com"));
    }

    [Fact]
    public async Task A_reply_from_an_alias_belongs_to_the_message_it_answers()
    {
        await using var them = await Correspondent.WrittenTo(2);
        them.Reply(
            "ann2@client.example", "Hello from my other address.", from: "ann.private@elsewhere.example");
        await them.Look();
        Assert.Equal("finished replied", await them.Enrollment("ann2@client.example"));
        Assert.Equal(
            "in_reply_to ann.private@elsewhere.example ann2@client.example",
            await them.Test.Ask<string>(
                """
                select r.matched_by || ' ' || r.from_address || ' ' || v.counterpart
                from received_mail r join conversations v on v.id = r.conversation_id
                """));
    }

    [Fact]
    public async Task A_new_mail_from_the_contact_counts_without_any_thread()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Deliver("Ann <Ann1@Client.example>", "Your note", "Could you call me?");
        await them.Look();
        Assert.Equal("finished replied", await them.Enrollment("ann1@client.example"));
        Assert.Equal("address", await them.Test.Ask<string>("select matched_by from received_mail"));
    }

    [Fact]
    public async Task Private_mail_leaves_its_identity_and_nothing_else()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Deliver("mother@family.example", "Sunday", "Will you come for lunch?");
        Assert.Equal(new ScanOutcome(1, null), await them.Look());
        Assert.Equal(
            "human|||||", await them.Test.Ask<string>(
                """
                select concat_ws('|', kind, coalesce(from_address, ''), coalesce(subject, ''),
                    coalesce(words, ''), coalesce(message_header, ''), coalesce(encode(content, 'hex'), ''))
                from received_mail where not is_related
                """));
        Assert.Equal(0, await them.Test.Ask<long>("select count(*) from conversations"));
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
    }

    [Fact]
    public async Task Our_own_copy_is_no_reply()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Imap.Deliver(
            "INBOX", System.Text.Encoding.Latin1.GetString(them.Smtp.Messages[0].Bytes));
        await them.Look();
        Assert.Equal("own", await them.Test.Ask<string>("select kind from received_mail"));
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
    }

    [Fact]
    public async Task A_hard_bounce_ends_and_suppresses()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Bounce("ann1@client.example");
        await them.Look();
        Assert.Equal("finished bounced", await them.Enrollment("ann1@client.example"));
        Assert.Equal("sent, bounced", await them.Events("ann1@client.example"));
        Assert.Equal("hard_bounce", await them.Test.Ask<string>("select reason from suppressions"));
        await them.Test.HoldsInvariants();
    }

    [Fact]
    public async Task A_delay_is_told_and_stops_nothing()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Bounce("ann1@client.example", "4.4.1", "connection timed out", "delayed");
        await them.Look();
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
        Assert.Equal("sent, deferred", await them.Events("ann1@client.example"));
    }

    [Fact]
    public async Task A_campaign_may_end_its_sequence_at_the_first_bounce_without_suppressing()
    {
        await using var them = await Correspondent.WrittenTo(2);
        var campaigns = them.Test.Get<Campaigns>();
        var draft = Campaigns.DraftOf(await campaigns.Get(them.Test.Id, them.Campaign, Cancel));
        them.Bounce("ann1@client.example", "4.2.2", "452 4.2.2 Mailbox full");
        await them.Look();
        await campaigns.Update(them.Test.Id, them.Campaign, draft with { StopOnBounce = true }, Cancel);
        them.Bounce("ann2@client.example", "4.2.2", "452 4.2.2 Mailbox full");
        await them.Look();
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
        Assert.Equal("finished bounced", await them.Enrollment("ann2@client.example"));
        Assert.Equal(0, await them.Test.Ask<long>("select count(*) from suppressions"));
    }

    [Fact]
    public async Task Five_soft_bounces_in_a_row_suppress_and_four_do_not()
    {
        var steps = Enumerable.Range(0, 6)
            .Select(nth => TestWorkspace.Email(delayDays: nth == 0 ? 0 : 1)).ToArray();
        await using var them = await Correspondent.WrittenTo(1, "client.example", steps);
        for (var bounce = 1; bounce <= 5; bounce++)
        {
            Assert.Equal("active", await them.Enrollment("ann1@client.example"));
            them.Bounce("ann1@client.example", "4.2.2", "452 4.2.2 Mailbox full");
            await them.Look();
            if (bounce < 5) await Later(them, days: 1);
        }

        Assert.Equal("finished bounced", await them.Enrollment("ann1@client.example"));
        Assert.Equal("soft_bounces", await them.Test.Ask<string>("select reason from suppressions"));
    }

    [Fact]
    public async Task A_complaint_suppresses_at_once()
    {
        await using var them = await Correspondent.WrittenTo(1);
        var original = them.SentTo("ann1@client.example");
        them.Put(
            "INBOX",
            $"""
            From: feedback@provider.example
            To: ada@overture.example
            Subject: FW: complaint
            Message-ID: <complaint1@provider.example>
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary="b"

            --b
            Content-Type: text/plain

            This is an email abuse report.

            --b
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            User-Agent: Provider/1
            Version: 1

            --b
            Content-Type: message/rfc822

            From: ada@overture.example
            To: ann1@client.example
            Message-ID: <{original.MessageId}>
            Subject: {original.Subject}

            Hi
            --b--

            """.ReplaceLineEndings("\r\n"));
        await them.Look();
        Assert.Equal("finished complained", await them.Enrollment("ann1@client.example"));
        Assert.Equal("complaint", await them.Test.Ask<string>("select reason from suppressions"));
        Assert.Equal("closed", await them.Test.Ask<string>("select state from leads"));
    }

    [Fact]
    public async Task An_absent_person_is_waited_for_until_the_working_day_after_their_return()
    {
        await using var them = await Correspondent.WrittenTo(1);
        await them.Test.Do("update mailboxes set window_opens = '09:00', working_days = '{1,2,3,4,5}'");
        // The clock stands on Monday 2 March; Friday 13 March plus one working day is Monday the 16th.
        them.Reply(
            "ann1@client.example", "I am out of the office and will be back on 13 March 2026.",
            extra: "Auto-Submitted: auto-replied\r\n");
        await them.Look();
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
        Assert.Equal("sent, auto_replied, held", await them.Events("ann1@client.example"));
        // The wait of three days has not begun to run while they are away.
        Assert.Equal(
            new DateTime(2026, 3, 19, 9, 0, 0, DateTimeKind.Utc),
            await them.Test.Ask<DateTime>("select due_at from enrollments"));
        await Later(them, days: 15);
        Assert.Single(them.Smtp.Messages);
        await Later(them, days: 3);
        Assert.Equal(2, them.Smtp.Messages.Count);
    }

    [Fact]
    public async Task A_hold_does_not_grow_with_every_automatic_answer_and_never_overrules_a_person()
    {
        await using var them = await Correspondent.WrittenTo(1);
        const string Away = "Auto-Submitted: auto-replied\r\n";
        them.Reply("ann1@client.example", "I am away.", extra: Away);
        await them.Look();
        var due = await them.Test.Ask<DateTime>("select due_at from enrollments");
        Assert.Equal(new DateTime(2026, 3, 12, 9, 0, 0, DateTimeKind.Utc), due);
        them.Reply("ann1@client.example", "I am away, and back on 3 March 2026.", extra: Away);
        await them.Look();
        Assert.Equal(due, await them.Test.Ask<DateTime>("select due_at from enrollments"));
        await them.Test.Database.InWorkspace(
            them.Test.Id,
            async session => Assert.True(await HoldStore.Lift(
                session, await them.Test.Ask<long>("select id from enrollments"), "Ada",
                them.Test.Time.GetUtcNow().UtcDateTime, Cancel)), Cancel);
        them.Reply("ann1@client.example", "Still away, back on 30 March 2026.", extra: Away);
        await them.Look();
        Assert.Equal(
            them.Test.Time.GetUtcNow().UtcDateTime,
            await them.Test.Ask<DateTime>("select due_at from enrollments"));
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        await using var them = await Correspondent.WrittenTo(2);
        them.Reply("ann1@client.example", "Please remove me from your list.");
        await them.Look();
        Assert.Equal("finished replied", await them.Enrollment("ann1@client.example"));
        Assert.Equal(
            "refused ann1@client.example",
            await them.Test.Ask<string>("select reason || ' ' || value from suppressions"));
        Assert.Equal(
            "closed refused",
            await them.Test.Ask<string>(
                "select state || ' ' || close_reason from leads where state = 'closed'"));
        Assert.Equal(0, await them.Test.Ask<long>("select count(*) from tasks"));
    }

    [Fact]
    public async Task The_mail_of_the_unsubscribe_header_unsubscribes()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Deliver("ann1@client.example", "unsubscribe", "");
        await them.Look();
        Assert.Equal("finished unsubscribed", await them.Enrollment("ann1@client.example"));
        Assert.Equal("sent, unsubscribed", await them.Events("ann1@client.example"));
        Assert.Equal("unsubscribe", await them.Test.Ask<string>("select reason from suppressions"));
    }

    [Fact]
    public async Task A_demand_for_proof_becomes_a_task()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Reply(
            "ann1@client.example", "Please click the link to confirm that you are a human.",
            extra: "X-Boxbe-Cr: yes\r\n");
        await them.Look();
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
        Assert.Equal("confirm_message", await them.Test.Ask<string>("select kind from tasks"));
    }

    [Fact]
    public async Task A_reply_that_comes_between_claim_and_dot_holds_the_dot_back()
    {
        await using var test = await TestWorkspace.Create();
        var window = new WhileTheBodyWaits();
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Fault = window.Fault });
        var (mailbox, _) = await test.Ready(sink, 1);
        var reader = new MailboxReader { WorkspaceId = test.Id, MailboxId = mailbox, ImapHost = "localhost" };
        var box = await test.Get<Mailboxes>().Get(test.Id, mailbox, Cancel);
        var header = await test.Ask<string>("select message_id from messages");
        window.Then(() => test.Database.InWorkspace(
            test.Id,
            session => test.Get<TakeMail>().Run(
                session, box, reader,
                new ReceivedCopy(
                    "INBOX", 1, 1, test.Time.GetUtcNow().UtcDateTime,
                    System.Text.Encoding.UTF8.GetBytes(
                        $"From: ann1@client.example\r\nTo: ada@overture.example\r\nSubject: Hello\r\n"
                        + $"In-Reply-To: {header}\r\nMessage-ID: <x@client.example>\r\n\r\nWait, call "
                            + "me.\r\n"),
                    100, false),
                Cancel), Cancel));
        Assert.Equal(1, await test.Send());
        Assert.True(window.WasReached);
        Assert.Empty(sink.Messages);
        Assert.Equal("cancelled 1", await test.States("send_intents"));
        Assert.Equal(
            "replied", await test.Ask<string>("select finish_reason from enrollments"));
        await test.HoldsInvariants();
    }

    static async Task Later(Correspondent them, int days = 4)
    {
        ((ManualTime)them.Test.Time).Advance(TimeSpan.FromDays(days));
        await them.Test.Write();
        while (await them.Test.Send() > 0) { }
    }
}
