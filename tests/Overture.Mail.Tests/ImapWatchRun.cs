using System.Threading.Channels;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>
/// A watch on a sink, whose news a test takes one by one; pauses between attempts pass at once.
/// </summary>
sealed class ImapWatchRun : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PatienceEach = TimeSpan.FromMilliseconds(1);

    readonly CancellationTokenSource ending = new();
    readonly Channel<ImapNews> news = Channel.CreateUnbounded<ImapNews>();
    readonly ManualTime pauses = new();
    readonly Task running;

    public ImapWatchRun(
        ImapSink sink, ImapCursor cursor, SeenMessages? seen = null, TimeProvider? time = null,
        Func<CancellationToken, Task<ImapSession>>? connect = null)
    {
        connect ??= cancel => Connect(sink, time, cancel);
        var watch = new ImapWatch(connect, seen ?? new SeenMessages(), pauses, new Random(1));
        running = Pump(watch.Follow(cursor, ending.Token));
    }

    public static Task<ImapSession> Connect(ImapSink sink, TimeProvider? time, CancellationToken cancel) =>
        ImapSession.Connect(
            new ImapServer("localhost", sink.Port, ImapSecurity.None),
            new ImapLogin.Password(sink.User, "right"),
            new ImapOptions { Time = time ?? TimeProvider.System }, cancel);

    /// <summary>The next news, which must be of this kind.</summary>
    public async Task<T> Next<T>() where T : ImapNews
    {
        using var patience = new CancellationTokenSource(Patience);
        return Assert.IsType<T>(await news.Reader.ReadAsync(patience.Token));
    }

    /// <summary>The subjects of the next messages; anything else may stand between them.</summary>
    public async Task<List<string>> Arrivals(int count)
    {
        using var patience = new CancellationTokenSource(Patience + (count * PatienceEach));
        var subjects = new List<string>();
        while (subjects.Count < count)
            if (await news.Reader.ReadAsync(patience.Token) is ImapNews.Arrived arrived)
                subjects.Add(arrived.Message.Envelope!.Subject!);
        return subjects;
    }

    /// <summary>Nothing more was told.</summary>
    public void AssertQuiet() => Assert.False(news.Reader.TryPeek(out var more), more?.ToString());

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
    }

    async Task Pump(IAsyncEnumerable<ImapNews> follow)
    {
        await using var each = follow.GetAsyncEnumerator();
        var pause = TimeSpan.Zero;
        while (true)
        {
            var moving = each.MoveNextAsync().AsTask();
            if (pause > TimeSpan.Zero)
            {
                await Task.WhenAny(pauses.TimersSet(1), moving);
                pauses.Advance(pause);
            }

            if (!await moving) return;
            pause = each.Current is ImapNews.Interrupted interrupted ? interrupted.RetryIn : TimeSpan.Zero;
            await news.Writer.WriteAsync(each.Current);
        }
    }

    /// <summary>Moves a clock on in steps until something has happened.</summary>
    public static async Task AdvanceUntil(ManualTime time, TimeSpan step, Task happened)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!happened.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "it did not happen");
            time.Advance(step);
            await Task.WhenAny(happened, Task.Run(() => Thread.Yield()));
        }
    }
}
