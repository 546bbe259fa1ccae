using Overture.Core.Data;

namespace Overture.Core.Reports;

/// <summary>The counters of a campaign.</summary>
public sealed record CampaignCounters
{
    public long CampaignId { get; init; }
    public long Enrolled { get; init; }
    public long Active { get; init; }
    public long Finished { get; init; }
    public long Composed { get; init; }
    public long Captured { get; init; }
    public long Sent { get; init; }

    /// <summary>Sent, and no bounce came back.</summary>
    public long Delivered { get; init; }

    /// <summary>Messages that a person opened; what only a machine opened is counted beside it.</summary>
    public long Opened { get; init; }

    public long OpenedByMachines { get; init; }
    public long Clicked { get; init; }
    public long Replied { get; init; }
    public long Positive { get; init; }
    public long TasksDone { get; init; }
    public long Bounced { get; init; }
    public long Unsubscribed { get; init; }
    public long Failed { get; init; }
    public long Uncertain { get; init; }
}

/// <summary>What waits in a campaign, and for what.</summary>
public sealed record CampaignWaiting
{
    /// <summary>Messages that are due and not sent.</summary>
    public long Due { get; init; }

    /// <summary>Enrollments whose next step could not be written.</summary>
    public long Blocked { get; init; }

    /// <summary>Enrollments whose next step is due later, and the first such time.</summary>
    public long Later { get; init; }
    public DateTime? NextDueAt { get; init; }

    /// <summary>Messages that were put off, and when the first is tried again.</summary>
    public long PutOff { get; init; }
    public DateTime? NextTryAt { get; init; }
    public string? PutOffReason { get; init; }
}

/// <summary>Read-only SQL for the campaign pages.</summary>
public sealed class CampaignReport(Database database)
{
    const string Counters =
        """
        select c.id as campaign_id,
            count(*) filter (where e.kind = 'enrolled') as enrolled,
            count(*) filter (where e.kind = 'captured') as captured,
            count(*) filter (where e.kind in ('sent', 'uncertain')) as sent,
            greatest(count(*) filter (where e.kind = 'sent') - count(*) filter (where e.kind = 'bounced'), 0)
            as delivered,
            count(distinct e.message_id) filter (where e.kind = 'opened' and e.data ->> 'human' = 'true') as opened,
            count(distinct e.message_id) filter (where e.kind = 'opened' and not exists (
                select from events h where h.workspace_id = e.workspace_id and h.message_id = e.message_id
                    and h.enrollment_id = e.enrollment_id and h.kind = 'opened'
                    and h.data ->> 'human' = 'true')) as opened_by_machines,
            count(distinct e.message_id) filter (where e.kind = 'clicked' and e.data ->> 'human' = 'true')
                as clicked,
            count(distinct e.enrollment_id) filter (where e.kind = 'replied') as replied,
            count(distinct e.enrollment_id) filter (
                where e.kind = 'replied' and e.data ->> 'intent' = 'positive') as positive,
            count(*) filter (where e.kind = 'task_done') as tasks_done,
            count(*) filter (where e.kind = 'bounced') as bounced,
            count(*) filter (where e.kind = 'unsubscribed') as unsubscribed,
            count(*) filter (where e.kind = 'failed') as failed,
            count(*) filter (where e.kind = 'uncertain') as uncertain,
            (select count(*) from messages m join enrollments n on n.workspace_id = m.workspace_id
                and n.id = m.enrollment_id
                    where n.workspace_id = c.workspace_id and n.campaign_id = c.id) as composed,
            (select count(*) from enrollments n where n.workspace_id = c.workspace_id and n.campaign_id = c.id
                and n.state = 'active') as active,
            (select count(*) from enrollments n where n.workspace_id = c.workspace_id and n.campaign_id = c.id
                and n.state = 'finished') as finished
        from campaigns c left join events e on e.workspace_id = c.workspace_id and e.campaign_id = c.id
        where c.workspace_id = @WorkspaceId
        """;

    public Task<IReadOnlyList<CampaignCounters>> All(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<CampaignCounters>(
                $"{Counters} group by c.workspace_id, c.id", new { session.WorkspaceId }, cancel),
            cancel);

    public Task<CampaignCounters> Of(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await session.Maybe<CampaignCounters>(
                $"{Counters} and c.id = @id group by c.workspace_id, c.id", new { session.WorkspaceId, id },
                cancel)
                ?? throw Model.RuleBroken.NotFound("campaign", id),
            cancel);

    internal static Task<CampaignWaiting> Waiting(
        Session session, long id, DateTime now, CancellationToken cancel) =>
        session.One<CampaignWaiting>(
            """
            with own as (
                select n.* from enrollments n
                where n.workspace_id = @WorkspaceId and n.campaign_id = @id and n.state = 'active'),
            intents as (
                select i.* from send_intents i join own on own.id = i.enrollment_id
                where i.workspace_id = @WorkspaceId and i.state = 'planned')
            select
                (select count(*) from intents where due_at <= @now) as due,
                (select count(*) from own where blocked_reason is not null) as blocked,
                (select count(*) from own where due_at > @now and blocked_reason is null) as later,
                (select min(due_at) from own where due_at > @now and blocked_reason is null) as next_due_at,
                (select count(*) from intents where due_at > @now) as put_off,
                (select min(due_at) from intents where due_at > @now) as next_try_at,
                (select reason from intents where due_at > @now order by due_at limit 1) as put_off_reason
            """,
            new { session.WorkspaceId, id, now }, cancel);

    /// <summary>Why steps could not be written, the most frequent reason first.</summary>
    internal static Task<IReadOnlyList<(string Reason, long Count)>> BlockedReasons(
        Session session, long id, CancellationToken cancel) =>
        session.List<(string, long)>(
            """
            select blocked_reason, count(*) from enrollments
            where workspace_id = @WorkspaceId and campaign_id = @id and state = 'active'
                and blocked_reason is not null
            group by blocked_reason order by count(*) desc limit 20
            """,
            new { session.WorkspaceId, id }, cancel);
}
