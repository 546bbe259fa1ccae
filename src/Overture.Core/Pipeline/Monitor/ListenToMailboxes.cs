using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The poll of the Monitor phase: looks into every mailbox that is due and that no node is waiting at. What
/// was snoozed until now comes back.
/// </summary>
public sealed class ListenToMailboxes(Database database, ScanMailbox scan, TimeProvider time)
{
    const int AtOnce = 8;

    /// <summary>Looks into one batch of due mailboxes; returns how many were looked into.</summary>
    public async Task<int> RunBatch(int node, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var due = await database.InInstance(
            async session =>
            {
                foreach (var (workspaceId, id) in await ConversationStore.WakeSnoozed(session, now, cancel))
                    await session.In(workspaceId).Announce("inbox", id, cancel);
                return await MailboxReaderStore.LeaseDue(
                    session, node, now, now + ScanMailbox.Lease, AtOnce, cancel);
            },
            cancel);
        await Task.WhenAll(due.Select(reader => scan.Run(reader, cancel)));
        return due.Count;
    }

    /// <summary>Looks into one mailbox now, due or not: the retest button.</summary>
    public async Task<ScanOutcome> Now(long workspaceId, long mailboxId, int node, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var reader = await database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await MailboxReaderStore.Find(session, mailboxId, cancel) is null)
                    throw RuleBroken.NotFound("reader of mailbox", mailboxId);
                return await MailboxReaderStore.Lease(
                    session, mailboxId, node, now, now + ScanMailbox.Lease, cancel);
            },
            cancel);
        return reader is null
            ? throw new RuleBroken("mailbox_busy", "This mailbox is being read at this moment. Look again soon.")
            : await scan.Run(reader, cancel);
    }
}
