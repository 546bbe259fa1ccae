using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>An attempt that the far side said yes to, in its words, and whose lead's log tells it.</summary>
sealed record AcceptedAttempt(
    long AttemptId, int ReplyCode, string Response, SendIntent Intent, long LeadId, string Actor);

/// <summary>All SQL over send attempts and captured mail.</summary>
static class AttemptStore
{
    /// <summary>
    /// The far side's yes to many attempts: attempt, intent, message, event and activity in one statement.
    /// Returns the attempts it was written for; one that is no longer open is left out. Every row is named by
    /// its key as well, so that no plan can go through a table in search of it.
    /// </summary>
    public static Rows<long> Accept(
        Batch batch, IReadOnlyList<AcceptedAttempt> accepted, DateTime now) =>
        batch.List<long>(
            """
            with told as (
                select * from unnest(@ids, @codes, @responses, @leads, @actors)
                    as t(id, code, response, lead_id, actor)),
            closed as (
                update send_attempts a
                    set state = 'accepted', stage = 'dot', reply_code = t.code, response = t.response,
                        finished_at = @now
                from told t
                where a.workspace_id = @WorkspaceId and a.id = any(@ids) and a.id = t.id
                  and a.state = 'submitting'
                returning a.id, a.intent_id, a.fence, t.response, t.lead_id, t.actor),
            settled as (
                update send_intents i
                    set state = 'accepted', reason = null, owner = null, lease_until = null, updated_at = @now
                from closed c
                where i.workspace_id = @WorkspaceId and i.id = any(@intents) and i.id = c.intent_id
                  and i.fence = c.fence and i.state = 'submitting'
                returning i.message_id, c.id as attempt_id, c.response, c.lead_id, c.actor),
            sent as (
                update messages m set state = 'sent', error = null, sent_at = @now
                from settled s
                where m.workspace_id = @WorkspaceId and m.id = any(@messages) and m.id = s.message_id
                returning m.id, m.enrollment_id, m.contact_id, s.response),
            logged as (
                insert into events (workspace_id, kind, campaign_id, enrollment_id, message_id, contact_id,
                    data, occurred_at)
                select @WorkspaceId, 'sent', e.campaign_id, e.id, s.id, s.contact_id,
                    jsonb_build_object('detail', 'Sent: ' || s.response), @now
                from sent s join enrollments e on e.workspace_id = @WorkspaceId
                    and e.id = any(@enrollments) and e.id = s.enrollment_id),
            shown as (
                insert into activity (workspace_id, lead_id, kind, actor, summary, occurred_at)
                select @WorkspaceId, lead_id, 'sent', actor, 'Sent: ' || response, @now from settled)
            select attempt_id from settled
            """,
            new
            {
                batch.WorkspaceId, ids = accepted.Select(one => one.AttemptId).ToArray(),
                codes = accepted.Select(one => one.ReplyCode).ToArray(),
                responses = accepted.Select(one => one.Response).ToArray(),
                intents = accepted.Select(one => one.Intent.Id).ToArray(),
                messages = accepted.Select(one => one.Intent.MessageId).ToArray(),
                enrollments = accepted.Select(one => one.Intent.EnrollmentId).Distinct().ToArray(),
                leads = accepted.Select(one => one.LeadId).ToArray(),
                actors = accepted.Select(one => one.Actor).ToArray(), now,
            });

    public static Task<int> Close(
        Session session, long id, string state, string? stage, int? replyCode, string? response, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update send_attempts
                set state = @state, stage = @stage, reply_code = @replyCode, response = @response,
                                     finished_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'submitting'
            """,
            new { session.WorkspaceId, id, state, stage, replyCode, response, now }, cancel);

    /// <summary>What stands for the message at its provider, in the commit before it is let go.</summary>
    public static Task<int> KeepDraft(
        Session session, long id, string draftId, CancellationToken cancel) =>
        session.Run(
            """
            update send_attempts set draft_id = @draftId where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, draftId }, cancel);

    /// <summary>The open attempt of a claim, if its commit went through after all.</summary>
    public static Task<long?> FindOpen(Session session, SendIntent intent, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            select id from send_attempts
            where workspace_id = @WorkspaceId and intent_id = @Id and fence = @Fence and state = 'submitting'
            """,
            new { session.WorkspaceId, intent.Id, intent.Fence }, cancel);

    /// <summary>
    /// The far side's yes to an attempt that was given up as uncertain meanwhile; 0 rows otherwise.
    /// </summary>
    public static Task<int> Confirm(
        Session session, long id, int replyCode, string response, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update send_attempts set state = 'accepted', reply_code = @replyCode, response = @response,
                                     finished_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'uncertain'
            """,
            new { session.WorkspaceId, id, replyCode, response, now }, cancel);

    /// <summary>
    /// What evidence says of an uncertain attempt: accepted, or absent; 0 rows when it is settled.
    /// </summary>
    public static Task<int> Decide(
        Session session, long id, string state, string words, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update send_attempts set state = @state, response = @words, finished_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'uncertain'
            """,
            new { session.WorkspaceId, id, state, words, now }, cancel);

    /// <summary>How often an intent's attempts were proved to have reached nobody.</summary>
    public static Task<int> CountAbsent(Session session, long intentId, CancellationToken cancel) =>
        session.One<int>(
            """
            select count(*)::int from send_attempts
            where workspace_id = @WorkspaceId and intent_id = @intentId and state = 'absent'
            """,
            new { session.WorkspaceId, intentId }, cancel);

    /// <summary>A failure before the body was through: recorded, counted against nothing.</summary>
    public static Task<int> RecordFailure(
        Session session, SendIntent intent, int node, string transport, string recipientDomain, string state,
        string? stage, int? replyCode, string? response, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into send_attempts (workspace_id, intent_id, fence, owner, mailbox_id, transport, state,
                recipient_domain, stage, reply_code, response, submitted_at, finished_at)
            values (@WorkspaceId, @Id, @Fence, @node, @MailboxId, @transport, @state,
                @recipientDomain, @stage, @replyCode, @response, @now, @now)
            """,
            new
            {
                session.WorkspaceId, intent.Id, intent.Fence, node, intent.MailboxId, transport, state,
                recipientDomain, stage, replyCode, response, now,
            },
            cancel);

    public static Task<int> KeepCaptured(
        Session session, long attemptId, long messageId, string envelopeFrom, string envelopeTo,
        byte[] content,
        DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into captured_mail (workspace_id, attempt_id, message_id, envelope_from, envelope_to,
                content,
                                       captured_at)
            values (@WorkspaceId, @attemptId, @messageId, @envelopeFrom, @envelopeTo, @content, @now)
            """,
            new { session.WorkspaceId, attemptId, messageId, envelopeFrom, envelopeTo, content, now },
            cancel);

    public static Task<int> CountDeferred(Session session, long intentId, CancellationToken cancel) =>
        session.One<int>(
            """
            select count(*)::int from send_attempts
            where workspace_id = @WorkspaceId and intent_id = @intentId and state = 'deferred'
              and stage not in ('connect', 'banner', 'ehlo', 'starttls', 'tls', 'auth')
            """,
            new { session.WorkspaceId, intentId }, cancel);
}
