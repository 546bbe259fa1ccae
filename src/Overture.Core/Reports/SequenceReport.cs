using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Reports;

/// <summary>One step as a line: who stands at it, whom it has reached, and what came back.</summary>
public sealed record StepResult
{
    public long StepId { get; init; }

    /// <summary>0 when it was removed.</summary>
    public int Position { get; init; }

    public StepKind Kind { get; init; }
    public long Waiting { get; init; }
    public long Reached { get; init; }
    public long Sent { get; init; }
    public long Opened { get; init; }
    public long Clicked { get; init; }
    public long Replied { get; init; }
    public long Positive { get; init; }
}

/// <summary>One wording's results.</summary>
public sealed record VariantResult
{
    public long Id { get; init; }
    public long StepId { get; init; }
    public int Position { get; init; }
    public StepKind Kind { get; init; }
    public string Name { get; init; } = "";
    public string Subject { get; init; } = "";
    public int Weight { get; init; }

    /// <summary>It was replaced or removed, and stays for its results.</summary>
    public bool IsRetired { get; init; }

    public long Composed { get; init; }
    public long Sent { get; init; }
    public long Replied { get; init; }
    public long Positive { get; init; }
}

/// <summary>The wordings of one step against each other.</summary>
public sealed record StepComparison(long StepId, int Position, Comparison Comparison);

/// <summary>One line of the live feed.</summary>
public sealed record CampaignEvent(
    long Id, string Kind, long? LeadId, string? ContactName, string? Subject, string? Data,
    DateTime OccurredAt);

/// <summary>Read-only SQL over what the steps of a campaign have done.</summary>
public sealed class SequenceReport(Database database, TimeProvider time)
{
    /// <summary>More trials than this change a verdict no more.</summary>
    const int MaxTrials = 200_000;

    public Task<IReadOnlyList<StepResult>> Steps(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<StepResult>(
                """
                select st.id as step_id, coalesce(st.position, 0) as position, st.kind,
                    (select count(*) from enrollments e where e.workspace_id = st.workspace_id
                        and e.next_step_id = st.id and e.state <> 'finished') as waiting,
                    count(distinct m.id) + (select count(*) from tasks t where st.kind = 'manual'
                        and t.workspace_id = st.workspace_id and t.step_id = st.id) as reached,
                    count(distinct m.id) filter (where m.state = 'sent') + (select count(*) from tasks t
                        where st.kind = 'manual' and t.workspace_id = st.workspace_id and t.step_id = st.id
                            and t.state = 'done') as sent,
                    count(distinct v.message_id) filter (where v.kind = 'opened'
                        and v.data ->> 'human' = 'true') as opened,
                    count(distinct v.message_id) filter (where v.kind = 'clicked'
                        and v.data ->> 'human' = 'true') as clicked,
                    count(distinct v.message_id) filter (where v.kind = 'replied') as replied,
                    count(distinct v.message_id) filter (where v.kind = 'replied'
                        and v.data ->> 'intent' = 'positive') as positive
                from sequences s
                join steps st on st.workspace_id = s.workspace_id and st.sequence_id = s.id
                left join messages m on m.workspace_id = st.workspace_id and m.step_id = st.id
                left join events v on v.workspace_id = m.workspace_id
                    and v.enrollment_id = m.enrollment_id and v.message_id = m.id
                    and v.kind in ('opened', 'clicked', 'replied')
                where s.workspace_id = @WorkspaceId and s.campaign_id = @id
                group by st.workspace_id, st.id
                order by st.position nulls last, st.id
                """,
                new { session.WorkspaceId, id }, cancel),
            cancel);

    public Task<IReadOnlyList<VariantResult>> Variants(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<VariantResult>(
                """
                select v.id, st.id as step_id, coalesce(st.position, 0) as position, st.kind, v.name,
                    v.subject, v.weight,
                    (v.retired_at is not null or st.retired_at is not null) as is_retired,
                    count(distinct m.id) as composed,
                    count(distinct m.id) filter (where m.state = 'sent') as sent,
                    count(distinct e.message_id) as replied,
                        count(distinct e.message_id) filter (where e.data ->> 'intent' = 'positive')
                        as positive
                from sequences s
                join steps st on st.workspace_id = s.workspace_id and st.sequence_id = s.id
                join variants v on v.workspace_id = st.workspace_id and v.step_id = st.id
                left join messages m on m.workspace_id = v.workspace_id and m.step_id = st.id
                    and m.variant_id = v.id
                left join events e on e.workspace_id = m.workspace_id and e.enrollment_id = m.enrollment_id
                    and e.message_id = m.id and e.kind = 'replied'
                where s.workspace_id = @WorkspaceId and s.campaign_id = @id
                    and st.kind in ('email', 'linkedin')
                group by v.workspace_id, v.id, st.id, st.position, st.kind, st.retired_at, v.name, v.subject,
                    v.weight, v.retired_at
                having v.retired_at is null and st.retired_at is null or count(m.id) > 0
                order by st.position nulls last, st.id, v.name, v.id
                """,
                new { session.WorkspaceId, id }, cancel),
            cancel);

    /// <summary>Every step with more than one wording in use, its wordings compared.</summary>
    public Task<IReadOnlyList<StepComparison>> Comparisons(
        long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var before = time.GetUtcNow().UtcDateTime - VariantComparison.AnswerWindow;
                var found = new List<StepComparison>();
                foreach (var step in await StepStore.InOrder(session, id, cancel))
                {
                    if (step.Channel is null || step.Variants.Count < 2) continue;
                    var trials = await Trials(session, step.Id, before, cancel);
                    found.Add(new StepComparison(step.Id, step.Position, VariantComparison.Of(
                        [.. step.Variants.Select(variant => variant.Id)], trials)));
                }

                return (IReadOnlyList<StepComparison>)found;
            },
            cancel);

    /// <summary>What happened last, the newest first.</summary>
    public Task<IReadOnlyList<CampaignEvent>> Feed(
        long workspaceId, long id, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<CampaignEvent>(
                """
                select e.id, e.kind, n.lead_id, p.full_name as contact_name, m.subject, e.data::text as data,
                    e.occurred_at
                from (select * from events where workspace_id = @WorkspaceId and campaign_id = @id
                    order by id desc limit @limit) e
                left join enrollments n on n.workspace_id = e.workspace_id and n.id = e.enrollment_id
                left join contacts p on p.workspace_id = e.workspace_id and p.id = e.contact_id
                left join messages m on m.workspace_id = e.workspace_id and m.id = e.message_id
                order by e.id desc
                """,
                new { session.WorkspaceId, id, limit = Math.Clamp(limit, 1, PageSize.Most) }, cancel),
            cancel);

    /// <summary>
    /// Messages whose time to be answered is over, in the order of sending. A later answer counts no more, so
    /// that a trial, once told, never changes.
    /// </summary>
    static Task<IReadOnlyList<WordingTrial>> Trials(
        Session session, long stepId, DateTime before, CancellationToken cancel) =>
        session.List<WordingTrial>(
            """
            select m.variant_id, exists (select from events e where e.workspace_id = m.workspace_id
                and e.enrollment_id = m.enrollment_id and e.message_id = m.id and e.kind = 'replied'
                and e.occurred_at <= m.sent_at + @window) as is_answered
            from messages m
            where m.workspace_id = @WorkspaceId and m.step_id = @stepId and m.state = 'sent'
                and m.sent_at <= @before
            order by m.sent_at, m.id limit @limit
            """,
            new
            {
                session.WorkspaceId, stepId, before, window = VariantComparison.AnswerWindow,
                limit = MaxTrials,
            },
            cancel);
}
