using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Reading mailboxes: once each, whatever the server, the network or another node does.</summary>
[SupportedOSPlatform("linux")]
public sealed class ScanMailboxTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_message_is_taken_once_and_nothing_is_marked_as_read()
    {
        await using var them = await Correspondent.WrittenTo(3);
        them.Reply("ann1@client.example", "Yes please.");
        them.Reply("ann2@client.example", "How much is it?", folder: "Junk");
        Assert.Equal(2, (await them.Look()).Taken);
        Assert.Equal(0, (await them.Look()).Taken);
        them.Reply("ann3@client.example", "Tell me more.");
        Assert.Equal(1, (await them.Look()).Taken);
        Assert.Equal(3, await them.Test.Ask<long>("select count(*) from events where kind = 'replied'"));
        Assert.DoesNotContain(
            them.Imap.Commands, command => command.Contains("UID STORE", StringComparison.Ordinal)
                || command.StartsWith("SELECT", StringComparison.Ordinal));
        Assert.All(them.Imap.Folders["INBOX"].Messages, message => Assert.Empty(message.Flags));
    }

    [Fact]
    public async Task The_same_message_in_another_folder_or_under_another_number_is_the_same()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Reply("ann1@client.example", "Yes please.");
        await them.Look();
        lock (them.Imap.Gate)
        {
            them.Imap.Folders["Junk"].Add(them.Imap.Folders["INBOX"].Messages[0].Bytes);
            them.Imap.Folders["INBOX"].Renumber();
        }

        Assert.Equal(0, (await them.Look()).Taken);
        Assert.Equal(1, await them.Test.Ask<long>("select count(*) from received_mail"));
        Assert.Equal(2, await them.Test.Ask<long>(
            "select uid_validity from mailbox_folders where folder = 'INBOX'"));
        them.Deliver("ann1@client.example", "One more thing", "Call me.");
        Assert.Equal(1, (await them.Look()).Taken);
    }

    [Fact]
    public async Task A_lost_connection_loses_and_repeats_nothing()
    {
        await using var them = await Correspondent.WrittenTo(4);
        for (var lead = 1; lead <= 4; lead++) them.Reply($"ann{lead}@client.example", "Yes please.");
        var fetched = 0;
        them.Imap.On("BODY.PEEK", (connection, _) =>
        {
            if (++fetched != 3) return Task.FromResult(false);
            connection.Close();
            return Task.FromResult(true);
        });
        var broken = await them.Look();
        Assert.Equal(ImapFailureKind.Disconnected, broken.Failure?.Kind);
        Assert.Equal(2, await them.Test.Ask<long>("select count(*) from received_mail"));
        Assert.Equal(
            "listening 1", await them.Test.Ask<string>(
                "select state || ' ' || failure_count from mailbox_readers where last_error is not null"));
        Assert.Equal(2, (await them.Look()).Taken);
        Assert.Equal(4, await them.Test.Ask<long>("select count(*) from events where kind = 'replied'"));
        Assert.Equal(0, await them.Test.Ask<long>(
            "select count(*) from mailbox_readers where last_error is not null"));
    }

    [Fact]
    public async Task A_refused_login_breaks_the_reader_with_the_reason_until_it_works_again()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Imap.Secret = "changed";
        Assert.Equal(ImapFailureKind.Login, (await them.Look()).Failure?.Kind);
        var kept = await them.Test.Get<MailboxReaders>().Find(them.Test.Id, them.Mailbox, Cancel);
        Assert.Equal(ReaderState.Broken, kept?.State);
        Assert.Contains("refused the user name or the password", kept?.BrokenReason, StringComparison.Ordinal);
        Assert.Equal(0, await them.Test.Get<ListenToMailboxes>().RunBatch(them.Test.Node.Id, Cancel));
        await them.Read();
        Assert.True((await them.Look()).Works);
        kept = await them.Test.Get<MailboxReaders>().Find(them.Test.Id, them.Mailbox, Cancel);
        Assert.Equal((ReaderState.Listening, (string?)null), (kept!.State, kept.LastError));
        Assert.Equal(them.Test.Time.GetUtcNow().UtcDateTime, kept.LastSyncAt);
    }

    [Fact]
    public async Task One_node_reads_a_mailbox_and_a_dead_ones_lease_is_free()
    {
        await using var them = await Correspondent.WrittenTo(1);
        var other = await them.Test.Again();
        var now = them.Test.Time.GetUtcNow().UtcDateTime;
        Assert.NotNull(await other.Database.InWorkspace(
            them.Test.Id,
            session => MailboxReaderStore.Lease(
                session, them.Mailbox, other.Node.Id, now, now + ScanMailbox.Lease, Cancel), Cancel));
        Assert.Equal("mailbox_busy", (await Assert.ThrowsAsync<RuleBroken>(them.Look)).Code);
        Assert.Equal(0, await them.Test.Get<ListenToMailboxes>().RunBatch(them.Test.Node.Id, Cancel));
        await other.DisposeAsync();
        Assert.True((await them.Look()).Works);
    }

    [Fact]
    public async Task The_poll_looks_again_only_when_it_is_time()
    {
        await using var them = await Correspondent.WrittenTo(1);
        var listen = them.Test.Get<ListenToMailboxes>();
        Assert.Equal(1, await listen.RunBatch(them.Test.Node.Id, Cancel));
        Assert.Equal(0, await listen.RunBatch(them.Test.Node.Id, Cancel));
        ((ManualTime)them.Test.Time).Advance(ScanMailbox.Interval);
        Assert.Equal(1, await listen.RunBatch(them.Test.Node.Id, Cancel));
    }

    [Fact]
    public async Task A_watch_takes_a_reply_as_soon_as_it_arrives()
    {
        await using var them = await Correspondent.WrittenTo(1);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watching = them.Test.Get<WatchMailboxes>().Run(them.Test.Node.Id, ending.Token);
        await them.Imap.Received("IDLE").WaitAsync(Cancel);
        them.Reply("ann1@client.example", "Yes please.");
        await Waiting.Until(async () => await them.Enrollment("ann1@client.example") == "finished replied");
        await them.Imap.Received("IDLE", 2).WaitAsync(Cancel);
        await ending.CancelAsync();
        await watching;
        Assert.Equal(0, await them.Test.Ask<long>(
            "select count(*) from mailbox_readers where owner is not null"));
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_cut_and_still_a_reply()
    {
        await using var them = await Correspondent.WrittenTo(1);
        them.Reply("ann1@client.example", "Yes please.\r\n\r\n" + string.Concat(
            Enumerable.Repeat(new string('x', 998) + "\r\n", 6_000)));
        await them.Look();
        Assert.Equal("finished replied", await them.Enrollment("ann1@client.example"));
        Assert.Equal(
            "true 5242880", await them.Test.Ask<string>(
                "select is_cut::text || ' ' || length(content) from received_mail"));
    }
}
