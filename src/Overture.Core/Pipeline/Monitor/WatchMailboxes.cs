using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// Waits at mailboxes by IDLE, so that a reply is here within a second. Each mailbox is watched by the one
/// node that holds its lease; what cannot be watched is looked into by the poll.
/// </summary>
public sealed class WatchMailboxes(
    Database database, OpenMailbox open, ScanMailbox scan, TimeProvider time, ILogger<WatchMailboxes> log)
{
    const int MostPerNode = 200;
    static readonly TimeSpan LooksForMore = TimeSpan.FromSeconds(15);

    /// <summary>Watches for as long as the node lives.</summary>
    public async Task Run(int node, CancellationToken cancel)
    {
        var watched = new Dictionary<(long, long), Task>();
        while (!cancel.IsCancellationRequested)
        {
            foreach (var done in watched.Where(one => one.Value.IsCompleted).Select(one => one.Key).ToList())
                watched.Remove(done);
            foreach (var reader in await Due(node, MostPerNode - watched.Count, cancel))
                watched[(reader.WorkspaceId, reader.MailboxId)] = Watch(reader, cancel);
            await Task.Delay(LooksForMore, time, cancel)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(watched.Values);
    }

    async Task<IReadOnlyList<MailboxReader>> Due(int node, int places, CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            return places <= 0 ? [] : await database.InInstance(
                session => MailboxReaderStore.LeaseDue(
                    session, node, now, now + ScanMailbox.Lease, places, cancel), cancel);
        }
        catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
        {
            if (!cancel.IsCancellationRequested)
                log.LogWarning("The watch waits for the database: {Reason}", away.Message);
            return [];
        }
    }

    /// <summary>Looks, waits for news, looks again, until something fails or the node stops.</summary>
    internal async Task Watch(MailboxReader reader, CancellationToken cancel)
    {
        try
        {
            if (reader.Kind == ReaderKind.Gmail)
            {
                await scan.Run(reader, cancel); // Its history is asked; there is nothing to wait at.
                return;
            }

            var mailbox = await scan.Mailbox(reader, cancel);
            await using var session = await open.Connect(mailbox, reader, cancel);
            while (await IsWanted(reader, cancel))
            {
                await scan.Look(session, mailbox, reader, cancel);
                await session.Open("INBOX", readOnly: true, cancel);
                await WaitForNews(session, cancel);
            }
        }
        catch (ImapFailed failed)
        {
            await Quietly(() => scan.Failed(reader, failed.Failure, CancellationToken.None));
        }
        catch (Exception broken) when (broken is RuleBroken or SecretUnreadable)
        {
            await Quietly(() => scan.Failed(
                reader, new ImapFailure(ImapFailureKind.Login, broken.Message), CancellationToken.None));
        }
        catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
        {
            if (!cancel.IsCancellationRequested)
                log.LogWarning("The watch of mailbox {Id} ended: {Reason}", reader.MailboxId, away.Message);
        }
        finally
        {
            await Quietly(() => scan.Release(reader));
        }
    }

    /// <summary>
    /// News, or the time for a look anyway: the spam folder tells nobody that something came.
    /// </summary>
    async Task WaitForNews(ImapSession session, CancellationToken cancel)
    {
        using var over = new CancellationTokenSource(ScanMailbox.Interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, over.Token);
        try
        {
            await session.WaitForNews(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            log.LogTrace("Nothing came in {Interval}.", ScanMailbox.Interval);
        }
    }

    /// <summary>
    /// Settings that changed, a pause or a lost lease end the watch; the next one begins anew.
    /// </summary>
    Task<bool> IsWanted(MailboxReader reader, CancellationToken cancel) =>
        database.InWorkspace(
            reader.WorkspaceId,
            async session =>
            {
                var now = await MailboxReaderStore.Find(session, reader.MailboxId, cancel);
                return now is { State: ReaderState.Listening } && IsSame(now, reader)
                    && await MailboxReaderStore.HoldLease(
                        session, reader, time.GetUtcNow().UtcDateTime + ScanMailbox.Lease, cancel);
            },
            cancel);

    static bool IsSame(MailboxReader left, MailboxReader right) =>
        left.ImapHost == right.ImapHost && left.ImapPort == right.ImapPort
        && left.ImapSecurity == right.ImapSecurity && left.ImapUsername == right.ImapUsername
        && left.ImapLogin == right.ImapLogin && left.ImapCa == right.ImapCa
        && left.Aliases.SequenceEqual(right.Aliases)
        && (left.ImapSecret ?? []).AsSpan().SequenceEqual(right.ImapSecret ?? []);

    async Task Quietly(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (NpgsqlException away)
        {
            log.LogWarning("The end of a watch could not be written: {Reason}", away.Message);
        }
    }
}
