using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over pace, breakers, spending and the record of calls.</summary>
static class OutboundStore
{
    /// <summary>Gives out the next slot of a lane; gaps are null where calls may come in bursts.</summary>
    public static Task<TimeSpan> ReserveSlot(
        Session session, string lane, int[] limits, TimeSpan[] periods, TimeSpan?[] gaps, TimeSpan longest,
        CancellationToken cancel) =>
        session.One<TimeSpan>(
            "select reserve_slot(@lane, @limits, @periods, @gaps, @longest)",
            new { lane, limits, periods, gaps, longest }, cancel);

    public static Task<int> HoldLane(Session session, string lane, TimeSpan rest, CancellationToken cancel) =>
        session.Run(
            """
            insert into provider_lanes (lane, held_until, used_at)
            values (@lane, clock_timestamp() + @rest, clock_timestamp())
            on conflict (lane) do update set used_at = excluded.used_at,
                held_until = greatest(provider_lanes.held_until, excluded.held_until)
            """,
            new { lane, rest }, cancel);

    /// <summary>
    /// Null = go; otherwise how long calls are refused. After the rest one caller is let through as a probe,
    /// and the others wait as long again.
    /// </summary>
    public static Task<TimeSpan?> Refusal(
        Session session, string provider, TimeSpan rest, CancellationToken cancel) =>
        session.Maybe<TimeSpan?>(
            """
            with probe as (
                update provider_breakers set probing_until = clock_timestamp() + @rest
                where provider = @provider and open_until <= clock_timestamp()
                  and coalesce(probing_until, open_until) <= clock_timestamp()
                returning provider)
            select case when open_until > clock_timestamp() then open_until - clock_timestamp()
                        else @rest end
            from provider_breakers
            where provider = @provider and open_until is not null and not exists (select from probe)
            """,
            new { provider, rest }, cancel);

    public static Task<int> Close(Session session, string provider, CancellationToken cancel) =>
        session.Run("delete from provider_breakers where provider = @provider", new { provider }, cancel);

    /// <summary>One failure more; enough of them, or a failed probe, open the circuit for longer.</summary>
    public static Task<int> Fail(
        Session session, string provider, int threshold, TimeSpan rest, int mostFactor,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into provider_breakers as b (provider, failures, open_until)
            values (@provider, 1, case when @threshold <= 1 then clock_timestamp() + @rest end)
            on conflict (provider) do update set failures = b.failures + 1, probing_until = null,
                rest_factor = case when b.open_until is null then 1
                                   else least(b.rest_factor * 2, @mostFactor) end,
                open_until = case
                    when b.open_until is not null
                        then clock_timestamp() + @rest * least(b.rest_factor * 2, @mostFactor)
                    when b.failures + 1 >= @threshold then clock_timestamp() + @rest end
            """,
            new { provider, threshold, rest, mostFactor }, cancel);

    public static Task<int> EndProbe(Session session, string provider, CancellationToken cancel) =>
        session.Run(
            "update provider_breakers set probing_until = null where provider = @provider",
            new { provider }, cancel);

    /// <summary>Services in trouble right now, with the end of their rest.</summary>
    public static Task<IReadOnlyList<(string Provider, DateTime OpenUntil)>> Open(
        Session session, CancellationToken cancel) =>
        session.List<(string, DateTime)>(
            "select provider, open_until from provider_breakers where open_until is not null", null, cancel);

    /// <summary>1 when the cost could be set aside, 0 when the cap of the integration forbids it.</summary>
    public static Task<int> Reserve(
        Session session, string provider, DateOnly day, decimal cost, decimal? cap,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into provider_spending as s (workspace_id, provider, spent_on, spent)
            select @WorkspaceId, @provider, @day, @cost where @cap::numeric is null or @cost <= @cap
            on conflict (workspace_id, provider, spent_on) do update set spent = s.spent + excluded.spent
                where @cap::numeric is null or s.spent + excluded.spent <= @cap
            """,
            new { session.WorkspaceId, provider, day, cost, cap }, cancel);

    public static Task<int> Settle(
        Session session, string provider, DateOnly day, decimal reserved, decimal real,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into provider_spending as s (workspace_id, provider, spent_on, spent)
            values (@WorkspaceId, @provider, @day, @real)
            on conflict (workspace_id, provider, spent_on)
            do update set spent = greatest(0, s.spent - @reserved + @real)
            """,
            new { session.WorkspaceId, provider, day, reserved, real }, cancel);

    public static Task<int> RecordCall(Session session, ProviderCall call, CancellationToken cancel) =>
        session.Run(
            """
            with noted as (
                insert into provider_calls (workspace_id, provider, operation, started_at, duration_ms,
                    attempt, http_code, outcome, cost, body_bytes)
                values (@WorkspaceId, @Provider, @Operation, @StartedAt, @DurationMs, @Attempt, @HttpCode,
                    @Outcome, @Cost, @BodyBytes))
            update integrations set
                last_success_at = case when @works then @StartedAt else last_success_at end,
                last_failure_at = case when @works then last_failure_at else @StartedAt end,
                last_failure = case when @works then last_failure else @Outcome end
            where workspace_id = @WorkspaceId and provider = @Provider
            """,
            new
            {
                session.WorkspaceId, call.Provider, call.Operation, call.StartedAt, call.DurationMs,
                call.Attempt, call.HttpCode, call.Outcome, call.Cost, call.BodyBytes,
                // Nobody found is an answer, not a trouble.
                works = call.Outcome is "ok" or "not_found" or "pending" or "blocked",
            },
            cancel);

    /// <summary>Removes lanes nobody uses and calls older than they are kept.</summary>
    public static Task<int> Sweep(
        Session session, DateTime now, TimeSpan keepCalls, TimeSpan keepLanes, CancellationToken cancel) =>
        session.Run(
            """
            with lanes as (delete from provider_lanes where used_at < clock_timestamp() - @keepLanes),
                 questions as (delete from provider_questions where expires_at < @now - @keepLanes)
            delete from provider_calls where started_at < @now - @keepCalls
            """,
            new { now, keepCalls, keepLanes }, cancel);
}
