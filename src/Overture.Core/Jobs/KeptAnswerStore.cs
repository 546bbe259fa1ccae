using Overture.Core.Data;

namespace Overture.Core.Jobs;

/// <summary>All SQL over kept answers.</summary>
static class KeptAnswerStore
{
    const string This = "workspace_id = @WorkspaceId and caller = @caller and key_hash = @keyHash";

    /// <summary>
    /// False while there is an answer, or a living node is at it. The asking node has nothing else running
    /// under this key, so a row of its own was left behind.
    /// </summary>
    public static async Task<bool> Claim(
        Session session, string caller, byte[] keyHash, int node, DateTime now, DateTime forgotten,
        CancellationToken cancel) =>
        await session.Run(
            """
            insert into kept_answers as kept (workspace_id, caller, key_hash, owner, begun_at)
            values (@WorkspaceId, @caller, @keyHash, @node, @now)
            on conflict (workspace_id, caller, key_hash) do update
                set owner = @node, begun_at = @now, answered_at = null, request_hash = null, code = null,
                    content_type = null, location = null, body = null
                where case when kept.answered_at is null
                    then kept.owner = @node or not node_is_alive(kept.owner)
                    else kept.begun_at < @forgotten end
            """,
            new { session.WorkspaceId, caller, keyHash, node, now, forgotten }, cancel) == 1;

    public static Task<KeptAnswer?> Find(
        Session session, string caller, byte[] keyHash, CancellationToken cancel) =>
        session.Maybe<KeptAnswer>(
            $"""
            select answered_at, request_hash, code, content_type, location, body from kept_answers
            where {This} and answered_at is not null
            """,
            new { session.WorkspaceId, caller, keyHash }, cancel);

    /// <summary>0 when another node has taken over.</summary>
    public static Task<int> Keep(
        Session session, string caller, byte[] keyHash, int node, KeptAnswer answer,
        CancellationToken cancel) =>
        session.Run(
            $"""
            update kept_answers
            set owner = null, answered_at = @AnsweredAt, request_hash = @RequestHash, code = @Code,
                content_type = @ContentType, location = @Location, body = @Body
            where {This} and owner = @node
            """,
            new
            {
                session.WorkspaceId, caller, keyHash, node, answer.AnsweredAt, answer.RequestHash,
                answer.Code, answer.ContentType, answer.Location, answer.Body,
            },
            cancel);

    public static Task<int> GiveBack(
        Session session, string caller, byte[] keyHash, int node, CancellationToken cancel) =>
        session.Run(
            $"delete from kept_answers where {This} and owner = @node",
            new { session.WorkspaceId, caller, keyHash, node }, cancel);

    public static Task<int> Forget(
        Session session, DateTime before, int atOnce, CancellationToken cancel) =>
        session.Run(
            """
            delete from kept_answers where ctid in
                (select ctid from kept_answers
                 where begun_at < @before and (answered_at is not null or not node_is_alive(owner))
                 limit @atOnce for update skip locked)
            """,
            new { before, atOnce }, cancel);
}
