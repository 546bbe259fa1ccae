using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A message that waits for a person's yes.</summary>
public sealed record Draft
{
    public long Id { get; init; }
    public long EnrollmentId { get; init; }
    public long CampaignId { get; init; }
    public long LeadId { get; init; }
    public long StepId { get; init; }
    public long MailboxId { get; init; }
    public string? ToAddress { get; init; }
    public string Subject { get; init; } = "";
    public string Body { get; init; } = "";
    public MessageState State { get; init; }
    public byte[]? ApprovedHash { get; init; }
    public DateTime? ApprovedAt { get; init; }
    public DateTime? ExpiresAt { get; init; }
}

/// <summary>All SQL over messages that wait for approval, or for the moment after it.</summary>
static class ApprovalStore
{
    const string Drafts =
        """
        select m.id, m.enrollment_id, e.campaign_id, e.lead_id, m.step_id,
            coalesce(e.mailbox_id, c.mailbox_id, 0) as mailbox_id, m.to_address, m.subject, m.body, m.state,
            m.approved_hash, m.approved_at, m.expires_at
        from messages m
        join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
        join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
        where m.workspace_id = @WorkspaceId and m.channel = 'email'
        """;

    public static Task<Draft?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Draft>(
            $"{Drafts} and m.id = @id for update of m", new { session.WorkspaceId, id }, cancel);

    /// <summary>The drafts of a campaign up to one of them, in their order.</summary>
    public static Task<IReadOnlyList<Draft>> Matching(
        Session session, long campaignId, long? stepId, long upToId, int limit, CancellationToken cancel) =>
        session.List<Draft>(
            $"""
            {Drafts} and m.awaits_approval and e.campaign_id = @campaignId and m.id <= @upToId
                and (@stepId::bigint is null or m.step_id = @stepId)
                and e.state <> 'finished'
            order by m.id limit @limit for update of m
            """,
            new { session.WorkspaceId, campaignId, stepId, upToId, limit }, cancel);

    public static Task<int> Edit(
        Session session, long id, string subject, string body, int words, CancellationToken cancel) =>
        session.Run(
            """
            update messages set subject = @subject, body = @body, word_count = @words
            where workspace_id = @WorkspaceId and id = @id and state in ('draft', 'approved')
            """,
            new { session.WorkspaceId, id, subject, body, words }, cancel);

    public static Task<int> Approve(
        Session session, long id, byte[] hash, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update messages
                set state = 'approved', approved_hash = @hash, approved_by = @by, approved_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'draft'
            """,
            new { session.WorkspaceId, id, hash, by, now }, cancel);

    public static Task<int> TakeBack(Session session, long id, CancellationToken cancel) =>
        session.Run(
            """
            update messages set state = 'draft', approved_hash = null, approved_by = null, approved_at = null
            where workspace_id = @WorkspaceId and id = @id and state = 'approved'
            """,
            new { session.WorkspaceId, id }, cancel);

    /// <summary>Approved so long ago that nobody can take it back any more, and not held up.</summary>
    public static Task<IReadOnlyList<Draft>> Ripe(
        Session session, DateTime approvedBefore, int limit, CancellationToken cancel) =>
        session.List<Draft>(
            $"""
            {Drafts} and m.is_approved and m.approved_at <= @approvedBefore and e.state = 'active'
            order by m.approved_at, m.id limit @limit for update of m skip locked
            """,
            new { session.WorkspaceId, approvedBefore, limit }, cancel);

    public static Task<int> Schedule(Session session, long id, CancellationToken cancel) =>
        session.Run(
            """
            update messages set state = 'scheduled'
            where workspace_id = @WorkspaceId and id = @id and state = 'approved'
            """,
            new { session.WorkspaceId, id }, cancel);

    /// <summary>Drafts that nobody approved in time.</summary>
    public static Task<IReadOnlyList<Draft>> Expired(
        Session session, DateTime now, int limit, CancellationToken cancel) =>
        session.List<Draft>(
            $"""
            {Drafts} and m.awaits_approval and m.expires_at <= @now
            order by m.id limit @limit for update of m skip locked
            """,
            new { session.WorkspaceId, now, limit }, cancel);

    /// <summary>Drops a draft; its step can be written again.</summary>
    public static Task<int> Drop(Session session, long id, CancellationToken cancel) =>
        session.Run(
            """
            delete from messages where workspace_id = @WorkspaceId and id = @id and state = 'draft'
            """,
            new { session.WorkspaceId, id }, cancel);
}
