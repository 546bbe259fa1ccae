using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over pairs in doubt.</summary>
static class DuplicateStore
{
    /// <summary>Keeps the pairs; one that was decided before is not asked about again.</summary>
    public static Task<int> Insert(
        Session session, IReadOnlyList<DoubtfulPair> pairs, DateTime now, CancellationToken cancel) =>
        pairs.Count == 0 ? Task.FromResult(0) : session.Run(
            """
            insert into possible_duplicates (workspace_id, kind, first_id, second_id, reason, state, created_at)
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

    internal static string Word(DuplicateKind kind) => kind.ToString().ToLowerInvariant();
}
