using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What was sent from a campaign or a mailbox, and what came back badly.</summary>
public sealed record SendingRecord
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public long Sent { get; init; }
    public long Bounced { get; init; }
    public long Complained { get; init; }
    public long Replied { get; init; }

    public double BounceShare => Sent == 0 ? 0 : (double)Bounced / Sent;

    public double ComplaintShare => Sent == 0 ? 0 : (double)Complained / Sent;
}

/// <summary>All SQL over guardrails and the counts they look at.</summary>
static class GuardrailStore
{
    const string Counts =
        """
        count(*) filter (where v.kind in ('sent', 'uncertain')) as sent,
        count(distinct v.message_id) filter (where v.kind = 'bounced') as bounced,
        count(distinct v.message_id) filter (where v.kind = 'complained') as complained,
        count(distinct v.enrollment_id) filter (where v.kind = 'replied') as replied
        """;

    const string Kinds = "('sent', 'uncertain', 'bounced', 'complained', 'replied')";

    /// <summary>Running campaigns, each since its guardrail acted last.</summary>
    public static Task<IReadOnlyList<SendingRecord>> Campaigns(
        Session session, DateTime since, CancellationToken cancel) =>
        session.List<SendingRecord>(
            $"""
            select c.id, c.name, {Counts}
            from campaigns c
            left join guardrails g on g.workspace_id = c.workspace_id and g.kind = 'campaign'
                and g.subject_id = c.id
            join events v on v.workspace_id = c.workspace_id and v.campaign_id = c.id and v.kind in {Kinds}
                and v.occurred_at > greatest(@since, coalesce(g.acted_at, @since))
            where c.workspace_id = @WorkspaceId and c.state = 'running'
            group by c.id, c.name order by c.id
            """,
            new { session.WorkspaceId, since }, cancel);

    /// <summary>Mailboxes, each since its guardrail acted last where that is asked for.</summary>
    public static Task<IReadOnlyList<SendingRecord>> Mailboxes(
        Session session, DateTime since, bool sinceActed, CancellationToken cancel) =>
        session.List<SendingRecord>(
            $"""
            select b.id, b.address as name, {Counts}
            from mailboxes b
            left join guardrails g on @sinceActed and g.workspace_id = b.workspace_id and g.kind = 'mailbox'
                and g.subject_id = b.id
            left join (events v
                join send_intents i on i.workspace_id = v.workspace_id and i.message_id = v.message_id)
                on v.workspace_id = b.workspace_id and i.mailbox_id = b.id and v.kind in {Kinds}
                and v.occurred_at > greatest(@since, coalesce(g.acted_at, @since))
            where b.workspace_id = @WorkspaceId
            group by b.id, b.address order by b.id
            """,
            new { session.WorkspaceId, since, sinceActed }, cancel);

    public static Task<SendingRecord> Workspace(Session session, DateTime since, CancellationToken cancel) =>
        session.One<SendingRecord>(
            $"""
            select w.id, w.name, {Counts}
            from workspaces w
            left join guardrails g on g.workspace_id = w.id and g.kind = 'workspace' and g.subject_id = w.id
            left join events v on v.workspace_id = w.id and v.kind in {Kinds}
                and v.occurred_at > greatest(@since, coalesce(g.acted_at, @since))
            where w.id = @WorkspaceId group by w.id, w.name
            """,
            new { session.WorkspaceId, since }, cancel);

    /// <summary>Whether anything came back badly since then.</summary>
    public static Task<bool> HasTrouble(Session session, DateTime since, CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (select from events
                where workspace_id = @WorkspaceId and occurred_at > @since
                    and kind in ('bounced', 'complained'))
            """,
            new { session.WorkspaceId, since }, cancel);

    public static Task<int> Acted(
        Session session, string kind, long subjectId, string reason, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into guardrails (workspace_id, kind, subject_id, acted_at, reason)
            values (@WorkspaceId, @kind, @subjectId, @now, @reason)
            on conflict (workspace_id, kind, subject_id) do update
                set acted_at = excluded.acted_at, reason = excluded.reason
            """,
            new { session.WorkspaceId, kind, subjectId, reason, now }, cancel);
}
