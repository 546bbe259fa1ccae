using System.Collections.Concurrent;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Send phase: for every mailbox with something due, claims what its limits allow and sends it.
/// </summary>
public sealed class SendDue(Database database, SendMessage send, TimeProvider time)
{
    const int ClaimSize = 100;
    const int ConnectionsPerMailbox = 8;
    const int MailboxesAtOnce = 32;

    /// <summary>
    /// Longer than the longest wait for an answer to the dot, so a claim never ends under a live sender.
    /// </summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    /// <summary>Sends one batch in every workspace; returns how many intents were tried.</summary>
    public Task<int> RunBatch(int node, CancellationToken cancel) => RunBatch(node, null, cancel);

    /// <summary>Sends one batch in one workspace, or in all when none is named.</summary>
    public async Task<int> RunBatch(int node, long? workspaceId, CancellationToken cancel)
    {
        var tried = 0;
        await Parallel.ForEachAsync(
            (await MailboxesDue(cancel)).Where(due => workspaceId is null || due.WorkspaceId == workspaceId),
            new ParallelOptions { MaxDegreeOfParallelism = MailboxesAtOnce, CancellationToken = cancel },
            async (due, stop) => Interlocked.Add(
                ref tried, await FromMailbox(due.WorkspaceId, due.MailboxId, node, stop)));
        return tried;
    }

    public Task<IReadOnlyList<(long WorkspaceId, long MailboxId)>> MailboxesDue(CancellationToken cancel) =>
        database.InInstance(
            session => IntentStore.MailboxesDue(session, time.GetUtcNow().UtcDateTime, cancel), cancel);

    /// <summary>One claim of one mailbox; returns how many intents were tried.</summary>
    public async Task<int> FromMailbox(
        long workspaceId, long mailboxId, int node, CancellationToken cancel)
    {
        // The claim is committed before anything is done with its rows: uncommitted claims are nobody's.
        var claimed = await database.InWorkspace(
            workspaceId, session => Claim(session, mailboxId, node, cancel), cancel);
        var waiting = new ConcurrentQueue<Letter>(claimed);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(ConnectionsPerMailbox, claimed.Count))
                .Select(_ => send.Run(waiting, node, cancel)));
        }
        catch (OperationCanceledException)
        {
            await GiveBack(workspaceId, claimed);
            throw;
        }

        return claimed.Count;
    }

    /// <summary>
    /// Ends this node's leases on a mailbox after a batch broke off, so that recovery settles at once what it
    /// left. Only while nothing of that mailbox is under way here.
    /// </summary>
    public Task<int> LetGo(long workspaceId, long mailboxId, int node, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => IntentStore.EndLeases(session, mailboxId, node, time.GetUtcNow().UtcDateTime, cancel),
            cancel);

    async Task<IReadOnlyList<Letter>> Claim(
        Session session, long mailboxId, int node, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var workspace = await WorkspaceStore.Get(session, cancel);
        var mailbox = await MailboxStore.Find(session, mailboxId, cancel)
            ?? throw RuleBroken.NotFound("mailbox", mailboxId);
        var situation = await SituationReader.OfMailbox(session, workspace, mailbox, now, cancel);
        if (SendingRule.Against(situation).Count > 0) return [];
        var claimed = await IntentStore.ClaimDue(
            session, mailboxId, node, now, now + Lease, Math.Min(ClaimSize, situation.PlacesLeft), cancel);
        if (claimed.Count == 0) return [];
        await session.FindByKeys(cancel);
        return await Letter.Load(session, claimed, mailbox, workspace, cancel);
    }

    /// <summary>Claims only: what was submitted may have left, and recovery settles it.</summary>
    Task GiveBack(long workspaceId, IReadOnlyList<Letter> claimed)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                foreach (var letter in claimed)
                    await IntentStore.GiveBack(
                        session, letter.Intent, null, now, now, CancellationToken.None);
            },
            CancellationToken.None);
    }
}
