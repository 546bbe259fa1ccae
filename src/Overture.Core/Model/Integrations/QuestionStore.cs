using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over questions.</summary>
static class QuestionStore
{
    /// <summary>Writes a question down; null when it stands there already.</summary>
    public static Task<long?> Insert(
        Session session, string provider, string operation, byte[] hash, string question, int owner,
        DateTime now, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            insert into provider_questions (workspace_id, provider, operation, question_hash, question, state,
                owner, asked_at)
            values (@WorkspaceId, @provider, @operation, @hash, @question::jsonb, 'asking', @owner, @now)
            on conflict (workspace_id, provider, operation, question_hash) do nothing
            returning id
            """,
            new { session.WorkspaceId, provider, operation, hash, question, owner, now }, cancel);

    /// <summary>The question that stands there, held until the session ends.</summary>
    public static Task<Question?> Hold(
        Session session, string provider, string operation, byte[] hash, DateTime now,
        CancellationToken cancel) =>
        session.Maybe<Question>(
            """
            select id, state, answer::text as answer, raw_record_id, answered_at,
                coalesce(node_is_alive(owner), false) as is_asker_alive,
                coalesce(expires_at <= @now, false) as is_expired
            from provider_questions
            where workspace_id = @WorkspaceId and provider = @provider and operation = @operation
              and question_hash = @hash
            for update
            """,
            new { session.WorkspaceId, provider, operation, hash, now }, cancel);

    /// <summary>Asks once more what was asked long ago.</summary>
    public static Task<int> AskAgain(
        Session session, long id, int owner, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update provider_questions set state = 'asking', owner = @owner, answer = null,
                raw_record_id = null, asked_at = @now, answered_at = null, expires_at = null
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, owner, now }, cancel);

    public static Task<int> Settle(
        Session session, long id, QuestionState state, string? answer, long? rawRecordId, DateTime now,
        DateTime? expiresAt, CancellationToken cancel) =>
        session.Run(
            """
            update provider_questions set state = @state, owner = null, answer = @answer::jsonb,
                raw_record_id = @rawRecordId, answered_at = @now, expires_at = @expiresAt
            where workspace_id = @WorkspaceId and id = @id
            """,
            new
            {
                session.WorkspaceId, id, state = state.ToString().ToLowerInvariant(), answer, rawRecordId,
                now, expiresAt,
            },
            cancel);

    /// <summary>Forgets a question that certainly cost nothing.</summary>
    public static Task<int> Delete(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from provider_questions where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>Lets a person decide that lost questions may be asked, and paid, again.</summary>
    public static Task<int> ForgetLost(Session session, string provider, CancellationToken cancel) =>
        session.Run(
            """
            delete from provider_questions
            where workspace_id = @WorkspaceId and provider = @provider and state = 'lost'
            """,
            new { session.WorkspaceId, provider }, cancel);
}
