using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over integrations.</summary>
static class IntegrationStore
{
    /// <summary>Every connected service, in its order, with what today has cost.</summary>
    public static Task<IReadOnlyList<Integration>> List(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<Integration>(
            """
            select i.provider, i.is_enabled, i.position, i.daily_budget, i.connected_by, i.connected_at,
                i.last_success_at, i.last_failure_at, i.last_failure, coalesce(s.spent, 0) as spent_today,
                (select count(*)::integer from provider_calls c
                 where c.workspace_id = i.workspace_id and c.provider = i.provider
                   and c.started_at >= date_trunc('day', @now, 'UTC')) as calls_today
            from integrations i
            left join provider_spending s on s.workspace_id = i.workspace_id and s.provider = i.provider
                and s.spent_on = (@now at time zone 'UTC')::date
            where i.workspace_id = @WorkspaceId
            order by i.position, i.provider
            """,
            new { session.WorkspaceId, now }, cancel);

    public static Task<byte[]?> Credential(Session session, string provider, CancellationToken cancel) =>
        session.Maybe<byte[]>(
            "select credential from integrations where workspace_id = @WorkspaceId and provider = @provider",
            new { session.WorkspaceId, provider }, cancel);

    /// <summary>Connects, or replaces the credential and the budget of what is connected.</summary>
    public static Task<int> Put(
        Session session, string provider, byte[] credential, decimal? dailyBudget, string by, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into integrations (workspace_id, provider, credential, position, daily_budget, connected_by,
                connected_at, updated_at)
            values (@WorkspaceId, @provider, @credential, (select coalesce(max(position), 0) + 1
                from integrations where workspace_id = @WorkspaceId), @dailyBudget, @by, @now, @now)
            on conflict (workspace_id, provider) do update set credential = excluded.credential,
                daily_budget = excluded.daily_budget, is_enabled = true, connected_by = excluded.connected_by,
                connected_at = excluded.connected_at, updated_at = excluded.updated_at,
                last_failure_at = null, last_failure = null
            """,
            new { session.WorkspaceId, provider, credential, dailyBudget, by, now }, cancel);

    public static Task<int> Change(
        Session session, string provider, bool isEnabled, decimal? dailyBudget, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update integrations set is_enabled = @isEnabled, daily_budget = @dailyBudget, updated_at = @now
            where workspace_id = @WorkspaceId and provider = @provider
            """,
            new { session.WorkspaceId, provider, isEnabled, dailyBudget, now }, cancel);

    public static Task<int> Delete(Session session, string provider, CancellationToken cancel) =>
        session.Run(
            "delete from integrations where workspace_id = @WorkspaceId and provider = @provider",
            new { session.WorkspaceId, provider }, cancel);

    public static Task<IReadOnlyList<ProviderCall>> Calls(
        Session session, string? provider, long? beforeId, int limit, CancellationToken cancel) =>
        session.List<ProviderCall>(
            """
            select id, provider, operation, started_at, duration_ms, attempt, http_code, outcome, cost,
                body_bytes
            from provider_calls
            where workspace_id = @WorkspaceId and (@provider::text is null or provider = @provider)
              and (@beforeId::bigint is null or id < @beforeId)
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, provider, beforeId, limit }, cancel);

    /// <summary>How many questions of each provider stand in which state.</summary>
    public static Task<IReadOnlyList<(string Provider, string State, long Count)>> Questions(
        Session session, CancellationToken cancel) =>
        session.List<(string, string, long)>(
            """
            select provider, state, count(*) from provider_questions where workspace_id = @WorkspaceId
            group by provider, state
            """,
            new { session.WorkspaceId }, cancel);
}
