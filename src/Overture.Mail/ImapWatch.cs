using System.Runtime.CompilerServices;

namespace Overture.Mail;

/// <summary>
/// How far a folder has been read. Keep it: with it nothing is lost or told twice after a restart.
/// </summary>
/// <param name="Folder">The full name in Unicode.</param>
/// <param name="UidValidity">The UIDVALIDITY under which the UID holds; 0 before the first look.</param>
/// <param name="LastUid">The highest UID told.</param>
/// <param name="NewestAt">The latest arrival told, by the server's clock; null before the first.</param>
public sealed record ImapCursor(
    string Folder, uint UidValidity = 0, uint LastUid = 0, DateTimeOffset? NewestAt = null);

/// <summary>Something a watch tells. Keep the cursor once the news is dealt with.</summary>
/// <param name="Cursor">How far the folder has been read with this news.</param>
public abstract record ImapNews(ImapCursor Cursor)
{
    /// <summary>A message arrived.</summary>
    /// <param name="Cursor">The cursor after it.</param>
    /// <param name="Message">Its envelope, size, flags and arrival.</param>
    public sealed record Arrived(ImapCursor Cursor, ImapMessage Message) : ImapNews(Cursor);

    /// <summary>A message came that was told before, from this folder or another one.</summary>
    /// <param name="Cursor">The cursor after it.</param>
    /// <param name="Uid">Its UID.</param>
    public sealed record Repeated(ImapCursor Cursor, uint Uid) : ImapNews(Cursor);

    /// <summary>A message is there, but the server will not give it.</summary>
    /// <param name="Cursor">The cursor after it.</param>
    /// <param name="Uid">Its UID.</param>
    public sealed record Unreadable(ImapCursor Cursor, uint Uid) : ImapNews(Cursor);

    /// <summary>
    /// The server numbered the folder anew; messages already told are recognised and not told again.
    /// </summary>
    /// <param name="Cursor">The cursor under the new numbers.</param>
    /// <param name="Before">The UIDVALIDITY before.</param>
    public sealed record Renumbered(ImapCursor Cursor, uint Before) : ImapNews(Cursor);

    /// <summary>The connection was lost and will be made again.</summary>
    /// <param name="Cursor">The cursor as it stands.</param>
    /// <param name="Failure">What happened.</param>
    /// <param name="RetryIn">When the next attempt is made.</param>
    public sealed record Interrupted(
        ImapCursor Cursor, ImapFailure Failure, TimeSpan RetryIn) : ImapNews(Cursor);

    /// <summary>The watch ended, because trying again would not help.</summary>
    /// <param name="Cursor">The cursor as it stands.</param>
    /// <param name="Failure">What happened.</param>
    public sealed record Stopped(ImapCursor Cursor, ImapFailure Failure) : ImapNews(Cursor);
}

/// <summary>
/// Follows a folder for as long as it is wanted: reads what is new, waits by IDLE, connects again when the
/// connection is lost. The folder is opened read-only.
/// </summary>
/// <param name="connect">Opens a session; asked anew for each connection, so that tokens can be
/// renewed.</param>
/// <param name="seen">Recognises messages told before, in this folder or another one.</param>
/// <param name="time">The clock of the pauses between attempts.</param>
/// <param name="random">Spreads the attempts of many watches.</param>
public sealed class ImapWatch(
    Func<CancellationToken, Task<ImapSession>> connect, SeenMessages seen, TimeProvider time, Random random)
{
    /// <summary>The pause after the first lost connection; it doubles with each further one.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two attempts.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    const int MostDoublings = 10;

    /// <summary>Follows a folder until cancelled.</summary>
    /// <param name="cursor">
    /// How far it has been read. Under UIDVALIDITY 0 the watch starts at the end of the folder and tells
    /// nothing old.
    /// </param>
    /// <param name="cancel">Ends the watch.</param>
    public async IAsyncEnumerable<ImapNews> Follow(
        ImapCursor cursor, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var failures = 0;
        while (!cancel.IsCancellationRequested)
        {
            var round = new Round(connect, seen);
            await using (round)
            {
                await foreach (var news in round.Run(cursor, cancel))
                {
                    cursor = news.Cursor;
                    failures = 0;
                    yield return news;
                }
            }

            if (cancel.IsCancellationRequested) yield break;
            if (!round.Failure!.MayPass)
            {
                yield return new ImapNews.Stopped(cursor, round.Failure);
                yield break;
            }

            if (round.WasUp) failures = 0;
            var pause = Pause(failures++);
            yield return new ImapNews.Interrupted(cursor, round.Failure, pause);
            await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    TimeSpan Pause(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failures, MostDoublings));
        // Up to half is taken off at random, or all watches of a provider would come back at once.
        return (pause < LongestPause ? pause : LongestPause) * (1 - (random.NextDouble() / 2));
    }

    /// <summary>One connection: it scans, waits and scans until it fails.</summary>
    sealed class Round(
        Func<CancellationToken, Task<ImapSession>> connect, SeenMessages seen) : IAsyncDisposable
    {
        ImapSession? session;

        public ImapFailure? Failure { get; private set; }

        public bool WasUp { get; private set; }

        public async IAsyncEnumerable<ImapNews> Run(
            ImapCursor cursor, [EnumeratorCancellation] CancellationToken cancel)
        {
            while (await Try(async () => session ??= await connect(cancel)))
            {
                var news = new ImapScan(session!, seen).Run(cursor, cancel);
                await using var scan = news.GetAsyncEnumerator(cancel);
                var more = true;
                while (more && await Try(async () => more = await scan.MoveNextAsync()))
                {
                    if (!more) break;
                    cursor = scan.Current.Cursor;
                    yield return scan.Current;
                }

                if (Failure is not null) yield break;
                WasUp = true;
                if (!await Try(() => session!.WaitForNews(cancel))) yield break;
            }
        }

        async Task<bool> Try(Func<Task> act)
        {
            try
            {
                await act();
                return true;
            }
            catch (ImapFailed failed)
            {
                Failure = failed.Failure;
            }
            catch (OperationCanceledException)
            {
                Failure = new ImapFailure(ImapFailureKind.Disconnected, "The watch was ended.");
            }

            return false;
        }

        public ValueTask DisposeAsync() => session?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
