using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over which mailboxes share a campaign, and who writes to whom.</summary>
static class RotationStore
{
    /// <summary>Who writes to each already, and whether its campaign has more than one mailbox.</summary>
    public static Task<IReadOnlyList<(long Id, long? MailboxId, bool HasOthers)>> FindMany(
        Session session, long[] enrollmentIds, CancellationToken cancel) =>
        session.List<(long, long?, bool)>(
            """
            select e.id, e.mailbox_id, exists (
                select from campaign_mailboxes m
                where m.workspace_id = e.workspace_id and m.campaign_id = e.campaign_id)
            from enrollments e where e.workspace_id = @WorkspaceId and e.id = any(@enrollmentIds)
            """,
            new { session.WorkspaceId, enrollmentIds }, cancel);

    public static void KeepAll(Batch batch, IReadOnlyDictionary<long, long> mailboxes) =>
        batch.Run(
            """
            update enrollments e set mailbox_id = n.mailbox_id
            from unnest(@ids, @mailboxIds) as n(id, mailbox_id)
            where e.workspace_id = @WorkspaceId and e.id = any(@ids) and e.id = n.id
              and e.mailbox_id is null
            """,
            new
            {
                batch.WorkspaceId, ids = mailboxes.Keys.ToArray(), mailboxIds = mailboxes.Values.ToArray(),
            });

    /// <summary>Those that share a campaign besides its own mailbox.</summary>
    public static Task<IReadOnlyList<long>> Others(
        Session session, long campaignId, CancellationToken cancel) =>
        session.List<long>(
            """
            select mailbox_id from campaign_mailboxes
            where workspace_id = @WorkspaceId and campaign_id = @campaignId order by mailbox_id
            """,
            new { session.WorkspaceId, campaignId }, cancel);

    public static async Task SetOthers(
        Session session, long campaignId, IReadOnlyList<long> mailboxIds, CancellationToken cancel)
    {
        var ids = mailboxIds.ToArray();
        await session.Run(
            """
            delete from campaign_mailboxes
            where workspace_id = @WorkspaceId and campaign_id = @campaignId and mailbox_id <> all(@ids)
            """,
            new { session.WorkspaceId, campaignId, ids }, cancel);
        await session.Run(
            """
            insert into campaign_mailboxes (workspace_id, campaign_id, mailbox_id)
            select @WorkspaceId, @campaignId, id from mailboxes
            where workspace_id = @WorkspaceId and id = any(@ids)
            on conflict do nothing
            """,
            new { session.WorkspaceId, campaignId, ids }, cancel);
    }

    /// <summary>
    /// What left since the day began, what is written and waits, and when it first sent at all.
    /// </summary>
    public static Task<(long Sent, long Waiting, DateTime? First)> Load(
        Session session, long mailboxId, DateTime dayFrom, CancellationToken cancel) =>
        session.One<(long, long, DateTime?)>(
            """
            select (select coalesce(sum(sent), 0) from sender_use
                    where workspace_id = @WorkspaceId and mailbox_id = @mailboxId and quarter >= @dayFrom),
                (select count(*) from send_due
                    where workspace_id = @WorkspaceId and mailbox_id = @mailboxId),
                (select min(quarter) from sender_use
                    where workspace_id = @WorkspaceId and mailbox_id = @mailboxId)
            """,
            new { session.WorkspaceId, mailboxId, dayFrom }, cancel);
}
