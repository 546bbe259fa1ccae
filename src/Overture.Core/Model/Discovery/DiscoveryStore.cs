using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over discoveries and their proposals.</summary>
static class DiscoveryStore
{
    const string Columns =
        """
        id, name, rules, sources, most_per_run, every_days, due_at, last_run_at, estimate::text as estimate,
        created_by, created_at
        """;

    const string ProposalColumns =
        """
        id, discovery_id, source, external_id, found::text as found, is_masked, fit, state, raw_record_id,
        lead_id, note, found_at
        """;

    public static Task<IReadOnlyList<Discovery>> List(Session session, CancellationToken cancel) =>
        session.List<Discovery>(
            $"select {Columns} from discoveries where workspace_id = @WorkspaceId order by id limit 200",
            new { session.WorkspaceId }, cancel);

    public static Task<Discovery?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Discovery>(
            $"select {Columns} from discoveries where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<long?> Insert(
        Session session, DiscoveryDraft draft, string by, DateTime now, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            insert into discoveries (workspace_id, name, rules, sources, most_per_run, every_days, due_at,
                created_by, created_at, updated_at)
            values (@WorkspaceId, @Name, @Rules, @sources, @MostPerRun, @EveryDays,
                case when @EveryDays::integer is null then null else @now end, @by, @now, @now)
            on conflict (workspace_id, name) do nothing
            returning id
            """,
            Values(session, draft, by, now, 0), cancel);

    public static Task<int> Update(
        Session session, long id, DiscoveryDraft draft, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update discoveries set name = @Name, rules = @Rules, sources = @sources,
                most_per_run = @MostPerRun, every_days = @EveryDays, updated_at = @now,
                due_at = case when @EveryDays::integer is null then null else coalesce(due_at, @now) end
            where workspace_id = @WorkspaceId and id = @id
            """,
            Values(session, draft, "", now, id), cancel);

    public static Task<int> Delete(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from discoveries where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<int> PutEstimate(
        Session session, long id, string estimate, CancellationToken cancel) =>
        session.Run(
            """
            update discoveries set estimate = @estimate::jsonb where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, estimate }, cancel);

    public static Task<int> MarkRun(Session session, long id, DateTime now, CancellationToken cancel) =>
        session.Run(
            "update discoveries set last_run_at = @now where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id, now }, cancel);

    /// <summary>What is due in any workspace, each moved to its next day in the same breath.</summary>
    public static Task<IReadOnlyList<(long WorkspaceId, long Id)>> TakeDue(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<(long, long)>(
            """
            update discoveries set due_at = @now + make_interval(days => every_days) where due_at <= @now
            returning workspace_id, id
            """,
            new { now }, cancel);

    /// <summary>0 when the source proposed the same before, whatever became of it.</summary>
    public static Task<int> Propose(
        Session session, long discoveryId, string source, string externalId, string found, bool isMasked,
        int? fit, long? rawRecordId, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into proposals (workspace_id, discovery_id, source, external_id, found, is_masked, fit,
                state, raw_record_id, found_at)
            values (@WorkspaceId, @discoveryId, @source, @externalId, @found::jsonb, @isMasked, @fit,
                'proposed', @rawRecordId, @now)
            on conflict (workspace_id, source, external_id) do nothing
            """,
            new
            {
                session.WorkspaceId, discoveryId, source, externalId, found, isMasked, fit, rawRecordId, now,
            },
            cancel);

    public static Task<IReadOnlyList<Proposal>> Proposals(
        Session session, long discoveryId, string? state, int limit, CancellationToken cancel) =>
        session.List<Proposal>(
            $"""
            select {ProposalColumns} from proposals
            where workspace_id = @WorkspaceId and discovery_id = @discoveryId
              and (@state::text is null or state = @state)
            order by fit desc nulls last, id limit @limit
            """,
            new { session.WorkspaceId, discoveryId, state, limit }, cancel);

    /// <summary>The next approved proposal after another; each is tried once per run.</summary>
    public static Task<Proposal?> NextApproved(
        Session session, long discoveryId, long afterId, CancellationToken cancel) =>
        session.Maybe<Proposal>(
            $"""
            select {ProposalColumns} from proposals
            where workspace_id = @WorkspaceId and discovery_id = @discoveryId and state = 'approved'
              and id > @afterId
            order by id limit 1
            """,
            new { session.WorkspaceId, discoveryId, afterId }, cancel);

    public static async Task<IReadOnlyDictionary<string, long>> CountByState(
        Session session, long discoveryId, CancellationToken cancel) =>
        (await session.List<(string State, long Count)>(
            """
            select state, count(*) from proposals
            where workspace_id = @WorkspaceId and discovery_id = @discoveryId group by state
            """,
            new { session.WorkspaceId, discoveryId }, cancel)).ToDictionary(row => row.State, row => row.Count);

    /// <summary>Approves or dismisses proposals; all of them when none are named.</summary>
    public static Task<int> Decide(
        Session session, long discoveryId, long[]? ids, ProposalState state, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update proposals set state = @state, decided_at = @now
            where workspace_id = @WorkspaceId and discovery_id = @discoveryId and state = 'proposed'
              and (@ids::bigint[] is null or id = any(@ids))
            """,
            new { session.WorkspaceId, discoveryId, ids, state = Word(state), now }, cancel);

    public static Task<int> Settle(
        Session session, long id, ProposalState state, long? leadId, string? note, CancellationToken cancel) =>
        session.Run(
            """
            update proposals set state = @state, lead_id = @leadId, note = @note
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = Word(state), leadId, note }, cancel);

    static object Values(Session session, DiscoveryDraft draft, string by, DateTime now, long id) => new
    {
        session.WorkspaceId, id, draft.Name, draft.Rules, sources = draft.Sources.ToArray(), draft.MostPerRun,
        draft.EveryDays, by, now,
    };

    static string Word(ProposalState state) => state.ToString().ToLowerInvariant();
}
