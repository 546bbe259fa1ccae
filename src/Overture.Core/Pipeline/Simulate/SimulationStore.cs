using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a simulation reads and sets in its copy.</summary>
static class SimulationStore
{
    /// <summary>Everything is captured, so that no server can be reached however wrong the code is.</summary>
    public static Task<int> Launch(
        Session session, long campaignId, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            with switched as (
                update workspaces set dry_run = true, stopped_at = null, stopped_by = null, stop_reason = null
                where id = @WorkspaceId)
            update campaigns set state = 'running', paused_reason = null,
                started_at = coalesce(started_at, @now)
            where workspace_id = @WorkspaceId and id = @campaignId
            """,
            new { session.WorkspaceId, campaignId, now }, cancel);

    /// <summary>Attempts made since, with what they carried; those of other campaigns too.</summary>
    public static Task<IReadOnlyList<Sent>> SentSince(
        Session session, long afterAttempt, CancellationToken cancel) =>
        session.List<Sent>(
            """
            select a.id, a.submitted_at as at, b.address as mailbox, m.to_address as to, e.contact_id,
                i.step_id, coalesce(st.position, 0) as position, m.subject, e.campaign_id,
                    e.id as enrollment_id, m.id as message_id,
                e.lead_id
            from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            join messages m on m.workspace_id = i.workspace_id and m.id = i.message_id
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            join mailboxes b on b.workspace_id = a.workspace_id and b.id = a.mailbox_id
            join steps st on st.workspace_id = i.workspace_id and st.id = i.step_id
            where a.workspace_id = @WorkspaceId and a.id > @afterAttempt and a.state = 'captured'
            order by a.id
            """,
            new { session.WorkspaceId, afterAttempt }, cancel);

    /// <summary>Messages that a rule has put off at this very moment, by mailbox and reason.</summary>
    public static Task<IReadOnlyList<(string Mailbox, string Reason, DateTime Until, long Count)>> PutOff(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<(string, string, DateTime, long)>(
            """
            select b.address, i.reason, min(i.due_at), count(*)
            from send_intents i join mailboxes b on b.workspace_id = i.workspace_id and b.id = i.mailbox_id
            where i.workspace_id = @WorkspaceId and i.state = 'planned' and i.updated_at = @now
                and i.due_at > @now and i.reason is not null
            group by b.address, i.reason order by 1, 2
            """,
            new { session.WorkspaceId, now }, cancel);

    /// <summary>Mailboxes with messages that are due now, and how many.</summary>
    public static Task<IReadOnlyList<(long MailboxId, long Count)>> Waiting(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<(long, long)>(
            """
            select i.mailbox_id, count(*) from send_intents i
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
            where i.workspace_id = @WorkspaceId and i.state = 'planned' and i.due_at <= @now
                and e.state = 'active' and c.state = 'running'
            group by i.mailbox_id order by i.mailbox_id
            """,
            new { session.WorkspaceId, now }, cancel);

    /// <summary>
    /// When the next step of anybody, or the next message, is due; null when nothing ever is.
    /// </summary>
    public static Task<DateTime?> NextDue(Session session, DateTime now, CancellationToken cancel) =>
        session.One<DateTime?>(
            """
            select least(
                (select min(e.due_at) from enrollments e
                 join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
                 where e.workspace_id = @WorkspaceId and e.state = 'active' and e.due_at > @now
                    and c.state = 'running'),
                (select min(i.due_at) from send_intents i
                 join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
                 join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
                 where i.workspace_id = @WorkspaceId and i.state = 'planned' and i.due_at > @now
                    and e.state = 'active' and c.state = 'running'))
            """,
            new { session.WorkspaceId, now }, cancel);

    public static async Task<IReadOnlyDictionary<string, long>> Ends(
        Session session, long campaignId, CancellationToken cancel) =>
        (await session.List<(string State, long Count)>(
            """
            select coalesce(finish_reason, state), count(*) from enrollments
            where workspace_id = @WorkspaceId and campaign_id = @campaignId group by 1 order by 1
            """,
            new { session.WorkspaceId, campaignId }, cancel))
        .ToDictionary(row => row.State, row => row.Count);

    public static Task<long> LastAttempt(Session session, CancellationToken cancel) =>
        session.One<long>(
            "select coalesce(max(id), 0) from send_attempts where workspace_id = @WorkspaceId",
            new { session.WorkspaceId }, cancel);

    internal sealed record Sent
    {
        public long Id { get; init; }
        public DateTime At { get; init; }
        public required string Mailbox { get; init; }
        public required string To { get; init; }
        public long ContactId { get; init; }
        public long StepId { get; init; }
        public int Position { get; init; }
        public string Subject { get; init; } = "";
        public long CampaignId { get; init; }
        public long EnrollmentId { get; init; }
        public long MessageId { get; init; }
        public long LeadId { get; init; }
    }
}
