using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A link or pixel of one message, and when that message left.</summary>
sealed record TrackedLink(
    long WorkspaceId, long MessageId, string? Url, long EnrollmentId, long CampaignId, long ContactId,
    DateTime? SentAt);

/// <summary>All SQL over tracked links and visits to them.</summary>
static class TrackingStore
{
    public static async Task<CampaignTracking> Get(
        Session session, long campaignId, CancellationToken cancel) =>
        await session.Maybe<CampaignTracking>(
            """
            select opens, clicks from campaign_tracking
            where workspace_id = @WorkspaceId and campaign_id = @campaignId
            """,
            new { session.WorkspaceId, campaignId }, cancel) ?? CampaignTracking.Off;

    public static Task<int> Put(
        Session session, long campaignId, CampaignTracking wanted, string by, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into campaign_tracking (workspace_id, campaign_id, opens, clicks, updated_at, updated_by)
            values (@WorkspaceId, @campaignId, @Opens, @Clicks, @now, @by)
            on conflict (workspace_id, campaign_id) do update set opens = excluded.opens,
                clicks = excluded.clicks, updated_at = @now, updated_by = @by
            """,
            new { session.WorkspaceId, campaignId, wanted.Opens, wanted.Clicks, by, now }, cancel);

    /// <summary>Keeps where a link leads; building the message again keeps the same.</summary>
    public static Task<int> KeepLink(
        Session session, byte[] tokenHash, long messageId, string? url, CancellationToken cancel) =>
        session.Run(
            """
            insert into tracked_links (workspace_id, token_hash, message_id, url)
            values (@WorkspaceId, @tokenHash, @messageId, @url)
            on conflict (token_hash) do nothing
            """,
            new { session.WorkspaceId, tokenHash, messageId, url }, cancel);

    /// <summary>Whose link this is, in any workspace.</summary>
    public static Task<TrackedLink?> Find(Session session, byte[] tokenHash, CancellationToken cancel) =>
        session.Maybe<TrackedLink>(
            """
            select t.workspace_id, t.message_id, t.url, m.enrollment_id, e.campaign_id, m.contact_id, m.sent_at
            from tracked_links t
            join messages m on m.workspace_id = t.workspace_id and m.id = t.message_id
            join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            where t.token_hash = @tokenHash
            """,
            new { tokenHash }, cancel);

    public static Task<int> KeepVisit(
        Session session, long messageId, string kind, bool isMachine, string reason, string? url,
        string userAgent, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into tracked_visits (workspace_id, message_id, kind, is_machine, reason, url, user_agent,
                visited_at)
            values (@WorkspaceId, @messageId, @kind, @isMachine, @reason, @url, @userAgent, @now)
            """,
            new { session.WorkspaceId, messageId, kind, isMachine, reason, url, userAgent, now }, cancel);

    /// <summary>How many different links of a message were followed since then, and how many visits it has.</summary>
    public static Task<(int Links, int Visits)> Recent(
        Session session, long messageId, DateTime since, CancellationToken cancel) =>
        session.One<(int, int)>(
            """
            select count(distinct url) filter (where kind = 'click' and visited_at >= @since)::int, count(*)::int
            from tracked_visits where workspace_id = @WorkspaceId and message_id = @messageId
            """,
            new { session.WorkspaceId, messageId, since }, cancel);

    /// <summary>Several links within a moment: whoever followed them was a machine, from the first one on.</summary>
    public static Task<int> MarkMachine(
        Session session, long messageId, DateTime since, string reason, CancellationToken cancel) =>
        session.Run(
            """
            with marked as (
                update tracked_visits set is_machine = true, reason = @reason
                where workspace_id = @WorkspaceId and message_id = @messageId and kind = 'click'
                  and visited_at >= @since and not is_machine)
            update events set data = data || '{"human": false}'
            where workspace_id = @WorkspaceId and message_id = @messageId and kind = 'clicked'
              and occurred_at >= @since
            """,
            new { session.WorkspaceId, messageId, since, reason }, cancel);

    /// <summary>Whether a person, or a machine, was told to have opened or clicked this message before.</summary>
    public static Task<bool> IsTold(
        Session session, long messageId, string kind, bool human, CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (select from events where workspace_id = @WorkspaceId and message_id = @messageId
                and kind = @kind and (data ->> 'human')::boolean = @human)
            """,
            new { session.WorkspaceId, messageId, kind, human }, cancel);

    public static Task<TrackingCounts> Counts(Session session, long campaignId, CancellationToken cancel) =>
        session.One<TrackingCounts>(
            """
            select count(distinct t.message_id) filter (where t.kind = 'open' and not t.is_machine)
                    as opened_by_people,
                count(distinct t.message_id) filter (where t.kind = 'open' and t.is_machine)
                    as opened_by_machines,
                count(distinct t.message_id) filter (where t.kind = 'click' and not t.is_machine)
                    as clicked_by_people,
                count(distinct t.message_id) filter (where t.kind = 'click' and t.is_machine)
                    as clicked_by_machines
            from tracked_visits t
            join messages m on m.workspace_id = t.workspace_id and m.id = t.message_id
            join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            where t.workspace_id = @WorkspaceId and e.campaign_id = @campaignId
            """,
            new { session.WorkspaceId, campaignId }, cancel);
}
