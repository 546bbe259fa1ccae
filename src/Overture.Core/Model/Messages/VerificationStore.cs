using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the search for uncertain messages, and its evidence.</summary>
static class VerificationStore
{
    const string Columns =
        """
        workspace_id, attempt_id, intent_id, mailbox_id, search_count, first_search_at,
        (select a.draft_id from send_attempts a where a.workspace_id = verifications.workspace_id
            and a.id = verifications.attempt_id) as draft_id
        """;

    public static Task<int> Begin(
        Session session, long attemptId, long intentId, long mailboxId, DateTime lookAt,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into verifications (workspace_id, attempt_id, intent_id, mailbox_id, next_search_at)
            values (@WorkspaceId, @attemptId, @intentId, @mailboxId, @lookAt) on conflict do nothing
            """,
            new { session.WorkspaceId, attemptId, intentId, mailboxId, lookAt }, cancel);

    /// <summary>
    /// Takes what is due for a look, in any workspace; it is due again if nobody comes back.
    /// </summary>
    public static Task<IReadOnlyList<Verification>> ClaimDue(
        Session session, DateTime now, DateTime again, int limit, CancellationToken cancel) =>
        session.List<Verification>(
            $"""
            update verifications set next_search_at = @again
            where (workspace_id, attempt_id) in (
                select workspace_id, attempt_id from verifications where next_search_at <= @now
                order by next_search_at limit @limit for update skip locked)
            returning {Columns}
            """,
            new { now, again, limit }, cancel);

    public static Task<Verification?> Hold(Session session, long attemptId, CancellationToken cancel) =>
        session.Maybe<Verification>(
            $"""
            select {Columns} from verifications
            where workspace_id = @WorkspaceId and attempt_id = @attemptId for update
            """,
            new { session.WorkspaceId, attemptId }, cancel);

    /// <summary>A look that could see: it counts.</summary>
    public static Task<int> Count(
        Session session, long attemptId, DateTime now, DateTime lookAt, CancellationToken cancel) =>
        session.Run(
            """
            update verifications set search_count = search_count + 1, next_search_at = @lookAt,
                first_search_at = coalesce(first_search_at, @now)
            where workspace_id = @WorkspaceId and attempt_id = @attemptId
            """,
            new { session.WorkspaceId, attemptId, now, lookAt }, cancel);

    public static Task<int> End(Session session, long intentId, CancellationToken cancel) =>
        session.Run(
            "delete from verifications where workspace_id = @WorkspaceId and intent_id = @intentId",
            new { session.WorkspaceId, intentId }, cancel);

    public static Task<int> Add(
        Session session, long intentId, long attemptId, SendEvidence seen, CancellationToken cancel) =>
        session.Run(
            """
            insert into send_evidence (workspace_id, intent_id, attempt_id, source, looked_at, looked_for,
                result, detail, seen_at)
            values (@WorkspaceId, @intentId, @attemptId, @source, @LookedAt, @LookedFor, @result, @Detail,
                @SeenAt)
            """,
            new
            {
                session.WorkspaceId, intentId, attemptId, source = Word(seen.Source), seen.LookedAt,
                seen.LookedFor, result = Word(seen.Result), seen.Detail, seen.SeenAt,
            },
            cancel);

    public static Task<IReadOnlyList<SendEvidence>> Evidence(
        Session session, long messageId, CancellationToken cancel) =>
        session.List<SendEvidence>(
            """
            select v.id, replace(v.source, '_', '') as source, v.looked_at, v.looked_for, v.result, v.detail,
                v.seen_at
            from send_evidence v
            join send_intents i on i.workspace_id = v.workspace_id and i.id = v.intent_id
            where v.workspace_id = @WorkspaceId and i.message_id = @messageId order by v.id
            """,
            new { session.WorkspaceId, messageId }, cancel);

    /// <summary>
    /// Messages of a mailbox that were certainly taken not long ago: a Sent folder that shows none of them
    /// says nothing about any other.
    /// </summary>
    public static Task<IReadOnlyList<(string MessageId, string ReferenceToken)>> KnownAccepted(
        Session session, long mailboxId, DateTime from, DateTime until, int limit,
        CancellationToken cancel) =>
        session.List<(string, string)>(
            """
            select m.message_id, m.reference_token from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            join messages m on m.workspace_id = i.workspace_id and m.id = i.message_id
            where a.workspace_id = @WorkspaceId and a.mailbox_id = @mailboxId and a.state = 'accepted'
              and a.submitted_at between @from and @until and a.reply_code is not null
            order by a.submitted_at desc limit @limit
            """,
            new { session.WorkspaceId, mailboxId, from, until, limit }, cancel);

    /// <summary>The uncertain attempt of a message and its intent, held.</summary>
    public static Task<(long IntentId, long AttemptId)?> HoldUncertain(
        Session session, long messageId, CancellationToken cancel) =>
        session.Maybe<(long, long)?>(
            """
            select i.id, a.id from send_intents i
            join send_attempts a on a.workspace_id = i.workspace_id and a.intent_id = i.id
                and a.state = 'uncertain'
            where i.workspace_id = @WorkspaceId and i.message_id = @messageId and i.state = 'uncertain'
            for update of i
            """,
            new { session.WorkspaceId, messageId }, cancel);

    /// <summary>Uncertain messages of a workspace, newest first.</summary>
    public static Task<IReadOnlyList<UncertainMessage>> Open(
        Session session, int limit, CancellationToken cancel) =>
        session.List<UncertainMessage>(
            """
            select m.id, m.to_address, m.subject, i.reason, i.updated_at as since,
                exists (select from verifications v
                        where v.workspace_id = i.workspace_id and v.intent_id = i.id) as is_searched_for
            from send_intents i
            join messages m on m.workspace_id = i.workspace_id and m.id = i.message_id
            where i.workspace_id = @WorkspaceId and i.state = 'uncertain' order by m.id desc limit @limit
            """,
            new { session.WorkspaceId, limit }, cancel);

    static string Word(Enum word) => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString());
}
