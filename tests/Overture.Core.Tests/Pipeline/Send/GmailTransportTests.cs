using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Sending by Gmail: a draft, its record, its sending; and every way in which that breaks.</summary>
[SupportedOSPlatform("linux")]
public sealed class GmailTransportTests
{
    const string Sending = "POST /gmail/v1/users/me/drafts/send";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_is_on_record_before_it_is_sent_and_leaves_with_our_marks()
    {
        await using var box = await GmailMailbox.Ready(1);
        var seen = new List<string>();
        box.Gmail.Before = async call =>
        {
            if (call != Sending) return;
            var drafts = box.Gmail.Messages.Where(one => one.Labels.Contains("DRAFT"));
            var known = await box.Test.List<string>(
                "select draft_id from send_attempts where state = 'submitting' and transport = 'gmail'");
            lock (seen) seen.AddRange(drafts.Select(one => "r" + one.Id).Except(known));
        };
        await box.Test.Send();
        Assert.Empty(seen);
        Assert.Equal("accepted 1", await box.Test.States("send_intents"));
        Assert.All(box.Gmail.Messages, one => Assert.Equal(["SENT"], one.Labels));
        var ours = await box.Test.List<string>("select message_id from messages order by id");
        Assert.Equal(
            ours.Order(), box.Gmail.Sent.Select(one => $"<{one.MessageId!.Trim('<', '>')}>").Order());
        Assert.Equal(
            box.Gmail.Sent.Select(one => "200 Gmail message " + one.Id).Order(),
            await box.Test.List<string>(
                "select reply_code || ' ' || response from send_attempts order by response"));
        await box.Test.HoldsInvariants();
    }

    [Fact]
    public async Task What_is_taken_back_before_it_is_sent_leaves_no_draft()
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.Before = async call =>
        {
            if (call == "POST /gmail/v1/users/me/drafts")
                await box.Test.Get<Workspaces>().Stop(box.Test.Id, "anna", "test", Cancel);
        };
        await box.Test.Send();
        Assert.Equal("planned 1", await box.Test.States("send_intents"));
        Assert.Empty(box.Gmail.Messages);
    }

    [Fact]
    public async Task What_a_try_that_broke_off_left_behind_is_removed_first()
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.FaultAt("POST /gmail/v1/users/me/drafts", GmailSinkFault.LoseAnswer);
        await box.Test.Send();
        Assert.Equal("planned 1", await box.Test.States("send_intents"));
        Assert.Equal(["DRAFT"], Assert.Single(box.Gmail.Messages).Labels);
        ((ManualTime)box.Test.Time).Advance(TimeSpan.FromMinutes(6));
        await box.Test.Send();
        Assert.Single(box.Gmail.Sent);
        Assert.Single(box.Gmail.Messages);
    }

    [Theory]
    [InlineData(GmailSinkFault.TooFast)]
    [InlineData(GmailSinkFault.TooMany)]
    [InlineData(GmailSinkFault.DayIsOver)]
    public async Task Too_much_is_told_with_the_moment_until_which_nothing_is_sent(GmailSinkFault fault)
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.FaultAt("/drafts/send", fault);
        await box.Test.Send();
        Assert.Equal("planned 1", await box.Test.States("send_intents"));
        var now = await box.Now();
        Assert.Equal(MailboxState.Connected, now.State);
        var rest = now.ExhaustedUntil!.Value - box.Test.Time.GetUtcNow().UtcDateTime;
        var expected = fault switch
        {
            GmailSinkFault.TooMany => TimeSpan.FromHours(3),
            GmailSinkFault.DayIsOver => TimeSpan.FromHours(24),
            _ => TimeSpan.FromMinutes(5),
        };
        Assert.InRange(rest, expected - TimeSpan.FromSeconds(2), expected + TimeSpan.FromSeconds(2));
        ((ManualTime)box.Test.Time).Advance(expected + TimeSpan.FromMinutes(1));
        await box.Test.Send();
        Assert.Single(box.Gmail.Sent);
        Assert.Single(box.Gmail.Messages);
        await box.Test.HoldsInvariants();
    }

    [Fact]
    public async Task A_consent_that_ended_breaks_the_mailbox_until_it_is_given_anew()
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.Revoke();
        box.Gmail.EndTokens();
        await box.Test.Send();
        var broken = await box.Now();
        Assert.Equal(MailboxState.Broken, broken.State);
        Assert.Equal(
            "Google ended the consent to this mailbox. Connect the mailbox again.", broken.BrokenReason);
        Assert.Equal("planned 1", await box.Test.States("send_intents"));

        box.Gmail.Restore();
        await box.Connect();
        ((ManualTime)box.Test.Time).Advance(TimeSpan.FromMinutes(6));
        await box.Test.Send();
        Assert.Single(box.Gmail.Sent);
        Assert.Equal(MailboxState.Connected, (await box.Now()).State);
    }

    [Fact]
    public async Task A_server_error_that_left_the_draft_is_certain_and_waits()
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.FaultAt("/drafts/send", GmailSinkFault.Unavailable);
        await box.Test.Send();
        Assert.Equal("planned 1", await box.Test.States("send_intents"));
        Assert.Equal("deferred 1", await box.Test.States("send_attempts"));
        Assert.Empty(box.Gmail.Messages);
        ((ManualTime)box.Test.Time).Advance(TimeSpan.FromMinutes(6));
        await box.Test.Send();
        Assert.Single(box.Gmail.Sent);
        await box.Test.HoldsInvariants();
    }

    [Fact]
    public async Task A_lost_answer_is_found_among_the_sent()
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.FaultAt("/drafts/send", GmailSinkFault.LoseAnswer);
        await box.Test.Send();
        Assert.Equal("uncertain 1", await box.Test.States("send_intents"));
        await box.Verify();
        Assert.Equal("accepted 1", await box.Test.States("send_intents"));
        Assert.Equal(
            "sent_folder found",
            await box.Test.Ask<string>("select source || ' ' || result from send_evidence"));
        Assert.Single(box.Gmail.Sent);
        await box.Test.HoldsInvariants();
    }

    [Fact]
    public async Task A_lost_question_left_its_draft_and_is_sent_after_one_look()
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.FaultAt("/drafts/send", GmailSinkFault.LoseQuestion);
        await box.Test.Send();
        Assert.Equal("uncertain 1", await box.Test.States("send_intents"));
        await box.Verify();
        Assert.Equal("planned 1", await box.Test.States("send_intents"));
        Assert.Equal(
            "draft absent", await box.Test.Ask<string>("select source || ' ' || result from send_evidence"));
        Assert.Empty(box.Gmail.Messages);
        await box.Test.Send();
        Assert.Equal("accepted 1", await box.Test.States("send_intents"));
        Assert.Single(box.Gmail.Sent);
        await box.Test.HoldsInvariants();
    }

    [Fact]
    public async Task A_draft_gone_without_a_trace_is_never_sent_again_before_others_are_found()
    {
        await using var box = await GmailMailbox.Ready(1);
        box.Gmail.FaultAt("/drafts/send", GmailSinkFault.LoseQuestion);
        await box.Test.Send();
        box.Gmail.Remove(box.Gmail.Messages[0].Id);
        for (var look = 0; look < 4; look++) await box.Verify(20);
        Assert.Equal("uncertain 1", await box.Test.States("send_intents"));
        await box.Verify(60 * 24);
        Assert.Equal("open 1", await box.Test.States("tasks"));
        Assert.Equal(0, await box.Test.Send());
        Assert.Empty(box.Gmail.Sent);
    }

    [Fact]
    public async Task Two_who_send_the_same_draft_send_one_message()
    {
        await using var box = await GmailMailbox.Ready(1);
        var bytes = Encoding.ASCII.GetBytes(
            "From: anna@overture.example\r\nMessage-ID: <a@overture.example>\r\n\r\nHi\r\n");
        var transport = box.Test.Get<GmailTransport>();
        var mailbox = await box.Now();
        await using var late = await transport.Prepare(
            mailbox, mailbox.Address, "ann@client.example", bytes, Cancel);
        // Another took over: what the first had left is removed, so that it can never leave any more.
        await using var early = await transport.Prepare(
            mailbox, mailbox.Address, "ann@client.example", bytes, Cancel);
        Assert.IsType<SendOutcome.Accepted>(await early.Finish(Cancel));
        Assert.IsType<SendOutcome.Uncertain>(await late.Finish(Cancel));
        Assert.Single(box.Gmail.Sent);
    }

    [Fact]
    public async Task The_dry_run_asks_Gmail_nothing()
    {
        await using var box = await GmailMailbox.Ready(1);
        await box.Test.Get<Workspaces>().SetDryRun(box.Test.Id, true, Cancel);
        await box.Test.Send();
        Assert.Equal("captured 1", await box.Test.States("send_intents"));
        Assert.Empty(box.Gmail.Messages);
    }

    [Fact]
    public async Task A_test_of_the_mailbox_and_a_test_message_go_by_Gmail()
    {
        await using var box = await GmailMailbox.Create();
        await box.Connect();
        var test = await box.Test.Get<TestMailbox>().Run(box.Test.Id, box.Id, Cancel);
        Assert.Equal(new MailboxTest(true, "Gmail opens the mailbox.", ""), test);
        var sent = await box.Test.Get<SendTestMessage>().Run(
            box.Test.Id, box.Id, "me@client.example", Cancel);
        Assert.StartsWith(
            "Sent: Gmail took the message for me@client.example", sent.Sentence, StringComparison.Ordinal);
        Assert.Single(box.Gmail.Sent);
        box.Gmail.Revoke();
        box.Gmail.EndTokens();
        test = await box.Test.Get<TestMailbox>().Run(box.Test.Id, box.Id, Cancel);
        Assert.Equal((false, "Connect the mailbox again."), (test.Works, test.Remedy));
        Assert.Equal(MailboxState.Broken, (await box.Now()).State);
    }
}
