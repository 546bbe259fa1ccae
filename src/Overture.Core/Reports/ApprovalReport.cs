using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Reports;

/// <summary>One message before the eyes of whoever approves it.</summary>
public sealed record ApprovalRow
{
    public long Id { get; init; }
    public long CampaignId { get; init; }
    public string CampaignName { get; init; } = "";
    public long StepId { get; init; }
    public int Position { get; init; }
    public string VariantName { get; init; } = "";
    public long LeadId { get; init; }
    public string ContactName { get; init; } = "";
    public string? CompanyName { get; init; }
    public string? ContactTitle { get; init; }
    public decimal? Score { get; init; }
    public string? ToAddress { get; init; }
    public string Subject { get; init; } = "";
    public string Body { get; init; } = "";
    public DateTime ComposedAt { get; init; }
    public DateTime? ExpiresAt { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTime? ApprovedAt { get; init; }

    /// <summary>What an approval of this text names.</summary>
    public string Hash => Approvals.HashOf(ToAddress, Subject, Body);
}

/// <summary>How many messages of one step wait.</summary>
public sealed record ApprovalGroup(
    long CampaignId, string CampaignName, long StepId, int Position, long Count, long UpToId);

/// <summary>Read-only SQL for the approvals page.</summary>
public sealed class ApprovalReport(Database database)
{
    const string Rows =
        """
        select m.id, e.campaign_id, c.name as campaign_name, m.step_id, coalesce(st.position, 0) as position,
            v.name as variant_name, e.lead_id, p.full_name as contact_name, co.name as company_name,
            p.title as contact_title, l.score, m.to_address, m.subject, m.body, m.composed_at, m.expires_at,
            m.approved_by, m.approved_at
        from messages m
        join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
        join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
        join contacts p on p.workspace_id = m.workspace_id and p.id = m.contact_id
        left join companies co on co.workspace_id = p.workspace_id and co.id = p.company_id
        join leads l on l.workspace_id = e.workspace_id and l.id = e.lead_id
        join steps st on st.workspace_id = m.workspace_id and st.id = m.step_id
        join variants v on v.workspace_id = m.workspace_id and v.id = m.variant_id
        where m.workspace_id = @WorkspaceId and m.channel = 'email'
        """;

    /// <summary>What waits, the oldest first.</summary>
    public Task<IReadOnlyList<ApprovalRow>> Waiting(
        long workspaceId, long? campaignId, long? stepId, long? afterId, int limit,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<ApprovalRow>(
                $"""
                {Rows} and m.awaits_approval and e.state <> 'finished'
                  and (@campaignId::bigint is null or e.campaign_id = @campaignId)
                  and (@stepId::bigint is null or m.step_id = @stepId)
                  and (@afterId::bigint is null or m.id > @afterId)
                order by m.id limit @limit
                """,
                new
                {
                    session.WorkspaceId, campaignId, stepId, afterId,
                    limit = Math.Clamp(limit, 1, PageSize.MostRows),
                },
                cancel),
            cancel);

    /// <summary>What was approved and can still be taken back.</summary>
    public Task<IReadOnlyList<ApprovalRow>> Approved(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<ApprovalRow>(
                $"{Rows} and m.is_approved order by m.approved_at desc, m.id limit {PageSize.Most}",
                new { session.WorkspaceId }, cancel),
            cancel);

    public Task<ApprovalRow> Of(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await session.Maybe<ApprovalRow>(
                $"{Rows} and m.id = @id", new { session.WorkspaceId, id }, cancel)
                ?? throw RuleBroken.NotFound("message", id),
            cancel);

    public Task<IReadOnlyList<ApprovalGroup>> Groups(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<ApprovalGroup>(
                """
                select e.campaign_id, c.name as campaign_name, m.step_id,
                    coalesce(st.position, 0) as position, count(*) as count, max(m.id) as up_to_id
                from messages m
                join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
                join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
                join steps st on st.workspace_id = m.workspace_id and st.id = m.step_id
                where m.workspace_id = @WorkspaceId and m.awaits_approval
                    and e.state <> 'finished'
                group by e.campaign_id, c.name, m.step_id, st.position order by e.campaign_id, st.position
                """,
                new { session.WorkspaceId }, cancel),
            cancel);
}
