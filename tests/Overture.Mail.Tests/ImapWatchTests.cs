using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>
/// What servers and networks do to clients that wait, append and start; the rest of the matrix.
/// </summary>
public class ImapWatchTests
{
    static readonly ImapCursor Start = new("INBOX", 1);
    static readonly string[] One = ["about one"];
    static readonly string[] Two = ["about two"];
    static readonly string[] OneTwo = ["about one", "about two"];
    static readonly string[] OneTwoThree = ["about one", "about two", "about three"];

    static ImapSink Sink(params string[] ids) => ImapMatrixTests.Sink(ids);

    [Fact]
    public async Task A_connection_dropped_while_idling_loses_nothing()
    {
        await using var sink = Sink("one");
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(One, await run.Arrivals(1));
        await sink.Received("IDLE");
        sink.Deliver("INBOX", ImapSink.Letter("two"), tell: false);
        sink.DropAll();
        Assert.Equal(ImapFailureKind.Disconnected, (await run.Next<ImapNews.Interrupted>()).Failure.Kind);
        Assert.Equal("about two", (await run.Next<ImapNews.Arrived>()).Message.Envelope!.Subject);
        await sink.Received("IDLE", 2);
        run.AssertQuiet();
    }

    [Fact]
    public async Task Idling_is_renewed_before_29_minutes()
    {
        await using var sink = Sink("one");
        var time = new ManualTime();
        await using var run = new ImapWatchRun(sink, Start, time: time);
        Assert.Equal(One, await run.Arrivals(1));
        await sink.Received("IDLE");
        var started = time.GetUtcNow();
        await ImapWatchRun.AdvanceUntil(time, TimeSpan.FromSeconds(30), sink.Received("DONE"));
        Assert.InRange(time.GetUtcNow() - started, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(29));
        await sink.Received("IDLE", 2);
        sink.Deliver("INBOX", ImapSink.Letter("two"));
        Assert.Equal(Two, await run.Arrivals(1));
    }

    [Fact]
    public async Task A_server_that_died_silently_while_idling_is_found_out()
    {
        await using var sink = Sink("one");
        sink.Once("^IDLE", async (connection, _) =>
        {
            await connection.Send("+ idling\r\n");
            // DONE is swallowed with whatever follows, as by a router that forgot the connection.
            sink.Once("^DONE", (_, _) => Task.FromResult(true));
            return true;
        });
        var time = new ManualTime();
        await using var run = new ImapWatchRun(sink, Start, time: time);
        Assert.Equal(One, await run.Arrivals(1));
        await sink.Received("IDLE");
        sink.Deliver("INBOX", ImapSink.Letter("two"));
        var next = run.Next<ImapNews.Interrupted>();
        await ImapWatchRun.AdvanceUntil(time, TimeSpan.FromSeconds(30), next);
        Assert.Equal(ImapFailureKind.TimeOut, (await next).Failure.Kind);
        Assert.Equal(Two, await run.Arrivals(1));
    }

    [Theory]
    [InlineData("02-Mar-2031 09:00:00 +0000")]
    [InlineData("02-Mar-1999 09:00:00 -1200")]
    public async Task A_server_whose_clock_is_wrong_loses_nothing(string date)
    {
        await using var sink = Sink("one");
        sink.Folders["INBOX"].Messages[0].ReceivedAt = date;
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(One, await run.Arrivals(1));
        await sink.Received("IDLE");
        sink.Folders["INBOX"].Renumber();
        sink.Deliver("INBOX", ImapSink.Letter("two"), tell: false);
        foreach (var message in sink.Folders["INBOX"].Messages) message.ReceivedAt = date;
        sink.DropAll();
        Assert.Equal(Two, await run.Arrivals(1));
        run.AssertQuiet();
    }

    [Fact]
    public async Task An_append_cut_off_after_the_message_is_not_made_twice()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = Sink();
        var letter = Encoding.Latin1.GetBytes(ImapSink.Letter("x"));
        sink.Once("^APPEND", (connection, _) =>
        {
            sink.Deliver("Sent", ImapSink.Letter("x"));
            connection.Close();
            return Task.FromResult(true);
        });
        await using (var first = await ImapWatchRun.Connect(sink, null, cancel))
        {
            var lost = await Assert.ThrowsAsync<ImapFailed>(() =>
                first.Append("Sent", letter, [], null, cancel));
            Assert.Equal(ImapFailureKind.Disconnected, lost.Failure.Kind);
        }

        await using var second = await ImapWatchRun.Connect(sink, null, cancel);
        Assert.False(await second.AppendOnce("Sent", letter, "<x@example.com>", [], cancel));
        Assert.Single(sink.Folders["Sent"].Messages);
    }

    [Fact]
    public async Task A_message_that_comes_between_the_scan_and_the_wait_is_told()
    {
        await using var sink = Sink("one");
        sink.Once("^IDLE", (_, _) =>
        {
            sink.Deliver("INBOX", ImapSink.Letter("two"), tell: false);
            return Task.FromResult(false);
        });
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(OneTwo, await run.Arrivals(2));
    }

    [Fact]
    public async Task A_message_that_comes_while_others_are_fetched_is_told()
    {
        await using var sink = Sink("one", "two");
        sink.Once("^UID FETCH", async (connection, _) =>
        {
            sink.Deliver("INBOX", ImapSink.Letter("three"), tell: false);
            await connection.Send(
                "* 3 EXISTS\r\n* 3 FETCH (FLAGS (\\Recent) UID 3)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n");
            return false;
        });
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(OneTwoThree, await run.Arrivals(3));
        await sink.Received("IDLE", 2);
        run.AssertQuiet();
    }

    [Fact]
    public async Task A_server_without_IDLE_is_asked_now_and_then()
    {
        await using var sink = Sink("one");
        sink.Capabilities.Remove("IDLE");
        var time = new ManualTime();
        await using var run = new ImapWatchRun(sink, Start, time: time);
        Assert.Equal(One, await run.Arrivals(1));
        sink.Deliver("INBOX", ImapSink.Letter("two"));
        sink.On("^NOOP", (connection, _) => connection.Answer($"* 2 EXISTS\r\n{connection.Tag} OK done\r\n"));
        await ImapWatchRun.AdvanceUntil(time, TimeSpan.FromSeconds(1), sink.Received("NOOP"));
        Assert.Equal(Two, await run.Arrivals(1));
    }

    [Fact]
    public async Task A_first_look_tells_nothing_old()
    {
        await using var sink = Sink("one", "two");
        await using var run = new ImapWatchRun(sink, new ImapCursor("INBOX"));
        Assert.Equal(2u, (await run.Next<ImapNews.Renumbered>()).Cursor.LastUid);
        await sink.Received("IDLE");
        sink.Deliver("INBOX", ImapSink.Letter("three"));
        Assert.Equal(["about three"], await run.Arrivals(1));
    }
}
