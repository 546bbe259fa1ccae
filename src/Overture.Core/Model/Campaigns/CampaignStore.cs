using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over campaigns, their sequences, steps and variants.</summary>
static class CampaignStore
{
    const string Columns =
        """
        id, name, goal, state, paused_reason, mailbox_id, audience::text as audience, created_at, started_at
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
    /// Holds the row against a pause until the transaction ends; other senders may hold it too.
    /// </summary>
    public static Task<Campaign?> HoldShared(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Campaign>(
            $"select {Columns} from campaigns where workspace_id = @WorkspaceId and id = @id for share",
            new { session.WorkspaceId, id }, cancel);

    public static Task<IReadOnlyList<Campaign>> List(Session session, CancellationToken cancel) =>
        session.List<Campaign>(
            $"""
            select {Columns} from campaigns where workspace_id = @WorkspaceId
            order by (state = 'archived'), id desc
            """,
            new { session.WorkspaceId }, cancel);

    public static Task<long> Insert(
        Session session, string name, string goal, long? mailboxId, string audience, DateTime now,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into campaigns (workspace_id, name, goal, state, mailbox_id, audience, created_at,
                updated_at)
            values (@WorkspaceId, @name, @goal, 'draft', @mailboxId, @audience::jsonb, @now, @now)
            returning id
            """,
            new { session.WorkspaceId, name, goal, mailboxId, audience, now }, cancel);

    public static Task<int> Update(
        Session session, long id, string name, string goal, long? mailboxId, string audience, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update campaigns
                set name = @name, goal = @goal, mailbox_id = @mailboxId, audience = @audience::jsonb,
                    updated_at = @now
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, name, goal, mailboxId, audience, now }, cancel);

    public static Task<int> SetState(
        Session session, long id, CampaignState state, string? reason, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update campaigns set state = @state, paused_reason = @reason, updated_at = @now,
                started_at = case when @state = 'running' then coalesce(started_at, @now) else started_at end,
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

    public static async Task<IReadOnlyList<Step>> Steps(
        Session session, long campaignId, CancellationToken cancel)
    {
        var steps = await session.List<Step>(
            """
            select st.id, st.position, st.channel, st.delay_days
            from steps st join sequences s on s.workspace_id = st.workspace_id and s.id = st.sequence_id
            where st.workspace_id = @WorkspaceId and s.campaign_id = @campaignId order by st.position
            """,
            new { session.WorkspaceId, campaignId }, cancel);
        var variants = await session.List<Variant>(
            """
            select id, step_id, name, subject, body from variants
            where workspace_id = @WorkspaceId and step_id = any(@ids) order by name
            """,
            new { session.WorkspaceId, ids = steps.Select(step => step.Id).ToArray() }, cancel);
        var byStep = variants.ToLookup(variant => variant.StepId);
        return [.. steps.Select(step => step with { Variants = [.. byStep[step.Id]] })];
    }

    public static Task<long> PutStep(
        Session session, long sequenceId, int position, Channel channel, int delayDays,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into steps (workspace_id, sequence_id, position, channel, delay_days)
            values (@WorkspaceId, @sequenceId, @position, @channel, @delayDays)
            on conflict (workspace_id, sequence_id, position)
                do update set channel = excluded.channel, delay_days = excluded.delay_days
            returning id
            """,
            new { session.WorkspaceId, sequenceId, position, channel = Word(channel), delayDays }, cancel);

    public static Task<long> PutVariant(
        Session session, long stepId, string name, string subject, string body, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into variants (workspace_id, step_id, name, subject, body)
            values (@WorkspaceId, @stepId, @name, @subject, @body)
            on conflict (workspace_id, step_id, name) do update
                set subject = excluded.subject, body = excluded.body
            returning id
            """,
            new { session.WorkspaceId, stepId, name, subject, body }, cancel);

    /// <summary>Removes the last steps of a campaign that never started.</summary>
    public static Task<int> DropStepsAfter(
        Session session, long campaignId, int keep, CancellationToken cancel) =>
        session.Run(
            """
            delete from steps st using sequences s
            where st.workspace_id = @WorkspaceId and s.workspace_id = st.workspace_id
                and s.id = st.sequence_id
              and s.campaign_id = @campaignId and st.position > @keep
            """,
            new { session.WorkspaceId, campaignId, keep }, cancel);

    /// <summary>Removes wordings beyond the first few, unless somebody was written to with them.</summary>
    public static Task<int> DropUnusedVariants(
        Session session, long stepId, int keep, CancellationToken cancel) =>
        session.Run(
            """
            delete from variants v where workspace_id = @WorkspaceId and step_id = @stepId
              and ascii(name) - ascii('A') >= @keep
              and not exists (select from messages m
                  where m.workspace_id = v.workspace_id and m.variant_id = v.id)
            """,
            new { session.WorkspaceId, stepId, keep }, cancel);

    internal static string Word(Channel channel) => channel.ToString().ToLowerInvariant();
}
