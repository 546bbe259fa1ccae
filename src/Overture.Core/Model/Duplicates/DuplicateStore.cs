using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over pairs in doubt.</summary>
static class DuplicateStore
{
    // An undone import takes people away; a pair that lost one of its two is no question any more.
    const string Open =
        """
        from possible_duplicates d
        left join contacts c1 on d.kind = 'contact' and c1.workspace_id = d.workspace_id
            and c1.id = d.first_id
        left join contacts c2 on d.kind = 'contact' and c2.workspace_id = d.workspace_id
            and c2.id = d.second_id
        left join companies o1 on d.kind = 'company' and o1.workspace_id = d.workspace_id
            and o1.id = d.first_id
        left join companies o2 on d.kind = 'company' and o2.workspace_id = d.workspace_id
            and o2.id = d.second_id
        left join leads l1 on l1.workspace_id = d.workspace_id and l1.contact_id = c1.id
        left join leads l2 on l2.workspace_id = d.workspace_id and l2.contact_id = c2.id
        where d.workspace_id = @WorkspaceId and d.state = 'open'
          and coalesce(c1.id, o1.id) is not null and coalesce(c2.id, o2.id) is not null
        """;

    /// <summary>Keeps the pairs; one that was decided before is not asked about again.</summary>
    public static Task<int> Insert(
        Session session, IReadOnlyList<DoubtfulPair> pairs, DateTime now, CancellationToken cancel) =>
        pairs.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            insert into possible_duplicates (workspace_id, kind, first_id, second_id, reason, state,
                created_at)
            select @WorkspaceId, kind, first_id, second_id, reason, 'open', @now
            from unnest(@kinds, @firsts, @seconds, @reasons) given (kind, first_id, second_id, reason)
            where first_id <> second_id
            on conflict (workspace_id, kind, first_id, second_id) do nothing
            """,
            new
            {
                session.WorkspaceId, now, kinds = pairs.Column(pair => Word(pair.Kind)),
                firsts = pairs.Column(pair => pair.FirstId), seconds = pairs.Column(pair => pair.SecondId),
                reasons = pairs.Column(pair => pair.Reason),
            },
            cancel);

    public static Task<IReadOnlyList<DuplicateRow>> List(
        Session session, long? beforeId, int limit, CancellationToken cancel) =>
        session.List<DuplicateRow>(
            $"""
            select d.id, d.kind, d.first_id, d.second_id, d.reason, d.created_at,
                   coalesce(c1.full_name, o1.name) as first_name,
                       coalesce(c2.full_name, o2.name) as second_name,
                   coalesce(c1.email, c1.linkedin_url, o1.domain) as first_mark,
                   coalesce(c2.email, c2.linkedin_url, o2.domain) as second_mark,
                   l1.id as first_lead_id, l2.id as second_lead_id
            {Open} and (@beforeId::bigint is null or d.id < @beforeId)
            order by d.id desc limit @limit
            """,
            new { session.WorkspaceId, beforeId, limit }, cancel);

    public static Task<long> CountOpen(Session session, CancellationToken cancel) =>
        session.One<long>($"select count(*) {Open}", new { session.WorkspaceId }, cancel);

    public static Task<PossibleDuplicate?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<PossibleDuplicate>(
            """
            select id, kind, first_id, second_id, reason, state, created_at from possible_duplicates
            where workspace_id = @WorkspaceId and id = @id for update
            """,
            new { session.WorkspaceId, id }, cancel);

    public static Task<int> Decide(
        Session session, long id, DuplicateState state, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update possible_duplicates set state = @state, decided_by = @by, decided_at = @now
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = state.ToString().ToLowerInvariant(), by, now }, cancel);

    internal static string Word(DuplicateKind kind) => kind.ToString().ToLowerInvariant();
}
