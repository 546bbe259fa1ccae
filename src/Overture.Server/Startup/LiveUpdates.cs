using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;
using Channel = System.Threading.Channels.Channel;

namespace Overture.Server.Startup;

/// <summary>Something changed: a topic and the id of the row. Whoever cares fetches it again.</summary>
public sealed record LiveUpdate(string Topic, string Id);

/// <summary>
/// One connection per node listens to PostgreSQL and fans out to the open pages of the workspace concerned.
/// After a lost connection every page is told to refresh, because updates may have been missed.
/// </summary>
public sealed class LiveHub(
    NpgsqlDataSource database, TimeProvider time, ILogger<LiveHub> log) : BackgroundService
{
    const int LongestQueue = 256;
    static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(2);
    static readonly LiveUpdate Everything = new("refresh", "");

    readonly ConcurrentDictionary<Channel<LiveUpdate>, long> subscribers = [];

    /// <summary>The updates of one workspace, from now until the reader is disposed of.</summary>
    public LiveSubscription Subscribe(long workspaceId)
    {
        // A page that reads too slowly loses the oldest update; it fetches the newest state anyway.
        var channel = Channel.CreateBounded<LiveUpdate>(
            new BoundedChannelOptions(LongestQueue) { FullMode = BoundedChannelFullMode.DropOldest });
        subscribers[channel] = workspaceId;
        return new LiveSubscription(channel.Reader, () => subscribers.TryRemove(channel, out _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or IOException
                && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Live updates pause: {Reason}", error.GetBaseException().Message);
                await Task.Delay(ReconnectDelay, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    async Task Listen(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        connection.Notification += (_, notice) => Pass(notice.Payload);
        await using (var listen = new NpgsqlCommand($"listen {LiveTopics.Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        foreach (var channel in subscribers.Keys) channel.Writer.TryWrite(Everything);
        while (true) await connection.WaitAsync(cancel);
    }

    void Pass(string payload)
    {
        if (payload.Split('|', 3) is not [var workspace, var topic, var id]
            || !long.TryParse(workspace, out var number))
        {
            log.LogWarning("A live update has no workspace: {Payload}", payload);
            return;
        }

        foreach (var (channel, owner) in subscribers)
            if (owner == number) channel.Writer.TryWrite(new LiveUpdate(topic, id));
    }
}

/// <summary>One open page's queue of updates.</summary>
public sealed class LiveSubscription(ChannelReader<LiveUpdate> updates, Action end) : IDisposable
{
    public ChannelReader<LiveUpdate> Updates { get; } = updates;

    public void Dispose() => end();
}

/// <summary>
/// GET /live: the updates as server-sent events, with a beat that ends soon after sign-out.
/// </summary>
static class LiveUpdates
{
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(4);

    public static void AddLiveUpdates(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveHub>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveHub>());
    }

    public static void MapLiveUpdates(this WebApplication app) =>
        app.MapGet("/live", (HttpContext http, LiveHub hub, SignIns signIns, TimeProvider time,
            IHostApplicationLifetime life) =>
        {
            http.Response.Headers["X-Accel-Buffering"] = "no";
            var token = SessionCookie.Read(http.Request);
            return TypedResults.ServerSentEvents(Stream(
                hub, http.Caller().WorkspaceId, () => signIns.Find(token, http.RequestAborted), time,
                life.ApplicationStopping, http.RequestAborted));
        }).RequireAuthorization(Policies.Viewer).ExcludeFromDescription();

    static async IAsyncEnumerable<SseItem<string>> Stream(
        LiveHub hub, long workspaceId, Func<Task<Identity?>> whoAsks, TimeProvider time,
            CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel);
        using var subscription = hub.Subscribe(workspaceId);
        var next = subscription.Updates.WaitToReadAsync(either.Token).AsTask();
        yield return new SseItem<string>("hello", "beat");
        while (!either.IsCancellationRequested)
        {
            using var beat = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
            var pause = Task.Delay(Beat, time, beat.Token);
            var first = await Task.WhenAny(next, pause);
            await beat.CancelAsync();
            if (either.IsCancellationRequested) yield break;
            if (first == pause)
            {
                // A key has no cookie and is checked on every request; a page's sign-in may have ended.
                if (await whoAsks() is null) yield break;
                yield return new SseItem<string>("", "beat");
                continue;
            }

            while (subscription.Updates.TryRead(out var update))
                yield return new SseItem<string>(update.Id, update.Topic);
            next = subscription.Updates.WaitToReadAsync(either.Token).AsTask();
        }
    }
}
