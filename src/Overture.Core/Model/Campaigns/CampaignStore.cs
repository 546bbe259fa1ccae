using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over campaigns and their sequences.</summary>
static class CampaignStore
{
    const string Columns =
        """
        id, name, goal, state, paused_reason, mailbox_id, audience::text as audience, segment_id,
        stop_on_reply, stop_on_company_reply, stop_on_bounce, allows_overlap, new_per_day_limit,
        replace(on_uncertain, '_', '') as on_uncertain, approves_each, pilot_size, created_at, started_at,
        ended_at
        """;

    public static Task<Campaign?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Campaign>(
            $"select {Columns} from campaigns where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<Campaign?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Campaign>(
            $"select {Columns} from campaigns where workspace_id = @WorkspaceId and id = @id for update",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>
    /// Holds rows against a pause until the transaction ends; other senders may hold them too.
    /// </summary>
    public static Rows<Campaign> HoldShared(Batch batch, long[] enrollmentIds) =>
        batch.List<Campaign>(
            $"""
            select {Columns} from campaigns
            where workspace_id = @WorkspaceId and id in (
                select campaign_id from enrollments
                where workspace_id = @WorkspaceId and id = any(@enrollmentIds))
            order by id for share
            """,
            new { batch.WorkspaceId, enrollmentIds });

    public static Task<IReadOnlyList<Campaign>> List(Session session, CancellationToken cancel) =>
        session.List<Campaign>(
            $"""
            select {Columns} from campaigns where workspace_id = @WorkspaceId
            order by (state = 'archived'), (state = 'ended'), id desc
            """,
            new { session.WorkspaceId }, cancel);

    public static Task<long> Insert(
        Session session, CampaignDraft draft, string audience, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into campaigns (workspace_id, name, goal, state, mailbox_id, audience, segment_id,
                stop_on_reply, stop_on_company_reply, stop_on_bounce, allows_overlap, new_per_day_limit,
                on_uncertain, approves_each, created_at, updated_at)
            values (@WorkspaceId, @name, @goal, 'draft', @MailboxId, @audience::jsonb, @SegmentId,
                @StopOnReply, @StopOnCompanyReply, @StopOnBounce, @AllowsOverlap, @NewPerDayLimit,
                @onUncertain, @ApprovesEach, @now, @now)
            returning id
            """,
            Values(session, 0, draft, audience, now), cancel);

    public static Task<int> Update(
        Session session, long id, CampaignDraft draft, string audience, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update campaigns
                set name = @name, goal = @goal, mailbox_id = @MailboxId, audience = @audience::jsonb,
                    segment_id = @SegmentId, stop_on_reply = @StopOnReply,
                    stop_on_company_reply = @StopOnCompanyReply, stop_on_bounce = @StopOnBounce,
                    allows_overlap = @AllowsOverlap,
                    new_per_day_limit = @NewPerDayLimit, on_uncertain = @onUncertain,
                    approves_each = @ApprovesEach, updated_at = @now
            where workspace_id = @WorkspaceId and id = @id
            """,
            Values(session, id, draft, audience, now), cancel);

    public static Task<int> SetState(
        Session session, long id, CampaignState state, string? reason, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update campaigns set state = @state, paused_reason = @reason, updated_at = @now,
                started_at = case when @state = 'running' then coalesce(started_at, @now) else started_at end,
                ended_at = case when @state = 'ended' then @now else ended_at end,
                archived_at = case when @state = 'archived' then @now end
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = state.ToString().ToLowerInvariant(), reason, now },
            cancel);

    public static Task<long> EnsureSequence(Session session, long campaignId, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into sequences (workspace_id, campaign_id) values (@WorkspaceId, @campaignId)
            on conflict (workspace_id, campaign_id) do update set campaign_id = excluded.campaign_id
            returning id
            """,
            new { session.WorkspaceId, campaignId }, cancel);

    public static Task<int> SetPilot(Session session, long id, int? size, CancellationToken cancel) =>
        session.Run(
            "update campaigns set pilot_size = @size where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id, size }, cancel);

    /// <summary>The steps in their order, with the wordings in use.</summary>
    public static Task<IReadOnlyList<Step>> Steps(
        Session session, long campaignId, CancellationToken cancel) =>
        StepStore.InOrder(session, campaignId, cancel);

    /// <summary>How many were enrolled in all, and how many on one day.</summary>
    public static Task<(long Total, int ThatDay)> Enrolled(
        Session session, long campaignId, DateOnly day, CancellationToken cancel) =>
        session.One<(long, int)>(
            """
            select enrolled_total, case when enrolled_on = @day then enrolled_that_day else 0 end
            from sequences where workspace_id = @WorkspaceId and campaign_id = @campaignId for update
            """,
            new { session.WorkspaceId, campaignId, day }, cancel);

    public static Task<int> CountEnrolled(
        Session session, long campaignId, DateOnly day, int added, CancellationToken cancel) =>
        session.Run(
            """
            update sequences set enrolled_total = enrolled_total + @added, enrolled_on = @day,
                enrolled_that_day = case when enrolled_on = @day then enrolled_that_day else 0 end + @added
            where workspace_id = @WorkspaceId and campaign_id = @campaignId
            """,
            new { session.WorkspaceId, campaignId, day, added }, cancel);

    static object Values(Session session, long id, CampaignDraft draft, string audience, DateTime now) => new
    {
        session.WorkspaceId, id, name = draft.Name.Trim(), goal = draft.Goal.Trim(), draft.MailboxId,
        audience, draft.SegmentId, draft.StopOnReply, draft.StopOnCompanyReply, draft.StopOnBounce,
        draft.AllowsOverlap, draft.NewPerDayLimit, onUncertain = StepStore.Word(draft.OnUncertain),
        draft.ApprovesEach, now,
    };

    internal static string Word(Channel channel) => channel.ToString().ToLowerInvariant();
}
