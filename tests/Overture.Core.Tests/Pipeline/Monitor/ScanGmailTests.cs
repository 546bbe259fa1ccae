using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Listening by Gmail's history; what a reply then does is the same as over IMAP.</summary>
[SupportedOSPlatform("linux")]
public sealed class ScanGmailTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_ends_the_sequence_and_stands_in_the_inbox_once()
    {
        await using var box = await Written(1);
        Assert.Equal(new ScanOutcome(0, null), await Look(box));
        var point = await Point(box);
        Reply(box, 0, "Yes, please send more.");
        Assert.Equal(new ScanOutcome(1, null), await Look(box));
        Assert.Equal("replied", await box.Test.Ask<string>("select finish_reason from enrollments"));
        Assert.Equal("open 1", await box.Test.States("conversations"));
        Assert.Equal("human Gmail", await box.Test.Ask<string>(
            "select kind || ' ' || folder from received_mail where kind <> 'own'"));
        Assert.NotEqual(point, await Point(box));
        Assert.Equal(new ScanOutcome(0, null), await Look(box));
    }

    [Fact]
    public async Task Every_page_of_the_history_is_read_and_what_was_deleted_meanwhile_is_passed_over()
    {
        await using var box = await Written(5);
        await Look(box);
        for (var number = 0; number < 5; number++) Reply(box, number, "Not interested.");
        var gone = box.Gmail.Messages[^1].Id;
        box.Gmail.Before = call =>
        {
            if (call.EndsWith(gone, StringComparison.Ordinal)) box.Gmail.Remove(gone);
            return Task.CompletedTask;
        };
        Assert.Equal(new ScanOutcome(4, null), await Look(box));
        Assert.Equal(4, await box.Test.Ask<int>("select count(*)::int from conversations"));
    }

    [Fact]
    public async Task A_history_that_was_lost_is_searched_for_since_the_last_look_and_goes_on()
    {
        await using var box = await Written(3);
        await Look(box);
        Reply(box, 0, "Yes!");
        Assert.Equal(1, (await Look(box)).Taken);
        box.Gmail.Now += TimeSpan.FromDays(9);
        ((ManualTime)box.Test.Time).Advance(TimeSpan.FromDays(9));
        Reply(box, 1, "Yes!");
        box.Gmail.ExpireHistory();
        Assert.Equal(new ScanOutcome(1, null), await Look(box));
        Reply(box, 2, "Yes!");
        Assert.Equal(new ScanOutcome(1, null), await Look(box));
        Assert.Equal(3, await box.Test.Ask<int>("select count(*)::int from conversations"));
    }

    [Fact]
    public async Task The_first_look_reaches_back_some_days()
    {
        await using var box = await GmailMailbox.Ready(2);
        await box.Test.Send();
        Reply(box, 0, "Too old.", box.Test.Time.GetUtcNow().AddDays(-20));
        Reply(box, 1, "In time.", box.Test.Time.GetUtcNow().AddHours(-1));
        Assert.Equal(new ScanOutcome(1, null), await Look(box));
    }

    [Fact]
    public async Task A_consent_that_ended_breaks_the_reading_until_it_is_given_anew()
    {
        await using var box = await Written(1);
        await Look(box);
        box.Gmail.Revoke();
        box.Gmail.EndTokens();
        Assert.False((await Look(box)).Works);
        var reader = await Reader(box);
        Assert.Equal(ReaderState.Broken, reader.State);
        Assert.Equal(
            "Google ended the consent to this mailbox. Connect the mailbox again.", reader.BrokenReason);
        Reply(box, 0, "Yes!");
        box.Gmail.Restore();
        await box.Connect();
        Assert.Equal(ReaderState.Listening, (await Reader(box)).State);
        Assert.Equal(new ScanOutcome(1, null), await Look(box));
    }

    [Fact]
    public async Task A_limit_is_waited_for_and_breaks_nothing()
    {
        await using var box = await Written(1);
        await Look(box);
        box.Gmail.FaultAt("/history", GmailSinkFault.TooMany);
        Assert.False((await Look(box)).Works);
        var reader = await Reader(box);
        Assert.Equal(ReaderState.Listening, reader.State);
        Assert.Equal("Gmail asks to wait: too many calls.", reader.LastError);
        var rest = reader.NextLookAt - box.Test.Time.GetUtcNow().UtcDateTime;
        Assert.InRange(rest, TimeSpan.FromMinutes(179), TimeSpan.FromMinutes(181));
        ((ManualTime)box.Test.Time).Advance(TimeSpan.FromHours(4));
        Assert.True((await Look(box)).Works);
    }

    [Fact]
    public async Task A_look_that_lost_its_lease_keeps_nothing()
    {
        await using var box = await Written(1);
        await Look(box);
        var point = await Point(box);
        Reply(box, 0, "Yes!");
        box.Gmail.Before = async call =>
        {
            if (call.Contains("/messages/", StringComparison.Ordinal))
                await box.Test.Do("update mailbox_readers set fence = fence + 1");
        };
        Assert.False((await Look(box)).Works);
        Assert.Equal(point, await Point(box));
        Assert.Equal("", await box.Test.States("conversations"));
        box.Gmail.Before = null;
        await box.Test.Do("update mailbox_readers set owner = null, lease_until = null");
        Assert.Equal(new ScanOutcome(1, null), await Look(box));
    }

    [Fact]
    public async Task A_note_to_oneself_drafts_and_chats_are_no_replies()
    {
        await using var box = await Written(1);
        await Look(box);
        box.Gmail.Arrive("From: x@client.example\r\nSubject: hi\r\n\r\nhi\r\n", "CHAT");
        box.Gmail.Arrive("From: x@client.example\r\nSubject: hi\r\n\r\nhi\r\n", "TRASH");
        box.Gmail.Arrive($"From: {GmailSink.Address}\r\nSubject: me\r\n\r\nme\r\n", "SENT", "INBOX");
        await Look(box);
        Assert.Equal(["own"], await box.Test.List<string>("select kind from received_mail"));
    }

    static async Task<GmailMailbox> Written(int leads)
    {
        var box = await GmailMailbox.Ready(leads);
        await box.Test.Send();
        Assert.Equal(leads, box.Gmail.Sent.Count);
        return box;
    }

    static void Reply(GmailMailbox box, int number, string words, DateTimeOffset? at = null)
    {
        var sent = box.Gmail.Sent[number];
        var email = Overture.Mail.MimeReader.Read(sent.Bytes);
        var now = box.Gmail.Now;
        box.Gmail.Now = at ?? now;
        box.Gmail.Receive(
            $"From: {email.To[0].Address}\r\nTo: {GmailSink.Address}\r\nSubject: Re: {email.Subject}\r\n"
            + $"Message-ID: <reply{number}@client.example>\r\nIn-Reply-To: <{email.MessageId}>\r\n"
            + $"\r\n{words}\r\n");
        box.Gmail.Now = now;
    }

    static Task<ScanOutcome> Look(GmailMailbox box) =>
        box.Test.Get<ListenToMailboxes>().Now(box.Test.Id, box.Id, box.Test.Node.Id, Cancel);

    static async Task<MailboxReader> Reader(GmailMailbox box) =>
        (await box.Test.Get<MailboxReaders>().Find(box.Test.Id, box.Id, Cancel))!;

    static async Task<string?> Point(GmailMailbox box) => (await Reader(box)).HistoryId;
}
