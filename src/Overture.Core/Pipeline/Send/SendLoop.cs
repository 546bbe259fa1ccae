using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Sending on this node, for as long as it works: every mailbox that has something due is kept at work by
/// itself, so that a slow server holds up nobody else's. All nodes do this at once; claims keep them apart.
/// </summary>
public sealed class SendLoop(
    SendDue send, Recording recording, TimeProvider time, ILogger<SendLoop> log)
{
    readonly Dictionary<(long WorkspaceId, long MailboxId), Task<int>> atWork = [];

    /// <summary>Batches that broke off: what this node still holds of them is in nobody's hands.</summary>
    readonly ConcurrentQueue<(long WorkspaceId, long MailboxId, int Node)> brokenOff = new();

    /// <summary>Sends until stopped; then waits for the answers to dots that have left.</summary>
    public async Task Work(Func<int> node, TimeSpan interval, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Start(node, stop);
                await Task.Delay(interval, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(atWork.Values);
        }
    }

    /// <summary>Sends everything that may leave now, and returns how much was tried.</summary>
    public async Task<int> Drain(int node, CancellationToken stop)
    {
        await Start(() => node, stop);
        return (await Task.WhenAll(atWork.Values)).Sum();
    }

    async Task Start(Func<int> node, CancellationToken stop)
    {
        try
        {
            // Before anything new is begun: where this cannot be written, nothing else could be either.
            while (brokenOff.TryPeek(out var left))
            {
                await send.LetGo(left.WorkspaceId, left.MailboxId, left.Node, stop);
                brokenOff.TryDequeue(out _);
            }

            foreach (var due in await send.MailboxesDue(stop))
                if (!atWork.TryGetValue(due, out var working) || working.IsCompleted)
                    atWork[due] = FromMailbox(due.WorkspaceId, due.MailboxId, node, stop);
        }
        catch (NpgsqlException away)
        {
            log.LogWarning("Sending waits for the database: {Reason}", away.Message);
            await recording.Fails(away);
        }
    }

    async Task<int> FromMailbox(long workspaceId, long mailboxId, Func<int> node, CancellationToken stop)
    {
        var (total, current) = (0, 0);
        try
        {
            // The number is asked for each time: a node that had lost the database has another since.
            while (await send.FromMailbox(
                workspaceId, mailboxId, current = node(), stop) is > 0 and var tried)
                total += tried;
        }
        catch (NpgsqlException away)
        {
            brokenOff.Enqueue((workspaceId, mailboxId, current));
            log.LogWarning("Mailbox {Id} waits for the database: {Reason}", mailboxId, away.Message);
            await recording.Fails(away);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.LogDebug("Mailbox {Id} stopped sending.", mailboxId);
        }
        catch (Exception failure)
        {
            brokenOff.Enqueue((workspaceId, mailboxId, current));
            log.LogError(failure, "Sending from mailbox {Id} failed.", mailboxId);
        }

        return total;
    }
}
