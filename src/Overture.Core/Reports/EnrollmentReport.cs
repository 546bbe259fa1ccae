using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Reports;

/// <summary>One contact in a campaign as a line.</summary>
public sealed record EnrollmentRow
{
    public long Id { get; init; }
    public long CampaignId { get; init; }
    public string CampaignName { get; init; } = "";
    public long LeadId { get; init; }
    public string ContactName { get; init; } = "";
    public string? CompanyName { get; init; }
    public EnrollmentState State { get; init; }
    public string? FinishReason { get; init; }
    public int Position { get; init; }
    public StepKind? StepKind { get; init; }
    public int Touches { get; init; }
    public DateTime? DueAt { get; init; }
    public string? BlockedReason { get; init; }
    public string? PausedReason { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? FinishedAt { get; init; }

    /// <summary>What its next step waits for: a send, an approval, a task, an answer, or its time.</summary>
    public string? WaitsFor { get; init; }
}

/// <summary>How many enrollments are in one state, or ended for one reason.</summary>
public sealed record EnrollmentCount(string State, long Count);

/// <summary>Read-only SQL over the contacts in a campaign.</summary>
public sealed class EnrollmentReport(Database database)
{
    const string Rows =
        """
        select e.id, e.campaign_id, c.name as campaign_name, e.lead_id, p.full_name as contact_name,
            co.name as company_name, e.state, e.finish_reason, coalesce(st.position, 0) as position,
            st.kind as step_kind, e.touches, e.due_at, e.blocked_reason, e.paused_reason, e.created_at,
            e.finished_at,
            case when e.state = 'finished' then null
                when e.blocked_reason is not null then 'correction'
                when e.waits_since is not null then 'answer'
                when e.due_at is not null then 'time'
                when exists (select from tasks t where t.workspace_id = e.workspace_id
                    and t.enrollment_id = e.id and t.state = 'open'
                        and t.step_id = e.next_step_id) then 'task'
                when exists (select from messages m where m.workspace_id = e.workspace_id
                    and m.enrollment_id = e.id and m.state = 'draft') then 'approval'
                else 'send' end as waits_for
        from enrollments e
        join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
        join contacts p on p.workspace_id = e.workspace_id and p.id = e.contact_id
        left join companies co on co.workspace_id = p.workspace_id and co.id = p.company_id
        left join steps st on st.workspace_id = e.workspace_id and st.id = e.next_step_id
        where e.workspace_id = @WorkspaceId
        """;

    /// <summary>
    /// Those in one state (active, paused, finished, or the reason why they ended), the newest first.
    /// </summary>
    public Task<IReadOnlyList<EnrollmentRow>> List(
        long workspaceId, long? campaignId, long? leadId, string? state, long? beforeId, int limit,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<EnrollmentRow>(
                $"""
                {Rows}
                  and (@campaignId::bigint is null or e.campaign_id = @campaignId)
                  and (@leadId::bigint is null or e.lead_id = @leadId)
                  and (@state::text is null or e.state = @state or e.finish_reason = @state)
                  and (@beforeId::bigint is null or e.id < @beforeId)
                order by e.id desc limit @limit
                """,
                new
                {
                    session.WorkspaceId, campaignId, leadId, state, beforeId,
                    limit = Math.Clamp(limit, 1, PageSize.MostRows),
                },
                cancel),
            cancel);

    public Task<EnrollmentRow> Of(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await session.Maybe<EnrollmentRow>(
                $"{Rows} and e.id = @id", new { session.WorkspaceId, id }, cancel)
                ?? throw RuleBroken.NotFound("enrollment", id),
            cancel);

    /// <summary>The board: active, paused, and each reason for which some have ended.</summary>
    public Task<IReadOnlyList<EnrollmentCount>> Board(
        long workspaceId, long campaignId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<EnrollmentCount>(
                """
                select coalesce(finish_reason, state) as state, count(*) as count from enrollments
                where workspace_id = @WorkspaceId and campaign_id = @campaignId
                group by 1 order by 1
                """,
                new { session.WorkspaceId, campaignId }, cancel),
            cancel);
}
