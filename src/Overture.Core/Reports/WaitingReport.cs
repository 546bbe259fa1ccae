using Overture.Core.Data;

namespace Overture.Core.Reports;

/// <summary>Read-only SQL over what a campaign holds back, and why.</summary>
static class WaitingReport
{
    /// <summary>Messages that are due and not sent, by the mailbox they leave from.</summary>
    public static Task<IReadOnlyList<(long MailboxId, long Count)>> DueByMailbox(
        Session session, long campaignId, DateTime now, CancellationToken cancel) =>
        session.List<(long, long)>(
            """
            select i.mailbox_id, count(*) from send_intents i
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            where i.workspace_id = @WorkspaceId and e.campaign_id = @campaignId and e.state = 'active'
                and i.state = 'planned' and i.due_at <= @now
            group by i.mailbox_id order by count(*) desc, i.mailbox_id
            """,
            new { session.WorkspaceId, campaignId, now }, cancel);

    /// <summary>
    /// Messages that were put off, by the reason: how many, and when the first is tried again.
    /// </summary>
    public static Task<IReadOnlyList<(string? Reason, long Count, DateTime Until)>> PutOff(
        Session session, long campaignId, DateTime now, CancellationToken cancel) =>
        session.List<(string?, long, DateTime)>(
            """
            select i.reason, count(*), min(i.due_at) from send_intents i
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            where i.workspace_id = @WorkspaceId and e.campaign_id = @campaignId and e.state = 'active'
                and i.state = 'planned' and i.due_at > @now
            group by i.reason order by count(*) desc, i.reason limit 20
            """,
            new { session.WorkspaceId, campaignId, now }, cancel);

    /// <summary>Drafts that a person has to approve or to send, by their channel.</summary>
    public static Task<IReadOnlyList<(string Channel, long Count)>> Drafts(
        Session session, long campaignId, CancellationToken cancel) =>
        session.List<(string, long)>(
            """
            select m.channel, count(*) from messages m
            join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            where m.workspace_id = @WorkspaceId and e.campaign_id = @campaignId and e.state = 'active'
                and m.state = 'draft'
            group by m.channel order by m.channel
            """,
            new { session.WorkspaceId, campaignId }, cancel);

    public static Task<long> PausedContacts(Session session, long campaignId, CancellationToken cancel) =>
        session.One<long>(
            """
            select count(*) from enrollments
            where workspace_id = @WorkspaceId and campaign_id = @campaignId and state = 'paused'
            """,
            new { session.WorkspaceId, campaignId }, cancel);
}
