using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Reports;

/// <summary>A task with the person and the campaign it is about.</summary>
public sealed record TaskRow
{
    public long Id { get; init; }
    public required string Kind { get; init; }
    public required string Title { get; init; }
    public string Body { get; init; } = "";
    public string? Link { get; init; }
    public TaskState State { get; init; }
    public DateOnly? DueOn { get; init; }
    public long? LeadId { get; init; }
    public long? MessageId { get; init; }
    public long? EnrollmentId { get; init; }
    public string? ContactName { get; init; }
    public string? CompanyName { get; init; }
    public long? CampaignId { get; init; }
    public string? CampaignName { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime? FinishedAt { get; init; }
    public string? FinishedBy { get; init; }
}

/// <summary>How many tasks there are of each sort.</summary>
public sealed record TaskCounts(long Due, long Later, long Done, long Dismissed);

/// <summary>Read-only SQL for the tasks page.</summary>
public sealed class TaskReport(Database database, TimeProvider time)
{
    /// <summary>
    /// Tasks of one sort: due (today or before, the oldest first), later, done or dismissed.
    /// </summary>
    public Task<IReadOnlyList<TaskRow>> List(
        long workspaceId, string sort, string? kind, long? afterId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<TaskRow>(
                """
                select t.id, t.kind, t.title, t.body, t.link, t.state, t.due_on, t.lead_id, t.message_id,
                    t.enrollment_id, p.full_name as contact_name, co.name as company_name,
                    c.id as campaign_id, c.name as campaign_name, t.created_at, t.finished_at, t.finished_by
                from tasks t
                left join leads l on l.workspace_id = t.workspace_id and l.id = t.lead_id
                left join contacts p on p.workspace_id = l.workspace_id and p.id = l.contact_id
                left join companies co on co.workspace_id = p.workspace_id and co.id = p.company_id
                left join enrollments e on e.workspace_id = t.workspace_id and e.id = t.enrollment_id
                left join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
                where t.workspace_id = @WorkspaceId
                  and case @sort when 'due' then t.state = 'open' and coalesce(t.due_on, @today) <= @today
                      when 'later' then t.state = 'open' and t.due_on > @today
                      else t.state = @sort end
                  and (@kind::text is null or t.kind = @kind)
                  and (@afterId::bigint is null or case when @sort in ('due', 'later') then t.id > @afterId
                      else t.id < @afterId end)
                order by case when @sort in ('due', 'later') then t.id else -t.id end limit @limit
                """,
                new
                {
                    session.WorkspaceId, sort, kind, afterId, today = Today(),
                    limit = Math.Clamp(limit, 1, PageSize.MostRows),
                },
                cancel),
            cancel);

    public Task<TaskCounts> Counts(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.One<TaskCounts>(
                """
                select count(*) filter (where state = 'open' and coalesce(due_on, @today) <= @today) as due,
                    count(*) filter (where state = 'open' and due_on > @today) as later,
                    count(*) filter (where state = 'done') as done,
                    count(*) filter (where state = 'dismissed') as dismissed
                from tasks where workspace_id = @WorkspaceId
                """,
                new { session.WorkspaceId, today = Today() }, cancel),
            cancel);

    DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
