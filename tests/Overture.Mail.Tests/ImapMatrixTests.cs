using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>
/// What servers do to clients that follow a folder. In every case each message is told once: none is lost,
/// none told twice.
/// </summary>
public class ImapMatrixTests
{
    static readonly ImapCursor Start = new("INBOX", 1);
    static readonly string[] One = ["about one"];
    static readonly string[] Two = ["about two"];
    static readonly string[] OneTwo = ["about one", "about two"];

    internal static ImapSink Sink(params string[] ids)
    {
        var sink = new ImapSink().Start();
        foreach (var id in ids) sink.Deliver("INBOX", ImapSink.Letter(id));
        return sink;
    }

    [Fact]
    public async Task A_folder_numbered_anew_tells_only_what_is_new()
    {
        await using var sink = Sink("one", "two");
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(OneTwo, await run.Arrivals(2));
        await sink.Received("IDLE");
        sink.Folders["INBOX"].Renumber();
        sink.Deliver("INBOX", ImapSink.Letter("three"), tell: false);
        sink.DropAll();
        await run.Next<ImapNews.Interrupted>();
        Assert.Equal(1u, (await run.Next<ImapNews.Renumbered>()).Before);
        await run.Next<ImapNews.Repeated>();
        await run.Next<ImapNews.Repeated>();
        var arrived = await run.Next<ImapNews.Arrived>();
        Assert.Equal(("about three", 2u, 3u),
            (arrived.Message.Envelope!.Subject, arrived.Cursor.UidValidity, arrived.Cursor.LastUid));
        run.AssertQuiet();
    }

    [Fact]
    public async Task A_folder_numbered_anew_while_nobody_looked_is_read_from_the_last_arrival()
    {
        await using var sink = Sink("old", "two");
        sink.Folders["INBOX"].Messages[0].ReceivedAt = "01-Jan-2026 09:00:00 +0000";
        sink.Folders["INBOX"].UidValidity = 7;
        var cursor = new ImapCursor("INBOX", 1, 40, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var run = new ImapWatchRun(sink, cursor);
        await run.Next<ImapNews.Renumbered>();
        Assert.Equal(Two, await run.Arrivals(1));
        await sink.Received("IDLE");
        run.AssertQuiet();
    }

    [Fact]
    public async Task A_message_expunged_between_search_and_fetch_is_passed_over()
    {
        await using var sink = Sink("one", "gone", "two");
        sink.Once("^UID FETCH", (_, _) =>
        {
            sink.Folders["INBOX"].Messages.RemoveAt(1);
            return Task.FromResult(false);
        });
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(OneTwo, await run.Arrivals(2));
        await sink.Received("IDLE");
        run.AssertQuiet();
    }

    [Fact]
    public async Task A_refused_fetch_loses_only_the_message_that_cannot_be_read()
    {
        await using var sink = Sink("one", "bad", "two");
        sink.On("^UID FETCH (?:[0-9:,]*[:,][0-9:,]*|2) ", (connection, _) =>
            connection.Answer($"{connection.Tag} NO some messages cannot be read\r\n"));
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal("about one", (await run.Next<ImapNews.Arrived>()).Message.Envelope!.Subject);
        Assert.Equal(2u, (await run.Next<ImapNews.Unreadable>()).Uid);
        Assert.Equal("about two", (await run.Next<ImapNews.Arrived>()).Message.Envelope!.Subject);
    }

    [Theory]
    [InlineData("* 1 FETCH (UID 1 ENVELOPE {5}\r\nthis is far more than five bytes)\r\n")]
    [InlineData("* 1 FETCH (UID 1 ENVELOPE {900}\r\nshort)\r\n")]
    [InlineData("* 1 FETCH (UID 1 ENVELOPE {999999999999999999}\r\n")]
    [InlineData("* 1 FETCH (UID 1 ENVELOPE {99999999999999999999999999}\r\n")]
    [InlineData("* 1 FETCH (UID 1 FLAGS (\\Seen\r\n")]
    [InlineData("* BYE shutting down\r\n")]
    [InlineData("nonsense\r\n")]
    public async Task A_lying_or_broken_answer_ends_the_connection_and_loses_nothing(string answer)
    {
        await using var sink = Sink("one", "two");
        sink.Once("^UID FETCH", async (connection, _) =>
        {
            await connection.Send(answer);
            connection.Close();
            return true;
        });
        await using var run = new ImapWatchRun(sink, Start);
        Assert.True((await run.Next<ImapNews.Interrupted>()).Failure.MayPass);
        Assert.Equal(OneTwo, await run.Arrivals(2));
        await sink.Received("IDLE");
        run.AssertQuiet();
    }

    [Fact]
    public async Task A_literal_of_100_MB_where_a_header_was_asked_for_is_refused_in_bounded_memory()
    {
        await using var sink = Sink("one");
        sink.Once("^UID FETCH", async (connection, _) =>
        {
            await connection.Send("* 1 FETCH (UID 1 ENVELOPE {104857600}\r\n");
            await Flood(connection, 100);
            return true;
        });
        var before = Peak();
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(ImapFailureKind.TooLarge, (await run.Next<ImapNews.Interrupted>()).Failure.Kind);
        Assert.Equal(One, await run.Arrivals(1));
        Assert.True(Peak() - before < 128L * 1024 * 1024);
    }

    [Fact]
    public async Task A_message_of_100_MB_is_cut_at_the_limit_in_bounded_memory()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = Sink("one");
        sink.Once("BODY.PEEK", async (connection, _) =>
        {
            await connection.Send("* 1 FETCH (UID 1 RFC822.SIZE 104857600 BODY[]<0> {10485760}\r\n");
            await Flood(connection, 10);
            return await connection.Answer($")\r\n{connection.Tag} OK done\r\n");
        });
        await using var session = await ImapWatchRun.Connect(sink, null, cancel);
        await session.Open("INBOX", cancel: cancel);
        await using var pieces = new Pieces();
        var got = await session.Download(1, pieces, 10 * 1024 * 1024, cancel);
        Assert.Equal(new ImapDownload(true, 104857600, true), got);
        Assert.Equal(10 * 1024 * 1024, pieces.Length);
        // It is passed on as it comes and never held as a whole.
        Assert.True(pieces.Largest <= 64 * 1024, $"{pieces.Largest}");
    }

    [Fact]
    public async Task A_server_that_sends_more_than_was_asked_for_is_cut_off()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = Sink("one");
        sink.Once("BODY.PEEK", async (connection, _) =>
        {
            await connection.Send("* 1 FETCH (UID 1 RFC822.SIZE 4 BODY[]<0> {104857600}\r\n");
            await Flood(connection, 1);
            return true;
        });
        await using var session = await ImapWatchRun.Connect(sink, null, cancel);
        await session.Open("INBOX", cancel: cancel);
        var refused = await Assert.ThrowsAsync<ImapFailed>(() => session.Read(1, 1024, cancel));
        Assert.Equal(ImapFailureKind.TooLarge, refused.Failure.Kind);
        Assert.True(session.IsClosed);
    }

    sealed class Pieces : MemoryStream
    {
        int left;
        TaskCompletionSource more = new();

        public int Largest { get; private set; }

        /// <summary>Completes after this many more pieces.</summary>
        public Task More(int pieces)
        {
            more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref left, pieces);
            return more.Task;
        }

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Largest = Math.Max(Largest, buffer.Length);
            if (Interlocked.Decrement(ref left) <= 0) more.TrySetResult();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    static long Peak() => GC.GetTotalMemory(forceFullCollection: true);

    static async Task Flood(ImapSinkConnection connection, int megabytes)
    {
        var block = new string('x', 1024 * 1024);
        for (var i = 0; i < megabytes; i++) await connection.Send(block);
    }

    [Fact]
    public async Task A_goodbye_for_greeting_is_tried_again()
    {
        const string bye = "* BYE [UNAVAILABLE] too many connections\r\n";
        await using var busy = new ImapSink { Greeting = bye }.Start();
        await using var sink = Sink("one");
        var attempts = 0;
        await using var run = new ImapWatchRun(sink, Start, connect: cancel =>
            ImapWatchRun.Connect(Interlocked.Increment(ref attempts) <= 2 ? busy : sink, null, cancel));
        var first = await run.Next<ImapNews.Interrupted>();
        Assert.Equal((ImapFailureKind.Busy, "too many connections"),
            (first.Failure.Kind, first.Failure.ServerText));
        Assert.True((await run.Next<ImapNews.Interrupted>()).RetryIn > TimeSpan.FromSeconds(0.9));
        Assert.Equal(One, await run.Arrivals(1));
    }

    [Fact]
    public async Task A_wrong_password_stops_the_watch_after_one_attempt()
    {
        await using var sink = new ImapSink { Secret = "changed" }.Start();
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(ImapFailureKind.Login, (await run.Next<ImapNews.Stopped>()).Failure.Kind);
        Assert.Single(sink.Commands, one => one.StartsWith("AUTHENTICATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_is_gone_stops_the_watch()
    {
        await using var sink = Sink();
        await using var run = new ImapWatchRun(sink, new ImapCursor("Archive", 3, 4));
        Assert.Equal(ImapFailureKind.NoSuchFolder, (await run.Next<ImapNews.Stopped>()).Failure.Kind);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left()
    {
        await using var sink = Sink("one");
        sink.Once("^UID FETCH", (_, _) => Task.FromResult(true));
        var time = new ManualTime();
        await using var run = new ImapWatchRun(sink, Start, time: time);
        await sink.Received("UID FETCH");
        var next = run.Next<ImapNews.Interrupted>();
        await ImapWatchRun.AdvanceUntil(time, ImapConnection.SilenceTimeOut / 2, next);
        Assert.Equal(ImapFailureKind.TimeOut, (await next).Failure.Kind);
        Assert.Equal(One, await run.Arrivals(1));
    }

    [Fact]
    public async Task An_answer_that_drips_is_cut_off_in_the_end()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = Sink("one");
        var stop = new TaskCompletionSource();
        var time = new ManualTime();
        sink.Once("BODY.PEEK", async (connection, _) =>
        {
            await connection.Send("* 1 FETCH (UID 1 BODY[]<0> {40000000}\r\n");
            while (!stop.Task.IsCompleted) await connection.Send("x");
            return true;
        });
        await using var session = await ImapWatchRun.Connect(sink, time, cancel);
        await session.Open("INBOX", cancel: cancel);
        await using var pieces = new Pieces();
        var reading = session.Download(1, pieces, cancel: cancel);
        // The server is never silent for long: only the limit for the whole ends this.
        var steps = 0;
        for (; !reading.IsCompleted && steps < 1_000; steps++)
        {
            await Task.WhenAny(reading, pieces.More(3));
            time.Advance(ImapConnection.SilenceTimeOut / 2);
        }

        stop.SetResult();
        Assert.Equal(ImapFailureKind.TimeOut, (await Assert.ThrowsAsync<ImapFailed>(() => reading))
            .Failure.Kind);
        Assert.InRange(steps, ImapSession.CommandTimeOut / ImapConnection.SilenceTimeOut, 100);
    }

    [Fact]
    public async Task A_folder_of_100_000_messages_is_told_once_each_in_bounded_memory()
    {
        await using var sink = Sink();
        for (var i = 0; i < 100_000; i++) sink.Deliver("INBOX", ImapSink.Letter($"m{i}", ""), tell: false);
        var before = Peak();
        await using var run = new ImapWatchRun(sink, Start, new SeenMessages(1_000));
        var subjects = await run.Arrivals(100_000);
        Assert.Equal(100_000, subjects.Distinct().Count());
        Assert.Equal("about m99999", subjects[^1]);
        Assert.True(Peak() - before < 128L * 1024 * 1024);
    }

    [Fact]
    public async Task A_short_answer_cannot_name_four_billion_messages()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = Sink("one");
        sink.On("^UID SEARCH", (connection, _) =>
            connection.Answer($"* ESEARCH UID ALL 1:4294967295\r\n{connection.Tag} OK done\r\n"));
        await using var session = await ImapWatchRun.Connect(sink, null, cancel);
        await session.Open("INBOX", cancel: cancel);
        var refused = await Assert.ThrowsAsync<ImapFailed>(() => session.Search(ImapQuery.All, cancel));
        Assert.Equal(ImapFailureKind.TooLarge, refused.Failure.Kind);
    }

    [Fact]
    public async Task A_message_in_two_folders_is_told_once()
    {
        await using var sink = Sink("one");
        sink.Deliver("Junk", ImapSink.Letter("one"));
        sink.Deliver("Junk", ImapSink.Letter("two"));
        var seen = new SeenMessages();
        await using var inbox = new ImapWatchRun(sink, Start, seen);
        Assert.Equal(One, await inbox.Arrivals(1));
        await using var junk = new ImapWatchRun(sink, new ImapCursor("Junk", 1), seen);
        await junk.Next<ImapNews.Repeated>();
        Assert.Equal(Two, await junk.Arrivals(1));
    }

    [Fact]
    public async Task A_stranger_cannot_hide_a_message_by_taking_its_id()
    {
        await using var sink = Sink();
        sink.Deliver("INBOX", ImapSink.Letter("one").Replace("about one", "bait", StringComparison.Ordinal));
        sink.Deliver("INBOX", ImapSink.Letter("one"));
        await using var run = new ImapWatchRun(sink, Start);
        Assert.Equal(["bait", "about one"], await run.Arrivals(2));
    }

    [Theory]
    [InlineData("Broken &AAA name")]
    [InlineData("&2D0-")]
    [InlineData("&")]
    public async Task A_folder_with_a_broken_name_can_still_be_opened(string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var sink = Sink();
        sink.Folders[name] = new ImapSinkFolder("");
        await using var session = await ImapWatchRun.Connect(sink, null, cancel);
        var folder = (await session.ListFolders(cancel))[^1];
        Assert.Equal(1u, (await session.Open(folder, cancel: cancel)).UidValidity);
    }
}
