using Overture.Core.Data;

namespace Overture.Core.Pipeline;

/// <summary>Read-only SQL over the people a launch would write to.</summary>
static class LaunchStore
{
    /// <summary>The addresses of these leads that have one.</summary>
    public static Task<IReadOnlyList<string>> Addresses(
        Session session, long[] leadIds, CancellationToken cancel) =>
        session.List<string>(
            """
            select c.email from leads l
            join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
            where l.workspace_id = @WorkspaceId and l.id = any(@leadIds) and c.email is not null
            """,
            new { session.WorkspaceId, leadIds }, cancel);

    /// <summary>Of these leads: without an address, and with a zone or a country of their own.</summary>
    public static Task<(long WithoutAddress, long Placed)> People(
        Session session, IReadOnlyList<long> leadIds, CancellationToken cancel) =>
        session.One<(long, long)>(
            """
            select count(*) filter (where c.email is null),
                count(*) filter (where c.time_zone is not null or c.country is not null
                    or co.country is not null)
            from leads l
            join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
            left join companies co on co.workspace_id = c.workspace_id and co.id = c.company_id
            where l.workspace_id = @WorkspaceId and l.id = any(@ids)
            """,
            new { session.WorkspaceId, ids = leadIds.ToArray() }, cancel);

    /// <summary>Enrollments that wait for their first message.</summary>
    public static Task<long> Unwritten(Session session, long campaignId, CancellationToken cancel) =>
        session.One<long>(
            """
            select count(*) from enrollments e
            where e.workspace_id = @WorkspaceId and e.campaign_id = @campaignId and e.state = 'active'
                and e.touches = 0
            """,
            new { session.WorkspaceId, campaignId }, cancel);

    /// <summary>How many people the campaign has taken in, in whatever state they are by now.</summary>
    public static Task<long> Enrolled(Session session, long campaignId, CancellationToken cancel) =>
        session.One<long>(
            """
            select count(*) from enrollments
            where workspace_id = @WorkspaceId and campaign_id = @campaignId
            """,
            new { session.WorkspaceId, campaignId }, cancel);

    /// <summary>Those who were sent something and are due more: the step they are at, and when.</summary>
    public static Task<IReadOnlyList<(long StepId, DateTime DueAt, long Count)>> UnderWay(
        Session session, long campaignId, CancellationToken cancel) =>
        session.List<(long, DateTime, long)>(
            """
            select coalesce(i.step_id, e.next_step_id), min(coalesce(i.due_at, e.due_at)), count(*)
            from enrollments e
            left join send_intents i on i.workspace_id = e.workspace_id and i.enrollment_id = e.id
                and i.state in ('planned', 'claimed')
            where e.workspace_id = @WorkspaceId and e.campaign_id = @campaignId and e.state = 'active'
                and e.touches > 0 and coalesce(i.step_id, e.next_step_id) is not null
                and coalesce(i.due_at, e.due_at) is not null
            group by 1, date_trunc('day', coalesce(i.due_at, e.due_at))
            """,
            new { session.WorkspaceId, campaignId }, cancel);

    public static Task<IReadOnlyList<(string Domain, DateTime CheckedAt, DateTime? FailingSince)>> Domains(
        Session session, IReadOnlyList<string> domains, CancellationToken cancel) =>
        session.List<(string, DateTime, DateTime?)>(
            """
            select domain, checked_at, failing_since from sender_domains
            where workspace_id = @WorkspaceId and domain = any(@domains)
            """,
            new { session.WorkspaceId, domains = domains.ToArray() }, cancel);
}
